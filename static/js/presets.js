// Presets in the composer, fetched once somebody has to do with them: opens the dialog that the server sends, and has
// the draft follow when a preset brings other options.

import { byId } from "./shared/dom.js";

function showDialog(dialog) {
  if (dialog.open) return; // it had come before this script, and htmx tells of it only now
  dialog.addEventListener("close", () => dialog.remove());
  if (document.querySelector("#preset-dialog[open]")) dialog.remove(); // the button was pressed twice at once
  else dialog.showModal();
}

function arrived(element) {
  if (element.id === "preset-dialog") showDialog(element);
  if (element.id !== "options-fields") return;
  const form = byId("composer");
  import(form.dataset.optionsScript).then((script) => script.changed(form), () => {});
}

// What was chosen has come, so its menu closes, and the keyboard stays at it unless somebody has gone on.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const menu = detail.requestConfig.elt.closest(".presets-menu");
  if (!menu?.open || detail.target.id !== "options-fields") return;
  const active = document.activeElement;
  menu.open = false;
  if (active === document.body || menu.contains(active)) menu.querySelector("summary").focus({ preventScroll: true });
});

// Requests of the options go one after another, so a second press waits until the first one's dialog is there.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest(".presets-keep") && event.detail.target === document.body && byId("preset-dialog")) {
    event.preventDefault();
  }
});

// The list is fetched anew whenever it opens. Once one of it is chosen, it stays: htmx sends nothing for what is gone.
document.addEventListener("click", (event) => {
  const menu = event.target.closest(".presets-menu .menu-list button")?.closest(".presets-menu");
  if (menu) window.htmx.trigger(menu.querySelector("summary"), "htmx:abort");
});

document.addEventListener("htmx:load", (event) => arrived(event.detail.elt));
document.addEventListener("preset-kept", () => byId("preset-dialog")?.close());

const early = byId("preset-dialog"); // it may have come before this script
if (early) showDialog(early);
