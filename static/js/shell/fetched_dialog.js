// Dialogs of the frame, which the server sends when somebody opens them first, and their style.

import { byId } from "../shared/dom.js";

let style = null;

// Resolves once the style is there; where it cannot be had, all still works.
export function shellStyle() {
  style ??= new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = document.body.dataset.shellStyle;
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return style;
}

// The dialog with this id, from the page or from the address; null where it cannot be had, of which
// request_errors.js tells.
export async function fetchedDialog(id, address) {
  if (!byId(id)) {
    const request = { source: document.body, target: document.body, swap: "beforeend" };
    await Promise.all([shellStyle(), window.htmx.ajax("GET", address, request).catch(() => {})]);
  }
  return byId(id);
}

// One that comes as what a link asked for opens at once, and is gone when it is closed.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (!elt.matches?.("dialog[data-opens]") || elt.open) return;
  for (const other of document.querySelectorAll("dialog[data-opens][open]")) other.close(); // pressed twice at once
  elt.addEventListener("close", () => elt.remove());
  elt.showModal();
});

document.addEventListener("click", ({ target }) => {
  if (target.matches("dialog:is(#palette, #shortcuts)")) target.close(); // its backdrop
  else target.closest("[data-close-dialog]")?.closest("dialog").close();
});
