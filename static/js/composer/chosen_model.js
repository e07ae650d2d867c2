// The model that the composer asks: what its button says, and what its form sends.

// `choice` is a button whose value is the model's id, and whose attributes say the rest.
export const chooseModel = (form, choice) => chooseShown(form, { id: choice.value, ...choice.dataset });

// Chooses a model of which is known what `shownModel` tells.
export function chooseShown(form, model) {
  showModel(form, model);
  const field = form.elements.model;
  field.dataset.isEdited = "";
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}

export function shownModel(form) {
  const { value, dataset } = form.elements.model;
  const [label, intent] = ["chosen", "intent"].map((part) => form.querySelector(`[data-${part}]`).textContent);
  return { ...dataset, id: value, label, intent };
}

export function showModel(form, { id, label, intent = "", refusesImage, refusesFile }) {
  const field = form.elements.model;
  field.value = id;
  form.querySelector("[data-chosen]").textContent = label;
  form.querySelector("[data-intent]").textContent = intent;
  for (const [kind, sentence] of Object.entries({ image: refusesImage, file: refusesFile })) {
    field.toggleAttribute(`data-refuses-${kind}`, Boolean(sentence));
    if (sentence) field.setAttribute(`data-refuses-${kind}`, sentence);
  }
}
