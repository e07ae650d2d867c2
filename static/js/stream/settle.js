// Puts what a stream brings into the places of its article, so that a reader keeps theirs.

const SCROLLING_LIST = "ol:is(.source-list, .steps)";

// What somebody opened stays open, and closed what was closed; what was scrolled inside stays scrolled, at the end
// stays at the end, and the keyboard keeps its place.
export function replaceContent(place, content) {
  for (const old of place.querySelectorAll("details[data-keep]")) {
    const fresh = content.querySelector(`details[data-keep="${old.dataset.keep}"]`);
    if (fresh && old.open !== ("unfolded" in old.dataset)) fresh.open = old.open;
  }
  const list = place.querySelector(SCROLLING_LIST);
  const [left, top] = [list?.scrollLeft ?? 0, list?.scrollTop ?? 0];
  const atEnd = top > 0 && list.scrollHeight - list.clientHeight - top < 8;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const alike = (parent) => [...parent.querySelectorAll(focused.localName)];
  const focusedAt = focused ? alike(place).indexOf(focused) : -1;
  place.replaceChildren(content);
  const successor = left || top ? place.querySelector(SCROLLING_LIST) : null;
  successor?.scrollTo({ left, top: atEnd ? successor.scrollHeight : top, behavior: "instant" });
  if (!focused) return;
  const article = place.closest("article");
  const isSame = (element) => element?.isEqualNode(focused);
  const there = alike(place)[focusedAt];
  const same = isSame(there) ? there : alike(article).findLast(isSame); // its block may be whole, and elsewhere
  (same ?? alike(place)[0] ?? article).focus({ preventScroll: true });
}

// The finished article takes the place of the one being written. What is the same in both is left alone, so that
// nothing flickers, nothing jumps and a selection survives.
export function settleArticle(article, html) {
  const parcel = document.createElement("template");
  parcel.innerHTML = html;
  const fresh = parcel.content.querySelector("article");
  if (!fresh) return;
  document.dispatchEvent(new CustomEvent("parley:arrived", { detail: fresh }));
  for (const name of article.getAttributeNames()) {
    if (!fresh.hasAttribute(name)) article.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) article.setAttribute(name, value);
  for (const place of article.querySelectorAll("[data-place]")) {
    const successor = fresh.querySelector(`[data-place="${place.dataset.place}"]`);
    if (!successor) continue;
    if (place.dataset.place === "blocks") settleBlocks(place, successor).forEach(announceNew);
    else if (place.innerHTML.trim() !== successor.innerHTML.trim()) {
      replaceContent(place, successor.content ?? fragmentOf(successor));
      announceNew(place);
    }
  }
  article.querySelector("noscript")?.remove();
  article.classList.add("just-ended");
  document.dispatchEvent(new CustomEvent("parley:ended", { detail: article }));
}

// Returns the blocks that are new. The blanks between blocks come along, so that the text is the same as on a page that
// is loaded now.
function settleBlocks(place, successor) {
  const blocksOf = (element) => [...element.childNodes].filter((node) => !isBlank(node));
  const old = blocksOf(place);
  const wanted = blocksOf(successor);
  let same = 0;
  while (same < old.length && same < wanted.length && old[same].isEqualNode(wanted[same])) same += 1;
  const nodesAfter = (element, last) => [...element.childNodes].slice([...element.childNodes].indexOf(last) + 1);
  for (const node of nodesAfter(place, old[same - 1])) node.remove();
  place.append(...nodesAfter(successor, wanted[same - 1]));
  return wanted.slice(same).filter((node) => node.nodeType === Node.ELEMENT_NODE);
}

const isBlank = (node) => node.nodeType === Node.TEXT_NODE && !node.data.trim();

function fragmentOf(element) {
  const fragment = document.createDocumentFragment();
  fragment.append(...element.childNodes);
  return fragment;
}

// Buttons that ask the server stand around the text, and none of them in it.
export function announceNew(element) {
  if (!element.closest(".prose")) window.htmx?.process(element);
  document.dispatchEvent(new CustomEvent("parley:arrived", { detail: element }));
}
