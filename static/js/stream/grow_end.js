// Puts what is new in the open end of an answer into the page (chat/rendering/open_html.py); what stays is left alone.

import { replaceContent } from "./settle.js";

// Returns whether the place is what the template was made for. If not, nothing was done.
export function growEnd(place, part) {
  const counts = part.dataset.at.split(" ").map(Number);
  const units = counts.pop();
  const isText = part.dataset.how === "text";
  const levels = []; // open elements, each with its counterpart in what is new
  let [kept, fresh, last] = [place, part.content, null];
  for (const count of counts) {
    if (last && last.localName !== (isText ? last : fresh.firstChild)?.localName) return false;
    if (last) [kept, fresh] = [last, isText ? fresh : fresh.firstChild];
    levels.push([kept, fresh]);
    last = kept.childNodes[count - 1];
    if (count && !last) return false;
  }
  if (units ? !(last?.data?.length >= units) : last?.data) return false;
  if (isText) {
    if (last.data.slice(units).trim()) return false;
    last.insertData(units, part.content.textContent);
    return true;
  }
  const gone = document.createRange();
  gone.setStart(units ? last : kept, units || counts.at(-1));
  gone.setEnd(place, place.childNodes.length);
  const focused = document.activeElement;
  if (place.contains(focused) && !focused.contains(kept) && gone.intersectsNode(focused)) {
    const copy = place.cloneNode(true); // the keyboard finds its place in what comes
    growEnd(copy, part);
    gone.selectNodeContents(copy);
    replaceContent(place, gone.extractContents());
    return true;
  }
  gone.deleteContents();
  if (units && fresh.firstChild?.data) last.appendData(fresh.removeChild(fresh.firstChild).data);
  for (const [element, more] of levels.reverse()) {
    if (more !== fresh) more.firstChild.remove();
    element.append(...more.childNodes);
  }
  return true;
}
