// What is written and chosen in the composer becomes its draft.

import { composerForm, growToText, newKey } from "./composer_form.js";
import { textDraft } from "./drafts.js";
import { withOptions, withScript } from "./lazy_scripts.js";

// A key belongs to one text. Once it was sent, a changed question is another question.
document.addEventListener("input", (event) => {
  const form = composerForm();
  if (!form?.contains(event.target)) return;
  const { name } = event.target;
  if (form.elements.key.value === textDraft.read(form)?.sent) form.elements.key.value = newKey();
  if (name === "text") growToText(event.target);
  else if (name === "model" || name.startsWith("o.")) withOptions(form, (script) => script.changed(form));
  textDraft.write(form, form.elements.text.value ? { text: form.elements.text.value } : null);
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-option-off]");
  if (chip) withOptions(composerForm(), (script) => script.takeOff(composerForm(), chip.dataset.optionOff), chip);
  const presets = event.target.closest("[data-presets-script]");
  if (presets) withScript(presets.dataset.presetsScript, () => {}, presets);
});

// An example is written into the box, and sent by whoever likes it.
document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (!example) return;
  const area = composerForm().elements.text;
  area.value = example.textContent.trim();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});
