// How one comes to the card at a mark and leaves it: by pointing, by the keyboard, by a press. Whichever it is, the
// text stays where it is.

import { pageRoot } from "../shared/dom.js";
import { citationCard, hideCard, neighbouringMark, showCard, shownMark } from "./citation_card.js";
import { answerOf, leadsElsewhere, makeReachable, markAt } from "./marks.js";
import { noteNumberAt, placeOf, referenceTo, sourceOf } from "./marks.js";

const HOVER_DWELL = 120; // milliseconds that a pointer rests on a mark before its card appears
const HOVER_GRACE = 250; // milliseconds to get from the mark into the card

const ARROW_STEPS = { ArrowLeft: -1, ArrowRight: 1 };

let openedBy = ""; // "pointer", "focus" or "press"
let isRefocusing = false;
let dismissedPlace = ""; // of the mark whose card was closed by Escape, as long as the keyboard stays there
let pressedOn = null;
let cardTimer;

function openCardAt(mark, by) {
  clearTimeout(cardTimer);
  if (showCard(mark)) openedBy = by;
  else hideCard();
}

function closeCard() {
  clearTimeout(cardTimer);
  hideCard();
}

function closeCardAndGoBack() {
  const mark = shownMark;
  if (!mark) return;
  const goesBack = openedBy === "press" || citationCard.contains(document.activeElement);
  closeCard();
  dismissedPlace = placeOf(mark);
  if (goesBack) focusQuietly(mark);
}

function focusQuietly(mark) {
  isRefocusing = true;
  mark.focus({ preventScroll: true });
  isRefocusing = false;
}

// A finger that scrolls over a mark does not point at it.
function notePointer(event) {
  if (event.pointerType === "touch") return;
  const mark = markAt(event.target);
  clearTimeout(cardTimer);
  if (mark === shownMark || citationCard.contains(event.target)) return;
  if (mark) cardTimer = setTimeout(openCardAt, HOVER_DWELL, mark, "pointer");
  else notePointerAway();
}

function notePointerAway() {
  if (openedBy === "pointer") cardTimer = setTimeout(closeCard, HOVER_GRACE);
}

function noteFocus(event) {
  if (isRefocusing || (shownMark && !shownMark.isConnected)) return;
  const mark = markAt(event.target);
  if (mark && placeOf(mark) === dismissedPlace) return; // it came anew while the answer is written
  dismissedPlace = "";
  if (mark?.matches(":focus-visible")) {
    if (mark !== shownMark) openCardAt(mark, "focus");
  } else if (citationCard.contains(event.target)) {
    if (openedBy === "pointer") openedBy = "focus";
  } else if (!mark) closeCard();
}

function notePress(event) {
  const mark = markAt(event.target);
  const noteNumber = noteNumberAt(event.target);
  if (noteNumber) goBackToMark(referenceTo(noteNumber));
  if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (leadsElsewhere(mark) && event.pointerType !== "touch") return; // the link is followed
  event.preventDefault();
  if (mark === shownMark && openedBy === "press") return closeCard();
  openCardAt(mark, "press");
  pointAtSource(sourceOf(mark));
  if (event.pointerType !== "mouse" && shownMark) citationCard.focus({ preventScroll: true });
}

function notePressElsewhere() {
  if (shownMark && !citationCard.contains(pressedOn) && !markAt(pressedOn)) closeCard();
}

// Where the sources stand beside the answer, the one that is cited is pointed at. Their list scrolls, not the page.
function pointAtSource(source) {
  const list = source && source.closest(".source-list");
  if (!list || !isBesideText(list, answerOf(list).querySelector(".prose"))) return;
  const [outer, inner] = [list.getBoundingClientRect(), source.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    list.scrollBy({ top: inner.top - outer.top - (outer.height - inner.height) / 2, behavior: scrollingBehaviour() });
  }
  document.querySelector(".pointed-at")?.classList.remove("pointed-at");
  void source.offsetWidth; // restarts the animation
  source.classList.add("pointed-at");
}

function isBesideText(list, text) {
  const [one, other] = [list.getBoundingClientRect(), text.getBoundingClientRect()];
  return one.right <= other.left || one.left >= other.right;
}

