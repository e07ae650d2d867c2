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

function fillCard({ number = "", site = "", date = "", title = "", notes = [], text = [], href = "", check = null, ...about }) {
  const { isWarning = false, isDocument = false } = about;
  cardPart("number").textContent = number;
  cardPart("site").textContent = site || (title ? "" : citationCard.dataset.footnote);
  cardPart("date").textContent = date;
  cardPart("notes").replaceChildren(...notes);
  cardPart("title").textContent = title;
  cardPart("text").replaceChildren(...text);
  fillCheck(check);
  const link = cardPart("open");
  link.hidden = !href;
  link.href = href;
  const { openPage, openDocument, openSource } = citationCard.dataset;
  link.textContent = isWarning ? openPage : isDocument ? openDocument : openSource;
  cardPart("previous").disabled = !neighbouringMark(-1);
  cardPart("next").disabled = !neighbouringMark(1);
  citationCard.classList.toggle("warning", isWarning);
  citationCard.classList.toggle("of-document", isDocument);
  citationCard.scrollTop = 0;
}

// The state of a mark that was checked leads to its place in the panel.
function fillCheck(check) {
  const state = cardPart("state");
  state.hidden = !check;
  state.dataset.check = check?.check ?? "";
  state.dataset.line = check?.line ?? "";
  state.href = check?.address ?? "";
  state.textContent = check?.label ?? "";
  cardPart("says").textContent = check?.says ?? "";
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
