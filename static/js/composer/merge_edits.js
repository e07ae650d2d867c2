// Options come anew when another model or a preset was chosen. What somebody set while that answer was on its way is
// set in it again, as if it had been set a moment later: model and options alike.

const settings = (form) => new Map([...new FormData(form)].filter(([name]) => name === "model" || name.startsWith("o.")));
const bringsOptions = (event) => event.detail.target?.id === "options-fields";
const composerForm = () => document.querySelector("form#composer");

let before = new Map(); // what was set when the options were asked for
let edits = []; // names and values that were set since then
let focused = null; // the field without an id that had the focus; htmx looks after those that have one

document.addEventListener("htmx:beforeRequest", (event) => {
  if (bringsOptions(event)) before = settings(composerForm());
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!bringsOptions(event)) return;
  edits = [...settings(composerForm())].filter(([name, value]) => before.get(name) !== value);
  const active = document.activeElement;
  focused = event.detail.target.contains(active) && active.name && !active.id ? active : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!bringsOptions(event)) return;
  for (const [name, value] of edits.splice(0)) set(name, value);
  if (focused) fieldsNamed(focused.name).find(({ value }) => value === focused.value)?.focus({ preventScroll: true });
  focused = null;
});

const fieldsNamed = (name) => [...composerForm().elements].filter((field) => field.name === name);

// What the model does not take has no field, or no such choice, any more.
function set(name, value) {
  const fields = fieldsNamed(name);
  const radios = fields.some(({ type }) => type === "radio");
  const field = radios ? fields.find((radio) => radio.value === value && !radio.disabled) : fields[0];
  if (!field || (radios ? field.checked : field.value === value)) return;
  if (field.options && ![...field.options].some((option) => option.value === value)) return;
  if (radios) field.checked = true;
  else field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}
