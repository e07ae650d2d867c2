// A page whose reader is at its end goes along with what comes; whoever scrolls up is left alone.

import { byId, pageRoot } from "../shared/dom.js";

let following = false;
let lastTop = 0;
const distanceToEnd = () => pageRoot.scrollHeight - window.innerHeight - window.scrollY;

function noteReadersPlace() {
  const distance = distanceToEnd();
  if (distance <= 1) following = true;
  else if (window.scrollY < lastTop) following = false;
  else if (distance < 8) following = true;
  lastTop = window.scrollY;
  const jump = byId("jump");
  const isNear = following || distance < window.innerHeight / 3;
  if (jump && jump.hidden !== isNear) jump.hidden = isNear; // the same value anew would be styled anew
}

function goAlong() {
  if (following && byId("exchanges")) scrollToEnd();
  else noteReadersPlace();
}

function scrollToEnd() {
  window.scrollTo({ top: pageRoot.scrollHeight, behavior: "instant" });
  following = true;
}

// Goes along with this article for as long as it is written. The browser tells how high it has become once it has laid
// the page out for the next frame, so nobody has it do so twice.
export const followGrowth = (article) => growth.observe(article);

const growth = new ResizeObserver((changes) => {
  goAlong();
  for (const { target } of changes) if (!target.hasAttribute("aria-busy")) growth.unobserve(target);
});

document.addEventListener("scroll", noteReadersPlace, { passive: true });
document.addEventListener(
  "wheel",
  (event) => {
    if (event.deltaY < 0 && window.scrollY > 0) following = false; // before the first scrolled pixel
  },
  { passive: true },
);
document.addEventListener("click", (event) => {
  if (!event.target.closest("#jump")) return;
  scrollToEnd();
  noteReadersPlace();
  byId("question")?.focus({ preventScroll: true });
});
document.addEventListener("parley:to-end", scrollToEnd);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.matches?.(".exchange")) requestAnimationFrame(goAlong);
});
following = distanceToEnd() <= 1;
