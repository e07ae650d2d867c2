// The marks in an answer that a card explains, and what there is to say about each: a citation's source, a footnote's
// note, or that a number or a link is none of the sources. The words are the page's, in the reader's language.

import { byId } from "../shared/dom.js";

const CITATION = "a.cite";
const DOCUMENT = "a.cite.document";
const UNKNOWN_SOURCE = ".unknown-source";
const UNRETURNED_LINK = "a.unsourced";
const FOOTNOTE = '[data-note="footnote"]';
const NOTE_NUMBER = '[data-note="footnote-back"]'; // at the note itself
const MARK = `.prose :is(${CITATION}, ${UNKNOWN_SOURCE}, ${UNRETURNED_LINK}, ${FOOTNOTE})`;

export const markAt = (node) => node.closest?.(MARK);
export const noteNumberAt = (node) => node.closest?.(`.prose ${NOTE_NUMBER}`);
export const answerOf = (node) => node.closest("article, .prose");
export const marksIn = (answer) => [...answer.querySelectorAll(MARK)];
export const placeOf = (mark) => `${answerOf(mark).id} ${marksIn(answerOf(mark)).indexOf(mark)}`;
export const leadsElsewhere = (mark) => mark.matches(UNRETURNED_LINK);

const labelOfMark = (mark) => mark.textContent.replace(/^\[+|\]+$/g, "");
const withSameLabel = (mark, selector) =>
  [...answerOf(mark).querySelectorAll(selector)].find((other) => labelOfMark(other) === labelOfMark(mark));

// What a check found at this mark, as the line below the answer brings it; null where there is none.
export function checkAt(mark) {
  const states = mark.dataset.mark && mark.closest("article")?.querySelector("template[data-mark-states]");
  const state = states?.content.querySelector(`[data-mark="${mark.dataset.mark}"]`);
  if (!state) return null;
  const { check, label, says } = state.dataset;
  const line = states.closest(".check-line").id;
  const address = `${states.dataset.panel}?around=${mark.dataset.mark}#mark-${mark.dataset.mark}`;
  return { check, label, says, passage: state.textContent, address, line };
}

export const sourceOf = (mark) => mark.matches(CITATION) && byId(decodeURIComponent(mark.hash.slice(1)));
export const referenceTo = (noteNumber) => withSameLabel(noteNumber, FOOTNOTE);

// What the card says about a mark; nothing for one whose source or note is not in the page.
export function explanationOf(mark) {
  if (mark.matches(UNKNOWN_SOURCE)) return { number: labelOfMark(mark), ...warningOf(mark.dataset.note) };
  if (leadsElsewhere(mark)) return { site: siteOfLink(mark), href: mark.href, ...warningOf("unreturned-link") };
  if (mark.matches(FOOTNOTE)) return aboutFootnote(mark);
  const source = sourceOf(mark);
  if (!source && mark.matches(DOCUMENT)) return { number: labelOfMark(mark), title: byId("note-hidden-document").textContent };
  return source && aboutSource(source, checkAt(mark));
}

const siteOfLink = (link) => link.hostname.replace(/^www\./, "");
const warningOf = (kind) => ({ title: byId(`note-${kind}`).textContent, isWarning: true });

function aboutSource(source, check) {
  const textOf = (name) => source.querySelector(`.source-${name}`)?.textContent.trim() ?? "";
  const link = source.querySelector(".source-title");
  return {
    number: source.dataset.label ?? String(source.value),
    site: textOf("site"),
    date: textOf("date"),
    title: textOf("title"),
    notes: [...source.querySelectorAll(".site-mark")].map((note) => note.cloneNode(true)),
    text: [check?.passage ? `“${check.passage}”` : textOf("snippet")],
    check,
    href: link.hasAttribute("href") ? link.href : "",
    isDocument: "label" in source.dataset,
  };
}

function aboutFootnote(mark) {
  const note = withSameLabel(mark, NOTE_NUMBER)?.parentElement.cloneNode(true);
  if (!note) return null;
  note.querySelector(NOTE_NUMBER).remove();
  for (const inner of note.querySelectorAll(`${CITATION}, ${UNKNOWN_SOURCE}, ${FOOTNOTE}`)) {
    inner.replaceWith(inner.textContent);
  }
  return { number: labelOfMark(mark), text: [...note.childNodes] };
}

// The keyboard reaches what is no link too, and screen readers hear what it is and why it is flagged.
export function makeReachable(root) {
  const words = byId("citation-card").dataset;
  for (const mark of root.querySelectorAll(UNKNOWN_SOURCE)) {
    makeMarkButton(mark);
    mark.setAttribute("aria-describedby", `note-${mark.dataset.note}`);
  }
  for (const link of root.querySelectorAll(UNRETURNED_LINK)) {
    link.setAttribute("aria-describedby", "note-unreturned-link");
  }
  for (const mark of root.querySelectorAll(FOOTNOTE)) makeMarkButton(mark, `${words.footnote} ${labelOfMark(mark)}`);
  for (const number of root.querySelectorAll(NOTE_NUMBER)) {
    makeMarkButton(number, `${labelOfMark(number)}: ${words.back}`);
  }
}

function makeMarkButton(mark, name) {
  mark.tabIndex = 0;
  mark.setAttribute("role", "button");
  if (name) mark.setAttribute("aria-label", name);
}
