// What is copied from the page, as HTML that word processors and mail understand: elements, addresses and words, without
// classes, buttons and icons. It is made here and not on the server, for what somebody selects is known here alone, and
// so that copying needs no network and works where a page has no https.

const KEPT = new Set(
  ("a blockquote br code dd div dl dt em h1 h2 h3 h4 h5 h6 hr kbd li mark ol p pre s small strong sub sup table tbody td " +
    "th thead tr u ul").split(" "),
);
const BLOCKS = new Set("blockquote dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th thead tr ul".split(" "));
const AS_DIV = new Set("article aside details div figure footer form header main section".split(" "));
const EMPTY = new Set(["br", "hr", "td", "th"]);
const NEVER = new Set("button math script select style svg template textarea".split(" "));

export const isBlock = (node) => BLOCKS.has(node.localName);

// The words of a formula: its LaTeX between dollar signs.
const latexOf = (formula) => {
  const latex = formula.dataset.tex || formula.textContent.trim();
  const isDisplay = formula.getAttribute("display") === "block" || formula.parentElement.matches("div.math");
  return isDisplay ? `$$${latex}$$` : `$${latex}$`;
};

// A fragment with what stands in `root`, or with as much of it as is in `range`. `markOf` makes nodes of citation marks;
// without it they stay words, as [1].
export function cleanCopy(root, { range = null, markOf = null } = {}) {
  const made = document.implementation.createHTMLDocument("");
  const target = made.createElement("div");
  const how = { made, range, markOf, items: new Set() };
  for (const child of root.childNodes) addCopy(target, child, how);
  return target;
}

function addCopy(target, node, how) {
  if (how.range && !how.range.intersectsNode(node)) return;
  if (node.nodeType === Node.TEXT_NODE) addWords(target, node, how);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  if (node.matches("math, code.math")) target.append(latexOf(node));
  else if (node.matches("input[type=checkbox]")) target.append(node.checked ? "\u2611" : "\u2610");
  else if (isLeftOut(node, how)) return;
  else if (node.matches("[data-source], [data-document]")) target.append(how.markOf?.(node, how.made) ?? node.textContent);
  else addElement(target, node, how);
}

function addWords(target, text, { range, made }) {
  const from = text === range?.startContainer ? range.startOffset : 0;
  const to = text === range?.endContainer ? range.endOffset : text.length;
  const words = text.data.slice(from, to);
  if (!words) return;
  const [first, ...others] = showsLineEnds(text, words) ? words.split("\n") : [words];
  target.append(first, ...others.flatMap((line) => [made.createElement("br"), line]));
}

// Whether the ends of its lines are lines on the page by a style alone, as in questions.
function showsLineEnds(text, words) {
  if (!words.includes("\n") || !words.trim() || text.parentElement.closest("pre")) return false;
  return getComputedStyle(text.parentElement).whiteSpace.startsWith("pre");
}

// What cannot be seen or selected. Of what is folded a selection has the summary alone; whoever copies everything gets
// what is in it, and no summary that only says how much that is.
function isLeftOut(element, { range }) {
  if (NEVER.has(element.localName) || element.matches(".visually-hidden, .raw-json:not([open])")) return true;
  if (element.localName === "summary" && element.closest(".structured, .raw-json")) return !range || element.parentElement.open;
  if (range && element.matches("details:not([open]) > :not(summary)")) return true;
  const style = getComputedStyle(element);
  return style.display === "none" || style.visibility === "hidden" || style.userSelect === "none";
}

function addElement(target, element, how) {
  const name = AS_DIV.has(element.localName) ? "div" : nameOf(element);
  if (!KEPT.has(name) || (name === "a" && !isLink(element))) {
    for (const child of element.childNodes) addCopy(target, child, how);
    return;
  }
  const copy = how.made.createElement(name);
  for (const child of element.childNodes) addCopy(copy, child, how);
  if (!copy.textContent.trim() && !EMPTY.has(name) && !copy.querySelector("br, hr, td, th")) {
    if (!isBlock(copy)) target.append(copy.textContent);
    return;
  }
  if (name === "li") how.items.add(element);
  if (name === "div" && holdsBlocksOnly(copy)) {
    target.append(...copy.childNodes);
    return;
  }
  describe(copy, element, how);
  target.append(copy);
}

// An answer's first heading is an h3 on the page, below those of the conversation. In a text of its own it is an h2.
const nameOf = (element) =>
  /^h[3-6]$/.test(element.localName) && element.closest(".prose") ? `h${element.localName[1] - 1}` : element.localName;

const isLink = (element) => /^(https?|mailto):$/.test(element.protocol) && !element.getAttribute("href").startsWith("#");

const holdsBlocksOnly = (element) =>
  [...element.childNodes].every((node) => (node.nodeType === Node.TEXT_NODE ? !node.data.trim() : isBlock(node)));

function describe(copy, element, { items }) {
  if (copy.localName === "a") copy.href = element.getAttribute("href");
  if (copy.localName === "ol") {
    const start = element.start + [...element.children].findIndex((item) => items.has(item));
    if (start !== 1) copy.start = start;
  }
  if (copy.localName === "table") {
    for (const [key, value] of [["border", 1], ["cellspacing", 0], ["cellpadding", 4]]) copy.setAttribute(key, value);
  }
  for (const side of ["center", "right"]) {
    if (element.classList.contains(`align-${side}`)) copy.setAttribute("align", side);
  }
}
