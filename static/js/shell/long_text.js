// A text of several paragraphs with a limit: how long it is while it is written, and whether it is saved.

import { growToText } from "../composer/composer_form.js";
import { pageRoot } from "../shared/dom.js";

const isUnsaved = (area) => area.value !== area.defaultValue || area.hasAttribute("aria-invalid");

document.addEventListener("input", ({ target: area }) => {
  if (!area.matches("textarea[data-longest]")) return;
  const { form } = area;
  const length = [...area.value.trim()].length; // as the server counts
  const count = form.querySelector("[data-count]");
  count.textContent = length.toLocaleString(pageRoot.lang);
  count.parentElement.classList.toggle("wrong", length > Number(area.dataset.longest));
  form.querySelector("[data-saved]").hidden = isUnsaved(area);
  form.querySelector("[data-unsaved]").hidden = !isUnsaved(area);
  growToText(area);
});

// Leaving the page must not lose what was written; saving it leaves the page too.
let sent = null;
addEventListener("submit", (event) => (sent = event.target));
addEventListener("pageshow", () => (sent = null));
addEventListener("beforeunload", (event) => {
  const areas = [...document.querySelectorAll("textarea[data-longest]")];
  if (areas.some((area) => area.form !== sent && isUnsaved(area))) event.preventDefault();
});
