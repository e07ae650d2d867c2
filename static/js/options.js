// The composer's options. app.js fetches this once somebody has to do with them: it keeps a draft of what is set, takes
// single options off, and marks the fields that the server finds wrong.

const panel = () => document.getElementById("options-panel");
const controls = (form) => [...form.elements].filter((control) => control.name.startsWith("o."));
const draftName = (form) => `options:${form.dataset.draft}`;

const set = (control, value) => {
  if (control.type === "radio") control.checked = control.value === value;
  else control.value = value;
};

// Everything is kept, the empty fields too: a draft also says what was taken off.
function keep(form) {
  const options = {};
  for (const control of controls(form)) {
    if (control.type !== "radio" || control.checked) options[control.name] = control.value;
  }
  try {
    localStorage.setItem(draftName(form), JSON.stringify({ model: form.elements.model.value, options }));
  } catch {
    // A browser that stores nothing still asks questions.
  }
}

// Whoever changes an option, or the model on which they depend, finds both again after a reload.
export function changed(form) {
  keep(form);
}

// Bring back what was kept: the server says which of it the model takes.
export function restore(form) {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(draftName(form)));
  } catch {
    // What cannot be read is no draft.
  }
  if (!draft?.options || !panel()) return;
  const model = [...form.querySelectorAll("[name=model]")].find((radio) => radio.value === draft.model && !radio.disabled);
  if (model) {
    model.checked = true;
    form.querySelector("[data-chosen]").textContent = model.dataset.label;
  }
  const values = { ...draft.options, model: form.elements.model.value };
  window.htmx.ajax("POST", form.dataset.options, { source: panel(), target: panel(), swap: "outerHTML", values });
}

// Take one option off, as if its field had been emptied by hand.
export function takeOff(form, path) {
  const own = controls(form).filter((control) => control.name === `o.${path}`);
  for (const control of own) set(control, "");
  const button = form.querySelector(`[data-option-off="${CSS.escape(path)}"]`);
  const chip = button?.closest("li");
  const beside = chip?.nextElementSibling ?? chip?.previousElementSibling;
  (beside?.querySelector("button") ?? form.elements.text).focus({ preventScroll: true });
  chip?.remove();
  own[0]?.dispatchEvent(new Event("input", { bubbles: true }));
}

// A field is wrong as long as the server says so in the place below it.
function mark() {
  for (const place of panel()?.querySelectorAll(".field-error") ?? []) {
    const wrong = place.childElementCount > 0;
    for (const control of place.closest(".option").querySelectorAll("input:not([type=radio]), select, textarea")) {
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

// The chips are drawn anew when something changes, and only then: a press on one of them must not come to nothing.
// Whoever was at one stays there.
let focused = "";
const bare = (element) => element?.innerHTML.replace(/\s+/g, " ").trim();
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id !== "option-chips") return;
  if (bare(target) === bare(fragment.querySelector("#option-chips"))) event.detail.shouldSwap = false;
  focused = document.activeElement?.dataset?.optionOff ?? "";
});
document.addEventListener("htmx:oobAfterSwap", () => {
  if (focused) document.querySelector(`[data-option-off="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  focused = "";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === panel() || event.detail.target === panel()) mark();
});
