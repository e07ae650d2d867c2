// A question that was just asked goes to the top of the view, below the bar that stays there. Its answer comes below it,
// and the page has room for that at once: it must not become higher for the question to be where it is.

import { byId, pageRoot } from "../shared/dom.js";
import { emptyRoom, holdStill, lastExchange } from "../stream/follow_end.js";

let roomy = null; // the exchange with room
let placed = null; // where the page and how high the window was when the question was put on top; null once it is moved

export function putOnTop(exchange) {
  forgetRoom();
  if (exchange.previousElementSibling) {
    roomy = exchange;
    makeRoom();
    exchange.scrollIntoView({ block: "start", behavior: "instant" });
  } else window.scrollTo({ top: 0, behavior: "instant" }); // the first one stands below its title
  holdStill();
  placed = { top: window.scrollY, height: window.innerHeight };
}

function makeRoom() {
  roomy.style.minBlockSize = "";
  const top = roomy.getBoundingClientRect().top + window.scrollY - barHeight();
  const missing = top + window.innerHeight - pageRoot.scrollHeight;
  if (missing > 0) roomy.style.minBlockSize = `${roomy.offsetHeight + Math.ceil(missing)}px`;
  else roomy = null;
}

const barHeight = () => Number.parseFloat(getComputedStyle(pageRoot).scrollPaddingBlockStart) || 0;

function forgetRoom() {
  if (roomy) roomy.style.minBlockSize = "";
  roomy = null;
}

// Room that nobody sees goes: the page then ends where its words end, and nothing moves.
function noteScroll() {
  const isReader = placed && window.innerHeight === placed.height && Math.abs(window.scrollY - placed.top) > 2;
  if (isReader) placed = null;
  if (!roomy || roomy.querySelector("[aria-busy]")) return;
  const unseen = pageRoot.scrollHeight - window.innerHeight - window.scrollY;
  if (!roomy.isConnected || unseen >= emptyRoom(roomy)) forgetRoom();
}

document.addEventListener("scroll", noteScroll, { passive: true });
// A phone's keyboard goes, and the window is higher than it was. Whoever has scrolled meanwhile stays where they are.
window.addEventListener("resize", () => {
  if (roomy && placed) putOnTop(roomy);
});
// Asked again, a question stays where it stands in the conversation, and its exchange has come anew.
document.addEventListener("parley:asked", ({ detail: form }) => {
  const isAgain = form.matches(".again");
  const exchange = isAgain ? byId(form.closest(".exchange").id) : lastExchange();
  for (const article of document.querySelectorAll(".just-ended")) article.classList.remove("just-ended");
  if (exchange) putOnTop(exchange);
});
