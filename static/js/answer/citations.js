// Citation marks: a card with the source while one points at a mark, and the way to the source below the answer.

import { byId, pageRoot } from "../shared/dom.js";

const card = document.createElement("div");
card.className = "citation-card";
card.hidden = true;
card.setAttribute("aria-hidden", "true"); // the mark's own name already says it
let cardTimer;

const sourceOf = (mark) => byId(decodeURIComponent(mark.hash.slice(1)));
const markAt = (node) => node.closest?.('.prose a[href^="#source-"]');

function showCard(mark) {
  const source = sourceOf(mark);
  clearTimeout(cardTimer);
  if (!source) return;
  const take = (name) => {
    const part = source.querySelector(`.source-${name}`)?.cloneNode(true);
    part?.removeAttribute("hidden");
    part?.removeAttribute("href");
    return part ?? "";
  };
  const line = document.createElement("p");
  line.append(take("site"), take("date"));
  card.replaceChildren(line, take("title"), take("snippet"));
  if (!card.isConnected) document.body.append(card);
  card.hidden = false;
  const at = mark.getBoundingClientRect();
  const below = at.bottom + card.offsetHeight + 12 < window.innerHeight;
  const left = Math.min(Math.max(12, at.left - 24), pageRoot.clientWidth - card.offsetWidth - 12);
  const top = below ? at.bottom + 6 : at.top - card.offsetHeight - 6;
  card.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
}

const hideCard = () => {
  clearTimeout(cardTimer);
  card.hidden = true;
};

document.addEventListener("mouseover", (event) => {
  const mark = markAt(event.target);
  if (mark) cardTimer = setTimeout(() => showCard(mark), 120);
  else if (!card.contains(event.target)) hideCard();
});
document.addEventListener("focusin", (event) => {
  const mark = markAt(event.target);
  if (mark?.matches(":focus-visible")) showCard(mark);
  else hideCard();
});
document.addEventListener("scroll", hideCard, { passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hideCard());
document.addEventListener("click", (event) => {
  const mark = markAt(event.target);
  const source = mark && sourceOf(mark);
  if (!source) return;
  event.preventDefault();
  hideCard();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollIntoView({ block: "nearest", inline: "center", behavior: still ? "instant" : "smooth" });
  source.querySelector("a").focus({ preventScroll: true });
  document.querySelector(".pointed-at")?.classList.remove("pointed-at");
  void source.offsetWidth; // restarts the animation
  source.classList.add("pointed-at");
});
