// The card at a mark. There is one for the page, filled anew for each mark; the style places it beside the mark.

import { byId } from "../shared/dom.js";
import { answerOf, explanationOf, marksIn } from "./marks.js";

export const citationCard = byId("citation-card"); // nobody who is not signed in reads an answer
export let shownMark = null;
let shownIn = null;
let shownPlace = -1;
let isShownMarkFocused = false;

// Shows the card at the mark; false when there is nothing to say about it.
export function showCard(mark) {
  const explanation = explanationOf(mark);
  if (!explanation) return false;
  if (shownMark !== mark) leaveMark();
  shownMark = mark;
  shownIn = answerOf(mark);
  shownPlace = marksIn(shownIn).indexOf(mark);
  isShownMarkFocused = document.activeElement === mark;
  mark.classList.add("has-card");
  markReplacements.observe(shownIn, { childList: true, subtree: true });
  fillCard(explanation);
  if (!citationCard.matches(":popover-open")) citationCard.showPopover();
  keepMarkInSight();
  return true;
}

export function hideCard() {
  if (!shownMark) return;
  leaveMark();
  citationCard.hidePopover();
}

// The card is hidden even on its way to another mark: browsers find the side with room when a card appears.
function leaveMark() {
  markReplacements.disconnect();
  shownMark?.classList.remove("has-card");
  shownMark = null;
  if (citationCard.contains(document.activeElement)) return;
  citationCard.hidePopover();
  void citationCard.offsetWidth; // else it would count as never hidden
}

// The next mark in the same answer, or the one before with a step of -1, that is not folded away.
export function neighbouringMark(step) {
  const marks = marksIn(shownIn);
  let place = shownPlace + step;
  while (marks[place]?.checkVisibility() === false) place += step;
  return marks[place];
}

const cardPart = (name) => citationCard.querySelector(`.card-${name}`);

function fillCard({ number = "", site = "", date = "", title = "", text = [], href = "", isWarning = false }) {
  cardPart("number").textContent = number;
  cardPart("site").textContent = site || (title ? "" : citationCard.dataset.footnote);
  cardPart("date").textContent = date;
  cardPart("title").textContent = title;
  cardPart("text").replaceChildren(...text);
  const link = cardPart("open");
  link.hidden = !href;
  link.href = href;
  link.textContent = isWarning ? citationCard.dataset.openPage : citationCard.dataset.openSource;
  cardPart("previous").disabled = !neighbouringMark(-1);
  cardPart("next").disabled = !neighbouringMark(1);
  citationCard.classList.toggle("warning", isWarning);
  citationCard.scrollTop = 0;
}

// A card at the lower edge of the window goes to the upper one rather than over its mark.
function keepMarkInSight() {
  citationCard.classList.remove("at-top");
  const [at, own] = [shownMark.getBoundingClientRect(), citationCard.getBoundingClientRect()];
  citationCard.classList.toggle("at-top", at.bottom > own.top && at.top < own.bottom);
}

// While an answer is written its end is put into the page again and again: the card, and the keyboard, go over to the
// mark that takes the place of the one they were at.
const markReplacements = new MutationObserver(() => {
  if (shownMark.isConnected) return;
  const wasFocused = isShownMarkFocused;
  const successor = successorIn(shownIn);
  if (!successor || !showCard(successor)) hideCard();
  else if (wasFocused) successor.focus({ preventScroll: true });
});

function successorIn(article) {
  const mark = marksIn(article)[shownPlace];
  return mark?.textContent === shownMark.textContent ? mark : null;
}

document.addEventListener("htmx:afterSwap", () => shownMark && !shownIn.isConnected && hideCard());
document.addEventListener("focusin", (event) => {
  if (shownMark?.isConnected) isShownMarkFocused = event.target === shownMark;
});

// What is the same in the finished answer stays as it is; so it has to be the same.
document.addEventListener("parley:arrived", (event) => {
  if (shownMark && event.detail.id === shownIn.id) successorIn(event.detail)?.classList.add("has-card");
});
