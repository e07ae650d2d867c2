// The Images page and the page of one image: drafts, keys, and what happens to what may not be seen any more.

const byId = (id) => document.getElementById(id);
const box = () => document.querySelector("form#draw-box");
const draft = () => `draft:images${box().elements.conversation.value}`; // one for each conversation that led here

// --- The draft: nothing typed is ever lost -----------------------------------------------------------

function stored(value) {
  try {
    if (value === undefined) return localStorage.getItem(draft());
    if (value) localStorage.setItem(draft(), value);
    else localStorage.removeItem(draft());
  } catch {
    // A browser that stores nothing still draws.
  }
  return "";
}

function prepareBox() {
  if (!box()) return;
  const { prompt, conversation } = box().elements;
  const typedSince = sent !== null && stored() !== sent; // while what came back was on its way
  if (!prompt.value.trim() || conversation.value || typedSince) prompt.value = stored() || prompt.value;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "prompt") stored(event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  if (event.target.id !== "prompt" || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  if (event.target.value.trim()) box().requestSubmit();
});

// What is being drawn is no draft any more; what was typed since then is.
let sent = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "draw-box") sent = box().elements.prompt.value;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.elt.id !== "draw-box" || event.detail.xhr.status !== 200) return;
  if (stored() === sent) stored("");
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id !== "draw-box") return;
  prepareBox();
  box()?.elements.prompt.focus({ preventScroll: true });
});

// --- Looking again -----------------------------------------------------------------------------------

const looks = (element) => element.matches?.("[data-looks-by-itself]");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (looks(event.target) && document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) window.htmx.trigger(document.body, "images-look");
});
window.addEventListener("pageshow", (event) => event.persisted && window.htmx.trigger(document.body, "images-look"));

// What may not be seen any more leaves the page.
document.addEventListener("htmx:responseError", (event) => {
  if (!looks(event.target) || event.detail.xhr.status !== 404) return;
  const gone = byId("image-gone");
  if (gone) event.target.replaceWith(gone.content.cloneNode(true));
  else event.target.remove();
});

// --- Saying how it ended -----------------------------------------------------------------------------

document.addEventListener("htmx:beforeSwap", (event) => {
  const was = event.detail.target;
  if (was?.dataset?.state !== "drawing" || event.detail.xhr.status !== 200) return;
  const state = /data-state="(\w+)"/.exec(event.detail.xhr.responseText)?.[1];
  if (!state || state === "drawing") return;
  const words = byId("image-words").dataset;
  byId("announcer").textContent = state === "failed" ? words.failed : words.arrived;
});

prepareBox();
