// Options come anew when another model or a preset was chosen. What somebody set while that answer was on its way is
// set in it again, as if it had been set a moment later: model and options alike.

import { chooseShown, shownModel } from "./chosen_model.js";

const isSetting = (name) => name === "model" || name.startsWith("o.");
const settings = (form) => new Map([...new FormData(form)].filter(([name]) => isSetting(name)));
const bringsOptions = (event) => event.detail.target?.id === "options-fields";

let form = null; // whose options they are: the composer, or the settings of a space
let settingsBefore = new Map(); // what was set when the options were asked for
let modelBefore = null; // what was shown of the model when they came
let edits = []; // names and values that were set since then
let focusedField = null; // the field without an id that had the focus; htmx looks after those that have one

document.addEventListener("htmx:beforeRequest", (event) => {
  if (bringsOptions(event)) settingsBefore = settings(event.detail.target.closest("form"));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!bringsOptions(event)) return;
  form = event.detail.target.closest("form");
  edits = [...settings(form)].filter(([name, value]) => settingsBefore.get(name) !== value);
  modelBefore = shownModel(form);
  const active = document.activeElement;
  focusedField = event.detail.target.contains(active) && active.name && !active.id ? active : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!bringsOptions(event)) return;
  for (const [name, value] of edits.splice(0)) {
    if (name !== "model") setAgain(name, value);
    else if (form.elements.model.value !== value) chooseShown(form, modelBefore);
  }
  if (!focusedField) return;
  const { name, value } = focusedField;
  fieldsNamed(name).find((field) => field.value === value)?.focus({ preventScroll: true });
  focusedField = null;
});

const fieldsNamed = (name) => [...form.elements].filter((field) => field.name === name);

// What the model does not take has no field, or no such choice, any more.
function setAgain(name, value) {
  const fields = fieldsNamed(name);
  const radios = fields.some(({ type }) => type === "radio");
  const field = radios ? fields.find((radio) => radio.value === value && !radio.disabled) : fields[0];
  if (!field || (radios ? field.checked : field.value === value)) return;
  if (field.options && ![...field.options].some((option) => option.value === value)) return;
  if (radios) field.checked = true;
  else field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}