const scrollingBehaviour = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

function stepToMark(by) {
  const mark = neighbouringMark(by);
  if (!mark) return;
  bringMarkIntoSight(mark);
  focusQuietly(mark);
  openCardAt(mark, openedBy === "pointer" ? "press" : openedBy);
}

function goBackToMark(reference) {
  if (!reference) return;
  bringMarkIntoSight(reference);
  reference.focus({ preventScroll: true });
}

// The middle leaves room for the card on either side.
function bringMarkIntoSight(mark) {
  const { top, bottom } = mark.getBoundingClientRect();
  const isInSight = top > 80 && bottom < window.innerHeight / 2;
  mark.scrollIntoView({ block: isInSight ? "nearest" : "center", inline: "nearest", behavior: "instant" });
}

function noteKey(event) {
  const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  const mark = markAt(event.target) ?? noteNumberAt(event.target);
  const isAtCard = shownMark && (mark === shownMark || citationCard.contains(event.target));
  if (shownMark && event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation(); // whatever else it would close stays open
    closeCardAndGoBack();
  } else if (shownMark && event.key === "Tab") tabThroughCard(event);
  else if (isAtCard && isPlain && ARROW_STEPS[event.key]) {
    event.preventDefault();
    stepToMark(pageRoot.dir === "rtl" ? -ARROW_STEPS[event.key] : ARROW_STEPS[event.key]);
  } else if (mark && isPlain && isMarkPressedBy(event.key, mark)) {
    event.preventDefault();
    mark.click();
  }
}

// What the browser itself does for links is left to it.
function isMarkPressedBy(key, mark) {
  return key === " " ? !leadsElsewhere(mark) : key === "Enter" && !mark.matches("a[href]");
}

// The card stands after its mark in the order of the keyboard, though not in the page.
function tabThroughCard(event) {
  const stops = [...citationCard.querySelectorAll('a[href], button, [tabindex="0"]')].filter(
    (stop) => stop.tabIndex >= 0 && stop.checkVisibility() && !stop.disabled,
  );
  const isInCard = citationCard.contains(event.target);
  if (event.target === shownMark && !event.shiftKey && stops.length) {
    event.preventDefault();
    stops[0].focus({ preventScroll: true });
  } else if (isInCard && event.shiftKey && (event.target === citationCard || event.target === stops[0])) {
    event.preventDefault();
    shownMark.focus({ preventScroll: true });
  } else if (isInCard && !event.shiftKey && (event.target === stops.at(-1) || !stops.length)) {
    const mark = shownMark;
    closeCard();
    focusQuietly(mark); // from there the browser goes on to what comes next
  }
}

// On a phone the way back closes the card instead of leaving the page.
function watchForWayBack() {
  if (!("CloseWatcher" in window)) return;
  let watcher = null;
  citationCard.addEventListener("toggle", (event) => {
    watcher?.destroy();
    watcher = event.newState === "open" && openedBy === "press" ? new CloseWatcher() : null;
    if (watcher) watcher.onclose = closeCardAndGoBack;
  });
}

if (citationCard) {
  document.addEventListener("pointerover", notePointer, { passive: true });
  pageRoot.addEventListener("pointerleave", notePointerAway, { passive: true });
  document.addEventListener("focusin", noteFocus);
  document.addEventListener("pointerdown", (event) => (pressedOn = event.target), { capture: true, passive: true });
  document.addEventListener("pointerup", notePressElsewhere, { passive: true });
  document.addEventListener("click", notePress);
  document.addEventListener("keydown", noteKey, { capture: true });
  citationCard.querySelector(".card-previous").addEventListener("click", () => stepToMark(-1));
  citationCard.querySelector(".card-next").addEventListener("click", () => stepToMark(1));
  citationCard.querySelector(".card-close").addEventListener("click", closeCardAndGoBack);
  watchForWayBack();
  for (const type of ["parley:arrived", "htmx:load"]) {
    document.addEventListener(type, (event) => makeReachable(event.detail.elt ?? event.detail));
  }
  makeReachable(document);
}
