// Searching as one types is one step back, not one for every letter. Arrow keys go from the words to what was found.

import { withScript } from "../composer/lazy_scripts.js";
import { byId } from "../shared/dom.js";
import { setDrawer } from "./drawer.js";

const withSuggestions = (box, use) => withScript(document.body.dataset.searchScript, use, box);

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!form.matches(".search")) return;
  const isThere = location.pathname === new URL(form.action).pathname;
  form.setAttribute("hx-push-url", String(!isThere));
  form.setAttribute("hx-replace-url", String(isThere));
});

document.addEventListener("submit", (event) => event.target.matches(".search") && setDrawer(false));

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target.closest("#search, #words, .hit a, .other-list a");
  if (!step || !from || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const stops = [document.querySelector(".search-page #words") ?? document.getElementById("search")];
  stops.push(...document.querySelectorAll(".other-list a, #hits a"));
  const next = stops[Math.max(0, stops.indexOf(from)) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// Results that come while somebody is among the earlier ones: they stay at what they had reached, if it is still found.
let reached = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isAmong = detail.target.id === "search-results" && detail.target.contains(document.activeElement);
  reached = isAmong ? document.activeElement.getAttribute("href") || "" : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (reached === null || document.activeElement !== document.body) return;
  const again = [...document.querySelectorAll("#search-results a")].find((link) => link.getAttribute("href") === reached);
  (again ?? document.querySelector("#hits a") ?? byId("words"))?.focus();
  reached = null;
});

// What the filters are called and may say is offered while one of them is typed.
for (const type of ["focusin", "input"]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.("#search, #words");
    if (box) withSuggestions(box, (script) => script.offer(box, type));
  });
}

// Where a filter was chosen, the box says so in words, and so does the other box.
document.addEventListener("htmx:afterSettle", () => {
  const said = byId("search-said");
  if (!said) return;
  const isByField = said.dataset.from === "search-fields";
  for (const box of [byId("words"), byId("search")]) {
    if (box && (isByField || box !== document.activeElement) && box.value !== said.dataset.text) box.value = said.dataset.text;
  }
});
