// The composer's options. app.js fetches this once somebody has to do with them: it keeps a draft of what is set, takes
// single options off, and marks the fields that the server finds wrong.

const panel = () => document.getElementById("options-panel");
const fields = () => document.getElementById("options-fields");
const controls = (form) => [...form.elements].filter((control) => control.name.startsWith("o."));
const draftName = (form) => `options:${form.dataset.draft}`;

const set = (control, value) => {
  if (control.type === "radio") control.checked = control.value === value;
  else control.value = value;
};

// Everything is kept, the empty fields too: a draft also says what was taken off.
function current(form) {
  const options = {};
  for (const control of controls(form)) {
    if (control.type !== "radio" || control.checked) options[control.name] = control.value;
  }
  return { model: form.elements.model.value, options };
}

function keep(form) {
  try {
    localStorage.setItem(draftName(form), JSON.stringify(current(form)));
  } catch {
    // A browser that stores nothing still asks questions.
  }
}

let restoring = null; // the form whose draft is on its way; nothing else takes the draft's place until it is there

// Whoever changes an option, or the model on which they depend, finds both again after a reload.
export function changed(form) {
  if (restoring !== form) keep(form);
}

// Bring back what was kept: the server says which of it the model takes. A composer that came back from the server with
// everything that was set needs nothing.
export async function restore(form) {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(draftName(form)));
  } catch {
    // What cannot be read is no draft.
  }
  if (!draft?.options || !fields() || JSON.stringify(draft) === JSON.stringify(current(form))) return;
  const early = controls(form).filter(isEdited).map(({ name, value }) => [name, value]);
  const models = [...form.querySelectorAll("[name=model]")];
  const model = models.find((radio) => radio.value === draft.model && !radio.disabled);
  if (model && !models.some(isEdited)) {
    model.checked = true;
    form.querySelector("[data-chosen]").textContent = model.dataset.label;
  }
  const values = { ...draft.options, ...Object.fromEntries(early), model: form.elements.model.value };
  const before = fields();
  const source = form.querySelector("[data-brings-options]");
  restoring = form;
  // Where it fails, htmx says so by its events, and app.js to whoever looks.
  await window.htmx.ajax("POST", form.dataset.options, { source, target: before, swap: "outerHTML", values }).catch(() => {});
  restoring = null;
  if (form.isConnected && fields() !== before) keep(form);
}

// Whether somebody set it since the server wrote the page, and before this script came.
function isEdited(control) {
  if (control.type === "radio") return control.checked && !control.defaultChecked;
  if (control.options) return !([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).selected;
  return control.value !== control.defaultValue;
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

// A check that would see the same as the one before says nothing new. So they do not pile up where the server is slow.
const posted = ({ requestConfig }) => JSON.stringify([...requestConfig.formData]);
let answered = ""; // what the last check saw, unless the options have come anew since then
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel() && posted(event.detail) === answered) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const isCheck = detail.target === panel();
  if (!isCheck && detail.target.id !== "options-fields") return;
  answered = isCheck && detail.successful ? posted(detail) : "";
  mark();
});

// A schema that was put in order does not take the place of what was typed since it was sent.
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.matches("textarea[name^='o.']")) detail.requestConfig.sent = detail.target.value;
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { sent } = detail.requestConfig;
  if (sent !== undefined && detail.target.value !== sent) detail.shouldSwap = false;
});
