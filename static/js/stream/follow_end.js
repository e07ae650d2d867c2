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
  if (jump) jump.hidden = following || distance < window.innerHeight / 3;
}

// Returns what to call once the page has grown: it goes along with the end if the reader was there.
export function holdPlace() {
  return () => {
    if (following && byId("exchanges")) scrollToEnd();
    else requestAnimationFrame(noteReadersPlace);
  };
}

function scrollToEnd() {
  window.scrollTo({ top: pageRoot.scrollHeight, behavior: "instant" });
  following = true;
}

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
document.addEventListener("htmx:load", (event) => event.detail.elt.matches?.(".exchange") && holdPlace()());
following = distanceToEnd() <= 1;
