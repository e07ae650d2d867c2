// Older questions come in above without moving what is read.

import { byId, pageRoot } from "../shared/dom.js";

const bringsOlder = (event) => event.detail.target.matches?.(".older");
let fromEnd = 0; // pixels between the top of the window and the end of the page
let height = 0; // of the page, when it was put right last

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!bringsOlder(event)) return;
  fromEnd = pageRoot.scrollHeight - window.scrollY;
  // Browsers that hold what is read in its place themselves may do so after us, and then the page moves twice as far.
  byId("exchanges").style.overflowAnchor = "none";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!bringsOlder(event)) return;
  window.scrollTo({ top: pageRoot.scrollHeight - fromEnd, behavior: "instant" });
  height = pageRoot.scrollHeight;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!bringsOlder(event)) return;
  // It may have grown once scripts saw it: by times in the reader's zone, and by buttons that need scripts.
  if (pageRoot.scrollHeight !== height) window.scrollBy({ top: pageRoot.scrollHeight - height, behavior: "instant" });
  height = pageRoot.scrollHeight;
  const exchanges = byId("exchanges");
  requestAnimationFrame(() => requestAnimationFrame(() => (exchanges.style.overflowAnchor = "")));
});
