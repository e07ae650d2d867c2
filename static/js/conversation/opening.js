import { putOnTop } from "./question_on_top.js";

// A conversation opens at its last question, or at the one that the search found. A reload stays where it was.
function openAtQuestion() {
  if (location.hash || performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  const exchanges = document.querySelectorAll("#exchanges > .exchange");
  const position = new URLSearchParams(location.search).get("around");
  const found = position && document.querySelector(`.exchange[data-position="${Number(position)}"]`);
  const last = exchanges[exchanges.length - 1];
  if (!found && last?.querySelector("[data-stream]")) putOnTop(last);
  else if (found || exchanges.length > 1) (found || last).scrollIntoView({ block: "start", behavior: "instant" });
}

openAtQuestion();
