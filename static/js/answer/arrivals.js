// What scripts add to an answer that has arrived, and what is said when it is whole.

import { announce, announcerWords, spokenText } from "../shared/announcer.js";
import { allIn, byId } from "../shared/dom.js";
import { nameBlocks } from "./block_words.js";
import { showLocalTimes } from "./local_times.js";
import { addTableTools } from "./table_tools.js";
import { letWideFormulasScroll } from "./wide_formulas.js";

function dress(root) {
  nameBlocks(root);
  addTableTools(root);
  letWideFormulasScroll(root);
  const button = byId("copy-code")?.content;
  for (const head of allIn(root, ".code-head")) {
    if (button && !head.querySelector(".copy-code")) head.append(button.cloneNode(true));
  }
  showLocalTimes(root);
}

document.addEventListener("parley:arrived", (event) => dress(event.detail));
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
document.addEventListener("parley:ended", (event) => {
  const isWhole = event.detail.dataset.state === "finished";
  const problem = spokenText(event.detail.querySelector(".answer-body .problem p"));
  announce(problem || (isWhole ? announcerWords().ended : announcerWords().endedEarly));
});
dress(document);
