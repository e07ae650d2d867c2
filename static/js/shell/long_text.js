// Instructions while they are written: how long they are, whether they are saved, and a draft until they are. It names
// the version that was changed, so that whoever comes back to it later still overwrites nobody.

import { growToText } from "../composer/composer_form.js";
import { writtenNumber } from "../shared/numbers.js";
import { stored } from "../shared/storage.js";

const isUnsaved = (area) => area.value.trim() !== area.defaultValue.trim() || area.hasAttribute("aria-invalid");

function showState(area) {
  const { form } = area;
  const length = [...area.value.trim()].length; // as the server counts
  const count = form.querySelector("[data-count]");
  count.textContent = writtenNumber(length);
  count.parentElement.classList.toggle("wrong", length > Number(area.dataset.longest));
  form.querySelector("[data-saved]").hidden = isUnsaved(area);
  form.querySelector("[data-unsaved]").hidden = !isUnsaved(area);
  growToText(area);
}

document.addEventListener("input", ({ target: area }) => {
  if (!area.matches("textarea[data-longest]")) return;
  const { seen } = area.form.elements;
  stored(area.dataset.draft, isUnsaved(area) ? { text: area.value, seen: seen.value } : null);
  showState(area);
});

for (const area of document.querySelectorAll("textarea[data-longest]")) {
  const draft = stored(area.dataset.draft);
  if (draft && !area.hasAttribute("aria-invalid")) {
    area.value = draft.text;
    if (isUnsaved(area)) area.form.elements.seen.value = draft.seen;
    else stored(area.dataset.draft, null); // it was saved
  }
  showState(area);
}
