// Keys that work everywhere: Escape closes what is open, / and Ctrl+K lead to the search.

import { byId } from "../shared/dom.js";
import { setDrawer, showSidebar } from "./drawer.js";
import { closeInnermostMenu } from "./menus.js";

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (document.querySelector("dialog[open]")) return; // the browser closes it, wherever the focus is
    if (!closeInnermostMenu()) setDrawer(false);
    return;
  }
  const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
  const isWanted = (event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !isTyping);
  if (!isWanted || event.altKey || !byId("search")) return;
  event.preventDefault();
  showSidebar();
  byId("search").focus();
  byId("search").select();
});
