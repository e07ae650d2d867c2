// Older questions come in above without moving what is read.

import { pageRoot } from "../shared/dom.js";

const bringsOlder = (event) => event.detail.target.matches?.(".older");
let fromEnd = 0; // pixels between the top of the window and the end of the page

document.addEventListener("htmx:beforeSwap", (event) => {
  if (bringsOlder(event)) fromEnd = pageRoot.scrollHeight - window.scrollY;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (bringsOlder(event)) window.scrollTo({ top: pageRoot.scrollHeight - fromEnd, behavior: "instant" });
});
