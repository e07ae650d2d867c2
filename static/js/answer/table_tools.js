// What can be done with a table of an answer: copy it, and once the answer has ended, load it down as CSV.

import { allIn, byId } from "../shared/dom.js";

const ANSWERS_OWN = '[data-place="blocks"] .table';

export function addTableTools(root) {
  const tools = byId("table-tools")?.content;
  for (const frame of tools ? allIn(root, ANSWERS_OWN) : []) {
    if (frame.parentElement.matches(".table-box")) continue;
    const box = document.createElement("div");
    box.className = "table-box";
    frame.replaceWith(box);
    box.append(tools.cloneNode(true), frame);
  }
}

// The server writes the file, by the same rule as every other for spreadsheets. It counts the tables as they stand here.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-download-table]");
  if (!button) return;
  const article = button.closest("article");
  const place = [...article.querySelectorAll(ANSWERS_OWN)].indexOf(button.closest(".table-box").querySelector(".table"));
  const first = article.querySelector("[data-tables]").dataset.tables;
  location.assign(first.replace(/1\.csv$/, `${place + 1}.csv`));
});
