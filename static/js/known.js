// Questions like the one that is being typed and that the team has had answered already: a list beside the composer that
// moves nothing. It never keeps anybody from asking.

import { composerForm } from "./composer/composer_form.js";
import { announce } from "./shared/announcer.js";
import { byId } from "./shared/dom.js";
import { hasWords } from "./shared/enough_words.js";
import { isSignInPage } from "./shared/sign_in.js";

const PAUSE = 250; // milliseconds without another letter

let pause;
let looking = null; // what aborts the look that is on its way
let lookedFor = ""; // the text for which the server was asked last
let isHidden = false; // by whoever pressed Escape, until the box is empty
let style = null;

const list = () => byId("known-answers");
const links = () => [...(list()?.querySelectorAll("[data-known-answer]") ?? [])];

function withStyle(address) {
  style ??= new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return style;
}

function show(html, { onlySame }) {
  const form = composerForm();
  const holder = document.createElement("div");
  holder.innerHTML = html;
  const found = holder.firstElementChild;
  if (onlySame && found?.dataset.likeness !== "same") return clear();
  if (!form || !found) return clear();
  found.id = "known-answers";
  const before = list();
  if (!before) announce(found.dataset.said);
  else if (before.contains(document.activeElement)) return; // somebody reads it
  before?.remove();
  form.prepend(found);
  document.dispatchEvent(new CustomEvent("parley:arrived", { detail: found })); // days on the reader's clock
}

function clear() {
  const shown = list();
  if (shown?.contains(document.activeElement)) byId("question")?.focus({ preventScroll: true });
  shown?.remove();
}

// Asks the server what was answered. A later look takes the place of an earlier one.
async function look(text, options = {}) {
  const form = composerForm();
  clearTimeout(pause);
  looking?.abort();
  lookedFor = text;
  if (!form || isHidden || !hasWords(text)) return clear();
  looking = new AbortController();
  const { signal } = looking;
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "HX-Current-URL": location.href };
  const body = new URLSearchParams({ text });
  try {
    const [response] = await Promise.all([
      fetch(form.dataset.known, { method: "POST", headers, body, signal }),
      withStyle(form.dataset.knownStyle),
    ]);
    const html = response.status === 200 && !isSignInPage(response.url) ? await response.text() : "";
    if (!signal.aborted) show(html, options);
  } catch {
    if (!signal.aborted) clear(); // it is a help; who asks does not miss it
  }
}

export function typed() {
  const text = byId("question")?.value ?? "";
  if (!text.trim()) isHidden = false;
  clearTimeout(pause);
  if (!hasWords(text)) return look(text);
  pause = setTimeout(() => look(text), PAUSE);
}

function lookAtOnce() {
  const text = byId("question")?.value ?? "";
  if (text !== lookedFor) look(text);
}

function hide() {
  isHidden = true;
  clearTimeout(pause);
  looking?.abort();
  clear();
}

document.addEventListener("input", ({ target, inputType }) => {
  if (target.id !== "question") return;
  if (inputType === "insertFromPaste") lookAtOnce();
  else typed();
});

// Whoever goes to the button is about to ask.
for (const type of ["pointerover", "focusin"]) {
  document.addEventListener(type, ({ target }) => target.closest?.("#composer .ask") && lookAtOnce());
}

// Asking waits for nothing. What was not looked for by then is looked for beside it: the same question may have an answer
// that comes sooner than this one.
document.addEventListener("htmx:beforeRequest", ({ target: form }) => {
  if (form.id !== "composer") return;
  const text = form.elements.text.value;
  const isNew = text !== lookedFor;
  clear();
  if (isNew) look(text, { onlySame: true });
  else looking?.abort();
  isHidden = false;
  clearTimeout(pause);
});

// Once the question stands in the page, nothing lies over it.
document.addEventListener("parley:asked", () => {
  clearTimeout(pause); // this script may have come after the question was sent
  looking?.abort();
  clear();
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-known-hide]")) return;
  hide();
  byId("question")?.focus({ preventScroll: true });
});

function press(event) {
  const { key, target } = event;
  if (!list() || event.isComposing || event.ctrlKey || event.metaKey) return;
  const isInBox = target.id === "question";
  const isInList = list().contains(target);
  if (!isInBox && !isInList) return;
  if (key === "Escape") hide();
  else if (isInBox && key === "Enter" && event.altKey) links()[0].click();
  else if (isInBox && key === "ArrowDown" && !event.shiftKey && target.selectionStart === target.value.length) links()[0].focus();
  else if (isInList && (key === "ArrowDown" || key === "ArrowUp")) step(key === "ArrowDown" ? 1 : -1);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function step(by) {
  const next = links().indexOf(document.activeElement) + by;
  if (next < 0) byId("question").focus({ preventScroll: true });
  else links()[next]?.focus();
}
document.addEventListener("keydown", press, true);
