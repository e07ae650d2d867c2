// What somebody selects in answers and copies by keyboard or menu: words, formulas as LaTeX, lists and tables as such.

import { cleanCopy } from "./copy_html.js";
import { textOf } from "./copy_text.js";

// Elements that are copied along when all that is selected stands in one of them.
const AROUND = "a, blockquote, code, dl, em, kbd, li ul, li ol, mark, ol, pre, s, small, span, strong, sub, sup, table, " +
  "tbody, thead, tr, u, ul";

document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  if (event.defaultPrevented || selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const ranges = Array.from({ length: selection.rangeCount }, (_, number) => selection.getRangeAt(number));
  if (!ranges.some(touchesAnswer)) return;
  const copies = ranges.map((range) => cleanCopy(rootOf(range), { range }));
  event.preventDefault();
  event.clipboardData.setData("text/plain", copies.map(textOf).join("\n"));
  event.clipboardData.setData("text/html", copies.map((copy) => copy.innerHTML).join(""));
});

const touchesAnswer = (range) =>
  [...document.querySelectorAll("article .prose")].some((prose) => range.intersectsNode(prose));

function rootOf(range) {
  const place = range.commonAncestorContainer;
  const element = place.nodeType === Node.ELEMENT_NODE ? place : place.parentElement;
  let root = element.closest("math")?.parentElement ?? element;
  while (root.matches(AROUND) && !root.matches(".prose")) root = root.parentElement;
  return root;
}
