// Vouching for words that are selected in an answer: they are put into the form below it. Without this, the form takes
// words that somebody copied.

import { leaveSelection, selectedRange } from "./quoting.js";

const UNREAD = "a.cite, a.verified-mark, annotation, button, template, title"; // as chat/sources/verified/sentences.py
const LETTERS = /[\p{L}\p{N}]/gu;

function readText(range) {
  const words = range.cloneContents();
  for (const unread of words.querySelectorAll(UNREAD)) unread.remove();
  return words.textContent;
}

// How many letters stand before the range in the answer: the same words may stand there twice.
function lettersBefore(range, prose) {
  const before = document.createRange();
  before.setStart(prose, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return readText(before).match(LETTERS)?.length ?? 0;
}

async function verifyWords() {
  const range = selectedRange();
  const place = range?.commonAncestorContainer;
  const answer = (place?.nodeType === Node.ELEMENT_NODE ? place : place?.parentElement)?.closest("article.answer");
  const link = answer?.querySelector("[data-verify]");
  if (!link) return;
  const words = readText(range).replace(/\s+/g, " ").trim();
  const near = lettersBefore(range, answer.querySelector(".prose"));
  leaveSelection();
  const slot = answer.querySelector(".verify-slot");
  await window.htmx.ajax("GET", link.href, { source: link, target: slot, swap: "innerHTML" }).catch(() => {});
  const form = slot.querySelector("form");
  if (!form) return;
  form.elements.sentence.value = words;
  form.elements.near.value = near;
  form.elements.note.focus();
  form.scrollIntoView({ block: "nearest" });
}

function closeForm(slot) {
  slot.replaceChildren();
  slot.closest("article.answer").querySelector("[data-verify]")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#verify-words")) verifyWords();
  const slot = event.target.closest("[data-closes-verify]")?.closest(".verify-slot");
  if (!slot) return;
  event.preventDefault();
  closeForm(slot);
});
document.addEventListener("keydown", (event) => {
  const slot = event.target.closest?.(".verify-slot");
  if (slot && event.key === "Escape" && !event.isComposing) closeForm(slot);
});
