// The fields of the composer's options, and what is set in them.

import { byId } from "../shared/dom.js";

export const optionsPanel = () => byId("options-panel");
export const optionFields = () => byId("options-fields"); // an element that comes anew with another model
export const controlsIn = (form) => [...form.elements].filter((control) => control.name.startsWith("o."));

export function setControl(control, value) {
  if (control.type === "radio") control.checked = control.value === value;
  else control.value = value;
}

// What is set, the empty fields too: so a draft also says what was taken off.
export function settingsOf(form) {
  const options = {};
  for (const control of controlsIn(form)) {
    if (control.type !== "radio" || control.checked) options[control.name] = control.value;
  }
  return { model: form.elements.model.value, options };
}

// Whether somebody set it since the server wrote the page.
export function isEdited(control) {
  if (control.type === "radio") return control.checked && !control.defaultChecked;
  if (!control.options) return control.value !== control.defaultValue;
  const initial = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
  return !initial.selected;
}
