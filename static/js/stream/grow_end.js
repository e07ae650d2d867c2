// Puts what is new in the open end of an answer into the page. All that stays is left alone, with what a reader selected.

import { replaceContent } from "./settle.js";

// `part` is a template whose data say how the place changes (chat/rendering/open_html.py). Returns whether the place is
// what the change was made for; if not, nothing was done.
export function growEnd(place, part) {
  const counts = part.dataset.at.split(" ").map(Number);
  const units = counts.pop();
  const levels = levelsAt(place, counts, part.dataset.how === "grow" ? part.content : null);
  if (!levels) return false;
  const [innermost, fresh] = levels.at(-1);
  const count = counts.at(-1);
  const last = innermost.childNodes[count - 1];
  if (count ? !last || lengthOf(last) < units || (!units && lengthOf(last)) : units) return false;
  if (part.dataset.how === "text") {
    if (last.data.slice(units).trim()) return false;
    last.insertData(units, part.content.textContent);
    return true;
  }
  const gone = document.createRange();
  if (units) gone.setStart(last, units);
  else gone.setStart(innermost, count);
  gone.setEnd(place, place.childNodes.length);
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  if (focused && !focused.contains(gone.startContainer) && gone.intersectsNode(focused)) return growCopy(place, part);
  gone.deleteContents();
  if (units && fresh.firstChild?.nodeType === Node.TEXT_NODE) {
    last.appendData(fresh.firstChild.data);
    fresh.firstChild.remove();
  }
  for (const [kept, more] of levels.reverse()) {
    if (more !== fresh) more.firstChild.remove(); // its content is in its counterpart already
    kept.append(...more.childNodes);
  }
  return true;
}

const lengthOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.length : 0);

// The open elements of the place, from the outermost on, each with its counterpart in what is new.
function levelsAt(place, counts, content) {
  const levels = [[place, content]];
  for (const count of counts.slice(0, -1)) {
    const [kept, fresh] = levels.at(-1);
    const next = kept.childNodes[count - 1];
    if (next?.nodeType !== Node.ELEMENT_NODE || (fresh && fresh.firstChild?.localName !== next.localName)) return null;
    levels.push([next, fresh?.firstChild]);
  }
  return levels;
}

// What the keyboard is on goes, and it finds its place in what comes.
function growCopy(place, part) {
  const copy = place.cloneNode(true);
  growEnd(copy, part);
  const content = document.createDocumentFragment();
  content.append(...copy.childNodes);
  replaceContent(place, content);
  return true;
}
