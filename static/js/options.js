// The composer's options, fetched once somebody has to do with them: keeps a draft of what is set, and takes single
// options off.

import "./options/option_checks.js";
import "./options/option_chips.js";
import "./options/schema_text.js";
import { showModel } from "./composer/chosen_model.js";
import { composerForm } from "./composer/composer_form.js";
import { controlsIn, isEdited, optionFields, setControl, settingsOf } from "./options/option_fields.js";
import { stored } from "./shared/storage.js";

const draftName = (form) => `options:${form.dataset.draft}`;
const keepDraft = (form) => stored(draftName(form), settingsOf(form));
let restoring = null; // the form whose draft is on its way; nothing else takes the draft's place until it is there

// Whoever changes an option, or the model on which they depend, finds both again after a reload.
export function changed(form) {
  if (restoring !== form) keepDraft(form);
}

// Brings back what was kept: the server says which of it the model takes. A composer that came back from the server
// with everything that was set needs nothing.
export async function restore(form) {
  const draft = stored(draftName(form));
  const fields = optionFields();
  if (!draft?.options || !fields || JSON.stringify(draft) === JSON.stringify(settingsOf(form))) return;
  const early = controlsIn(form).filter(isEdited); // before this script came
  const values = { ...draft.options, ...Object.fromEntries(early.map(({ name, value }) => [name, value])) };
  const { model } = form.elements;
  values.model = model.value;
  // The server says whether it is still there, and why another one stands in where it is not.
  if (!isChosen(model) && draft.model !== model.value) values.remembered = draft.model;
  const source = form.querySelector("[data-brings-options]");
  const request = { source, target: fields, swap: "outerHTML", values };
  restoring = form;
  // Where it fails, htmx says so by its events, which request_errors.js hears.
  await window.htmx.ajax("POST", form.dataset.options, request).catch(() => {});
  restoring = null;
  if (form.isConnected && optionFields() !== fields) keepDraft(form);
}

// Whether somebody chose it since the server wrote the page.
const isChosen = (model) => "isEdited" in model.dataset;

// The model of the draft, unless another one was chosen while it was on its way.
document.addEventListener("model-remembered", ({ detail }) => {
  const form = composerForm();
  if (form && !isChosen(form.elements.model)) showModel(form, detail);
});

// Takes one option off, as if its field had been emptied by hand.
export function takeOff(form, path) {
  const own = controlsIn(form).filter((control) => control.name === `o.${path}`);
  for (const control of own) setControl(control, "");
  const button = form.querySelector(`[data-option-off="${CSS.escape(path)}"]`);
  const chip = button?.closest("li");
  const beside = chip?.nextElementSibling ?? chip?.previousElementSibling;
  (beside?.querySelector("button") ?? form.elements.text).focus({ preventScroll: true });
  chip?.remove();
  own[0]?.dispatchEvent(new Event("input", { bubbles: true }));
}
