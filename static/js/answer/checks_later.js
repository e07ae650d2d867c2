// What has to do with checked citations is fetched once there is an answer that can be checked.

import { withScript } from "../composer/lazy_scripts.js";
import { allIn } from "../shared/dom.js";

const LINES = ".check-line[data-check-script]";

function noteLines(root) {
  for (const line of allIn(root, LINES)) withScript(line.dataset.checkScript, (script) => script.wearStates(line));
}

document.addEventListener("htmx:load", ({ detail }) => noteLines(detail.elt));
document.addEventListener("parley:arrived", ({ detail }) => noteLines(detail));
document.addEventListener("parley:notice", ({ detail: notice }) => {
  const line = notice.kind === "check" && document.getElementById(notice.place);
  if (line && !line.matches("[data-check-live]")) {
    window.htmx.ajax("GET", line.dataset.checkAddress, { source: line, target: line, swap: "outerHTML show:none" });
  }
});
noteLines(document);
