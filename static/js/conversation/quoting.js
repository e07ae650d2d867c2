// Whoever selects words in an answer can ask about them: they are quoted in the composer, below what is written there.
// Beside that button is the one by which they vouch for the words (verifying.js).

import { cleanCopy } from "../answer/copy_html.js";
import { textOf } from "../answer/copy_text.js";
import { composerForm } from "../composer/composer_form.js";
import { byId } from "../shared/dom.js";

const LONGEST_QUOTATION = 2000; // characters
const GAP = 8; // pixels between the words and the button
let quotedRange = null;
let isSelecting = false; // by a pointer that is still down

const quoteButton = () => byId("quote");
const buttons = () => byId("selected-words"); // this one, and what else can be done with words

export const selectedRange = () => quotedRange;

// Whoever has done something with the words goes on elsewhere.
export function leaveSelection() {
  document.getSelection().removeAllRanges();
  buttons().hidden = true;
}

// What is selected within the text of one answer; null for anything else.
function selectedInAnswer() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !selection.toString().trim()) return null;
  const range = selection.getRangeAt(0);
  const place = range.commonAncestorContainer;
  return (place.nodeType === Node.ELEMENT_NODE ? place : place.parentElement).closest("article.answer .prose") && range;
}

function showQuoteButton() {
  const shown = buttons();
  if (!shown || isSelecting || shown.contains(document.activeElement)) return;
  quotedRange = selectedInAnswer();
  shown.hidden = !quotedRange;
  if (quotedRange) place(shown);
}

// Above the words; below them on touch screens, which show their own menu above.
function place(shown) {
  const lines = [...quotedRange.getClientRects()];
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first) return;
  const { offsetWidth: width, offsetHeight: height } = shown;
  const above = first.top - height - GAP;
  const isAbove = above > GAP && !matchMedia("(pointer: coarse)").matches;
  const line = isAbove ? first : last;
  shown.style.top = `${isAbove ? above : last.bottom + GAP}px`;
  shown.style.left = `${Math.max(GAP, Math.min(line.left, window.innerWidth - width - GAP))}px`;
}

function quotationOf(range) {
  const place = range.commonAncestorContainer;
  const prose = (place.nodeType === Node.ELEMENT_NODE ? place : place.parentElement).closest(".prose");
  const letters = [...textOf(cleanCopy(prose, { range, markOf: () => "" })).trim()];
  const words = letters.length > LONGEST_QUOTATION ? `${letters.slice(0, LONGEST_QUOTATION).join("").trimEnd()}…` : letters.join("");
  return words.replace(/^/gm, "> ").replace(/ +$/gm, "");
}

function quoteInComposer() {
  const area = composerForm()?.elements.text;
  if (!area || !quotedRange) return;
  const before = area.value.trimEnd();
  area.value = `${before}${before && "\n\n"}${quotationOf(quotedRange)}\n\n`;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  leaveSelection();
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
  area.scrollTop = area.scrollHeight;
}

document.addEventListener("selectionchange", showQuoteButton);
document.addEventListener("pointerdown", ({ target, pointerType }) => {
  isSelecting = pointerType === "mouse" && !target.closest("#selected-words");
});
for (const type of ["pointerup", "pointercancel"]) {
  document.addEventListener(type, () => {
    isSelecting = false;
    setTimeout(showQuoteButton); // the browser takes a selection back after the click on it
  });
}
document.addEventListener("scroll", () => quotedRange && buttons()?.hidden === false && place(buttons()), {
  passive: true,
});
document.addEventListener("mousedown", (event) => event.target.closest("#selected-words") && event.preventDefault());
document.addEventListener("click", (event) => event.target.closest("#quote") && quoteInComposer());

// The buttons are the next stop after the words.
document.addEventListener("keydown", (event) => {
  const shown = buttons();
  if (!shown || shown.hidden) return;
  if (event.key === "Escape") shown.hidden = true;
  if (event.key !== "Tab" || event.shiftKey || shown.contains(document.activeElement) || !selectedInAnswer()) return;
  event.preventDefault();
  quoteButton().focus({ preventScroll: true });
});
