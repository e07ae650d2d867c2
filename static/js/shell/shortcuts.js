// Keys that work everywhere: Escape closes what is open or leaves the box, Ctrl+K opens the command palette, and single keys do what the
// list of shortcuts says. What they do is fetched with the first of them.

import { withScript } from "../composer/lazy_scripts.js";
import { byId } from "../shared/dom.js";
import { stored } from "../shared/storage.js";
import { setDrawer, showSidebar } from "./drawer.js";
import { closeInnermostMenu } from "./menus.js";

const ELSEWHERE = "input, textarea, select, [contenteditable], dialog, [popover], [data-menu][open]";

export const withShell = (use, pressed) => {
  const { shell } = document.body.dataset;
  if (shell) withScript(shell, use, pressed);
};

// What the key would be on a Latin keyboard, where it has a letter of another script.
function latinKey({ key, code, shiftKey }) {
  const letter = key.length === 1 && key > "\u007f" && /^Key([A-Z])$/.exec(code)?.[1];
  if (!letter) return key;
  return shiftKey ? letter : letter.toLowerCase();
}

const OPENS_WITHIN = 3000; // milliseconds, in which the palette is fetched
let openingUntil = 0;
let typedAhead = "";

function openPalette(pressed) {
  openingUntil = performance.now() + OPENS_WITHIN;
  typedAhead = "";
  withShell((shell) => shell.palette(takeTyped), pressed);
}

function takeTyped() {
  openingUntil = 0;
  return typedAhead;
}

// Who goes on typing before the palette is there means it, and neither the box that has the focus nor a shortcut.
function typeAhead(event) {
  const { key } = event;
  if (performance.now() > openingUntil || event.ctrlKey || event.metaKey) return;
  if (key.length > 1 && key !== "Enter") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  typedAhead += key === "Enter" ? "\n" : key;
}
document.addEventListener("keydown", typeAhead, true);

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const key = latinKey(event);
  if (key === "Escape") {
    if (document.querySelector("dialog[open]")) return; // the browser closes it, wherever the focus is
    if (closeInnermostMenu()) return;
    const isDrawer = byId("sidebar")?.matches(".open");
    setDrawer(false);
    const isStopping = document.querySelector("[data-stops] .stop"); // whoever stops an answer may go on typing
    if (!isDrawer && !isStopping && !event.isComposing && target.matches("#question, #search")) target.blur();
    return;
  }
  if (event.altKey || event.isComposing) return;
  if (event.metaKey || event.ctrlKey) {
    if (key.toLowerCase() !== "k" || event.shiftKey || !byId("open-palette")) return;
    event.preventDefault();
    openPalette(document.body);
  } else if (/^[a-z/?]$/i.test(key) && !target.closest(ELSEWHERE) && stored("single-keys") !== false) {
    event.preventDefault(); // or a key that leads to a text box would be typed there
    if (key === "/") goToSearch();
    else withShell((shell) => shell.key(key));
  }
});

function goToSearch() {
  if (!byId("search")) return;
  showSidebar();
  byId("search").focus();
  byId("search").select();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("#open-palette, #open-shortcuts");
  if (!opener || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  setDrawer(false);
  closeInnermostMenu();
  if (opener.id === "open-palette") openPalette(opener);
  else withShell((shell) => shell.key("?"), opener);
});
