// A question that is edited where it stands. What was typed is kept in the browser until it was asked or given up.

import { growToText } from "../composer/composer_form.js";
import { allIn } from "../shared/dom.js";
import { isSendKey } from "../shared/send_key.js";
import { stored } from "../shared/storage.js";

const editForm = (element) => element.closest("[data-edits]");
const editDraft = (form) => `edit:${form.dataset.edits}`;

function prepareEdit(form) {
  const { text } = form.elements;
  const typed = stored(editDraft(form));
  if (typed && !form.querySelector(".composer-problem p")) text.value = typed;
  growToText(text);
  text.setSelectionRange(text.value.length, text.value.length);
}

document.addEventListener("htmx:load", ({ detail }) => allIn(detail.elt, "[data-edits]").forEach(prepareEdit));
document.querySelectorAll("[data-edits]").forEach(prepareEdit);

document.addEventListener("input", ({ target }) => {
  const form = target.name === "text" && editForm(target);
  if (!form) return;
  stored(editDraft(form), target.value === target.defaultValue ? null : target.value);
  growToText(target);
});

document.addEventListener("htmx:afterOnLoad", ({ target, detail }) => {
  if (target.matches("[data-edits]") && detail.xhr.status < 300) stored(editDraft(target), null);
});

// Gives the place below the question back, and the focus to what opened it.
function closeSlot(slot) {
  slot.replaceChildren();
  slot.closest(".exchange").querySelector(".question-tools a").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const slot = event.target.closest("[data-cancels]")?.closest(".edit-slot");
  if (!slot) return;
  event.preventDefault();
  const form = slot.querySelector("[data-edits]");
  if (form) stored(editDraft(form), null);
  closeSlot(slot);
});

document.addEventListener("keydown", (event) => {
  const slot = event.target.closest(".edit-slot");
  if (!slot || event.isComposing) return;
  if (event.key === "Escape") closeSlot(slot); // what was typed is still there when it is opened again
  else if (event.target.matches("textarea") && isSendKey(event)) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  }
});
