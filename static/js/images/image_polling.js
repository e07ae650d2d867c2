// Images that are being drawn, or may be withdrawn, are looked at again and again while somebody sees the page.

import { announce } from "../shared/announcer.js";
import { byId } from "../shared/dom.js";

const looksByItself = (element) => element.matches?.("[data-looks-by-itself]");
const lookNow = () => window.htmx.trigger(document.body, "images-look");

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) lookNow();
});
window.addEventListener("pageshow", (event) => event.persisted && lookNow());

// What may not be seen any more leaves the page.
document.addEventListener("htmx:responseError", (event) => {
  if (!looksByItself(event.target) || event.detail.xhr.status !== 404) return;
  const gone = byId("image-gone");
  if (gone) event.target.replaceWith(gone.content.cloneNode(true));
  else event.target.remove();
});

// What was new is shown now.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "tiles" || !event.detail.requestConfig.elt.closest("#images-new")) return;
  byId("images-new").replaceChildren();
});

// Says how the drawing ended.
document.addEventListener("htmx:beforeSwap", (event) => {
  const was = event.detail.target;
  if (was?.dataset?.state !== "drawing" || event.detail.xhr.status !== 200) return;
  const state = /data-state="(\w+)"/.exec(event.detail.xhr.responseText)?.[1];
  if (!state || state === "drawing") return;
  const words = byId("image-words").dataset;
  announce(state === "failed" ? words.failed : words.arrived);
});
