// Finds a model among many by what it is called, by its maker, or by its id.

import { visibleChoices } from "./model_keys.js";

export function startFiltering(picker) {
  const filter = picker.querySelector("[data-filter-models]");
  filter.addEventListener("input", () => filterBy(picker, filter.value));
  filter.addEventListener("change", (event) => event.stopPropagation()); // no model was chosen by it
}

export function stopFiltering(picker) {
  picker.querySelector("[data-filter-models]").value = "";
  filterBy(picker, "");
}

function filterBy(picker, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const isFiltering = words.length > 0;
  const all = picker.querySelector("#all-models");
  const button = picker.querySelector("[data-all-models]");
  all.hidden = !isFiltering && button?.getAttribute("aria-expanded") === "false";
  // What stands among all models, too, is found there.
  for (const part of picker.querySelectorAll("[data-shortcuts], .discontinued")) part.hidden = isFiltering;
  if (button) button.hidden = isFiltering;
  filterList(picker.querySelector("[data-intents]"), words, "");
  for (const list of all.querySelectorAll(":scope > ul")) {
    const heading = list.previousElementSibling;
    heading.hidden = !filterList(list, words, heading.textContent);
  }
  for (const choice of picker.querySelectorAll(".is-first")) choice.classList.remove("is-first");
  const first = visibleChoices(picker)[0];
  if (isFiltering) first?.classList.add("is-first");
  picker.querySelector("[data-no-models]").hidden = !isFiltering || Boolean(first);
}

// Whether anything is left in the list.
function filterList(list, words, heading) {
  let isAny = false;
  for (const entry of list?.children ?? []) {
    const { textContent, value } = entry.querySelector(".model-choice");
    const text = `${heading} ${textContent} ${value}`.toLowerCase();
    entry.hidden = !words.every((word) => text.includes(word));
    if (!entry.hidden) isAny = true;
  }
  if (list) list.hidden = !isAny;
  return isAny;
}
