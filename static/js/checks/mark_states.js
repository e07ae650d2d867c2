// The state at each mark of an answer. A page comes with them; of a check that is finished later, the line below the
// answer brings them, and the text itself stays where it is.

import { announce } from "../shared/announcer.js";

const watched = new WeakSet(); // articles whose check was being made

export function wearMarkStates(line) {
  const article = line.closest("article");
  if (!article) return;
  const isLive = line.matches("[data-check-live]");
  const states = line.querySelector("template[data-mark-states]");
  if (states || !isLive) putStates(article, states ? [...states.content.querySelectorAll("[data-ordinal]")] : []);
  if (isLive) watched.add(article);
  else if (watched.delete(article)) {
    const summary = line.querySelector(".check-summary");
    if (summary) announce(summary.textContent.replace(/\s+/g, " ").trim());
  }
}

function putStates(article, states) {
  const byOrdinal = new Map(states.map((state) => [Number(state.dataset.ordinal), state.dataset]));
  [...article.querySelectorAll(".prose a.cite")].forEach((mark, ordinal) => putState(mark, byOrdinal.get(ordinal)));
}

function putState(mark, state) {
  const name = mark.dataset.name ?? mark.getAttribute("aria-label") ?? mark.textContent;
  for (const key of ["check", "mark", "word"]) {
    if (state?.[key]) mark.dataset[key] = state[key];
    else delete mark.dataset[key];
  }
  if (state) mark.dataset.name = name;
  mark.setAttribute("aria-label", state ? `${name}, ${state.label}` : name);
}
