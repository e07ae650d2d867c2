// Presets in the composer. app.js fetches this once somebody has to do with them: it opens the dialog that the server
// sends, and has the draft follow when a preset brings other options.

const byId = (id) => document.getElementById(id);

function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

function arrived(element) {
  if (element.id === "preset-dialog") show(element);
  if (element.id !== "options-panel") return;
  const form = byId("composer");
  import(form.dataset.optionsScript).then((script) => script.changed(form));
}

document.addEventListener("htmx:load", (event) => arrived(event.detail.elt));
document.addEventListener("preset-kept", () => byId("preset-dialog")?.close());

const early = byId("preset-dialog"); // it may have come before this script
if (early && !early.open) show(early);
