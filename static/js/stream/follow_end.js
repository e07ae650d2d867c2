// The page holds still while words come. It goes along only with readers who went to its end themselves, and leaves them
// alone again as soon as they scroll up or something new is asked.

import { focusQuestion } from "../composer/composer_form.js";
import { byId, pageRoot } from "../shared/dom.js";

const NEARLY = 8; // pixels
const WORTH_A_JUMP = 80; // pixels of text below what is seen

let following = false;
let lastTop = 0;
const distanceToEnd = () => pageRoot.scrollHeight - window.innerHeight - window.scrollY;
export const lastExchange = () => byId("exchanges")?.querySelector(":scope > .exchange:last-of-type");

// How much of the room below a newest question its answer has not filled yet, in pixels.
export function emptyRoom(exchange) {
  if (!exchange?.style.minBlockSize) return 0;
  const padding = Number.parseFloat(getComputedStyle(exchange).paddingBlockEnd);
  return exchange.getBoundingClientRect().bottom - padding - exchange.lastElementChild.getBoundingClientRect().bottom;
}

function noteReadersPlace() {
  const exchange = lastExchange();
  if (window.scrollY < lastTop) following = false;
  else if (window.scrollY > lastTop && distanceToEnd() < NEARLY && emptyRoom(exchange) < NEARLY) following = true;
  lastTop = window.scrollY;
  const jump = byId("jump");
  if (!jump) return;
  const end = exchange ? exchange.lastElementChild.getBoundingClientRect().bottom : 0;
  const isNear = following || end - jump.parentElement.getBoundingClientRect().top < WORTH_A_JUMP;
  if (jump.hidden !== isNear) jump.hidden = isNear; // the same value anew would be styled anew
}

// The page was scrolled, and not by its reader: nobody is followed from here on.
export function holdStill() {
  following = false;
  lastTop = window.scrollY;
  noteReadersPlace();
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
  focusQuestion();
});
// What a teammate asks comes below, and moves nobody who reads.
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.matches?.(".exchange")) requestAnimationFrame(holdStill);
});
