// Older questions come in above without moving what is read.

import { byId, pageRoot } from "../shared/dom.js";

const bringsOlder = (event) => event.detail.target.matches?.(".older");
let fromEnd = 0; // pixels between the top of the window and the end of the page

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!bringsOlder(event)) return;
  fromEnd = pageRoot.scrollHeight - window.scrollY;
  // Browsers that hold what is read in its place themselves may do so after us, and then the page moves twice as far.
  byId("exchanges").style.overflowAnchor = "none";
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!bringsOlder(event)) return;
  window.scrollTo({ top: pageRoot.scrollHeight - fromEnd, behavior: "instant" });
  const exchanges = byId("exchanges");
  requestAnimationFrame(() => requestAnimationFrame(() => (exchanges.style.overflowAnchor = "")));
});
