// The command palette: what is typed brings its entries from the server, arrows choose one, Enter takes it.

import { byId } from "../shared/dom.js";
import { fetchedDialog } from "./fetched_dialog.js";
import { openShortcuts } from "./shortcut_list.js";

let asked = ""; // the words whose entries are on their way
let shown = ""; // those whose entries are there
let takesFirst = false; // whoever pressed Enter before they were there

const options = () => [...byId("palette-list").querySelectorAll("[role=option]:not([hidden])")];

// Opens it with what was typed meanwhile, or closes it. The first entry is taken at once where Enter was pressed, too.
export async function showPalette(takeTyped) {
  const isNew = !byId("palette");
  const dialog = await fetchedDialog("palette", document.body.dataset.palette);
  if (!dialog) return;
  const typed = takeTyped();
  if (dialog.open) {
    dialog.close();
    return;
  }
  const input = byId("palette-input");
  takesFirst = false;
  input.value = asked = shown = "";
  if (isNew) listen(dialog, input);
  prepare();
  dialog.showModal();
  input.focus();
  if (typed.trim()) {
    input.value = typed.replaceAll("\n", "");
    takesFirst = typed.endsWith("\n");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (isNew || typed.trim()) return;
  const request = { source: input, target: "#palette-list" };
  window.htmx.ajax("GET", `${document.body.dataset.palette}?q=`, request).catch(() => {});
}

function listen(dialog, input) {
  input.addEventListener("keydown", (event) => chooseByKey(event, input));
  input.addEventListener("htmx:beforeRequest", () => (asked = input.value));
  byId("palette-list").addEventListener("htmx:afterSwap", () => {
    shown = asked;
    prepare();
    if (takesFirst && shown === input.value) options()[0]?.click();
  });
  dialog.addEventListener("htmx:sendError", () => (takesFirst = false));
  dialog.addEventListener("htmx:responseError", () => (takesFirst = false));
  dialog.addEventListener("pointermove", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option && option.ariaSelected !== "true") select(option);
  });
  dialog.addEventListener("click", (event) => take(event, dialog));
  dialog.addEventListener("submit", () => (dialog.querySelector("[name=next]").value = location.pathname + location.search));
}

// Entries for a control that this page has not are left out, and the first one is chosen.
function prepare() {
  for (const entry of byId("palette-list").querySelectorAll("[data-press]")) {
    entry.hidden = !document.querySelector(entry.dataset.press);
  }
  for (const group of byId("palette-list").querySelectorAll("[role=group]")) {
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  byId("palette-list").scrollTop = 0;
  select(options()[0]);
}

function select(chosen) {
  for (const option of options()) option.ariaSelected = String(option === chosen);
  byId("palette-input").setAttribute("aria-activedescendant", chosen?.id ?? "");
}

function chooseByKey(event, input) {
  if (event.isComposing || event.keyCode === 229) return;
  const all = options();
  const at = all.findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    const isEnd = Math.abs(step) > 1; // stops there; single steps go round
    const next = isEnd ? Math.max(0, Math.min(all.length - 1, at + step)) : (at + step + all.length) % all.length;
    select(all[next]);
    all[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (shown !== input.value) takesFirst = true;
    else all[at]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
  }
}

function take(event, dialog) {
  const option = event.target.closest("[role=option]");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  dialog.close();
  const isList = option.getAttribute("href") === document.body.dataset.shortcuts;
  if (isList) event.preventDefault();
  if (isList) openShortcuts();
  // The focus has gone back to where it was, and menus close when it does.
  else if (option.dataset.press) setTimeout(() => press(document.querySelector(option.dataset.press)));
}

function press(control) {
  control.focus();
  control.click();
}
