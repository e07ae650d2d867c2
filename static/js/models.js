// The list of models: fetched once for a page, and shown beside the button of whoever chooses.

import { chooseModel } from "./composer/chosen_model.js";
import { startFiltering, stopFiltering } from "./models/model_filter.js";
import { makeCurrent } from "./models/model_keys.js";
import { markFavourites } from "./models/favourites.js";
import { placePicker } from "./models/model_place.js";
import { byId } from "./shared/dom.js";

let picker = null;
let pickedOn = ""; // the address of the page for which it was fetched
let openMenu = null; // the disclosure in which it is shown

export async function showModels(menu) {
  openMenu = menu;
  if (!picker || pickedOn !== location.pathname) await fetchPicker();
  if (!picker || !menu.open || openMenu !== menu) {
    if (!picker) menu.open = false; // whoever pressed it has been told, and may press it again
    return;
  }
  const chosen = markChosen(menu); // before its buttons belong to the form
  menu.append(picker);
  markFavourites(picker);
  picker.showPopover();
  placePicker(picker, menu.querySelector("summary"));
  makeCurrent(picker, chosen);
  chosen?.scrollIntoView({ block: "nearest" });
  chosen?.focus({ preventScroll: true });
}

async function fetchPicker() {
  const { address, style } = byId("models").dataset;
  const holder = document.createElement("div");
  document.body.append(holder);
  await Promise.all([
    withStyle(style),
    // Where it fails, htmx says so by its events, which request_errors.js hears.
    window.htmx.ajax("GET", address, { target: holder, swap: "innerHTML" }).catch(() => {}),
  ]);
  const fetched = holder.querySelector(".model-picker");
  holder.remove();
  if (!fetched) return;
  picker = fetched;
  pickedOn = location.pathname;
  picker.addEventListener("click", onClick);
  for (const type of ["focusin", "pointerover"]) picker.addEventListener(type, tellDetail);
  startFiltering(picker);
}

function withStyle(address) {
  if (document.querySelector(`link[href="${CSS.escape(address)}"]`)) return null;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  const loaded = new Promise((done) => {
    link.onload = done;
    link.onerror = done;
  });
  document.head.append(link);
  return loaded;
}

const isAskingAgain = (menu) => menu.id !== "models";
const askAgainButton = (menu) => menu.closest("form").querySelector(":scope > [name=model]");

// Marks what is asked now, and returns where the keyboard begins: there, or at the first choice.
function markChosen(menu) {
  const value = isAskingAgain(menu) ? askAgainButton(menu).value : menu.closest("form").elements.model.value;
  const choices = [...picker.querySelectorAll(".model-choice")];
  for (const choice of choices) {
    choice.toggleAttribute("aria-current", choice.value === value);
    if (choice.value === value) choice.setAttribute("aria-current", "true");
    choice.type = isAskingAgain(menu) ? "submit" : "button";
    choice.name = isAskingAgain(menu) ? "model" : "";
  }
  const chosen = choices.find((choice) => choice.value === value);
  showAll(Boolean(chosen && !chosen.matches(".intent")));
  return chosen ?? choices[0];
}

function showAll(isShown) {
  const button = picker.querySelector("[data-all-models]");
  if (!button) return;
  button.setAttribute("aria-expanded", String(isShown));
  picker.querySelector("#all-models").hidden = !isShown;
}

function onClick(event) {
  const all = event.target.closest("[data-all-models]");
  if (all) {
    showAll(all.getAttribute("aria-expanded") !== "true");
    placePicker(picker, openMenu.querySelector("summary"));
    if (all.getAttribute("aria-expanded") === "true") all.scrollIntoView({ block: "start" });
    return;
  }
  const choice = event.target.closest(".model-choice");
  if (!choice) return;
  if (isAskingAgain(openMenu)) {
    setTimeout(() => (openMenu.open = false)); // when it is sent
    return;
  }
  const menu = openMenu;
  const intent = picker.querySelector(`.intent[value="${CSS.escape(choice.value)}"]`); // says more of the same model
  chooseModel(menu.closest("form"), intent ?? choice);
  menu.open = false;
  const isTouched = matchMedia("(pointer: coarse)").matches;
  const question = event.detail > 0 && !isTouched ? byId("question") : null; // a space's settings ask nothing
  const next = question ?? menu.querySelector("summary");
  next.focus({ preventScroll: true });
}

// What a model is for and how its price comes about, of the one that somebody looks at.
function tellDetail(event) {
  const choice = event.target.closest(".model-choice");
  if (choice?.title) picker.querySelector("[data-detail]").textContent = choice.title;
}

document.addEventListener(
  "toggle",
  ({ target: menu }) => {
    if (menu.open || !picker || !menu.contains?.(picker) || !menu.matches("[data-models]")) return;
    if (picker.matches(":popover-open")) picker.hidePopover();
    stopFiltering(picker);
  },
  true,
);

// What came with a preset took the place of the list, too.
document.addEventListener("htmx:afterSwap", () => {
  if (openMenu?.isConnected && openMenu.open && picker && !picker.isConnected) showModels(openMenu);
});

for (const type of ["scroll", "resize"]) {
  window.addEventListener(
    type,
    (event) => {
      if (!picker?.isConnected || !picker.matches(":popover-open") || picker.contains(event.target)) return;
      placePicker(picker, openMenu.querySelector("summary"));
    },
    { capture: true, passive: true },
  );
}
