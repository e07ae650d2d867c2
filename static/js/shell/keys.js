// What single keys do. The list of them that people see is templates/chat/shortcuts/_list.html.

import { announce } from "../shared/announcer.js";
import { byId } from "../shared/dom.js";
import { openShortcuts } from "./shortcut_list.js";

const GO_WITHIN = 2000; // milliseconds between G and the key that says where
let goUntil = 0;

const keyActions = {
  n: () => location.assign(document.body.dataset.home),
  q: () => (byId("question") ? byId("question").focus() : location.assign(document.body.dataset.home)),
  m: () => pressFirst(document, "#models > summary"),
  j: () => step(1),
  k: () => step(-1),
  c: () => pressFirst(answerInView(), '[data-copy="text"]'),
  C: () => pressFirst(answerInView(), '[data-copy="sources"]') || keyActions.c(),
  r: () => pressFirst(answerInView()?.closest(".exchange"), ".again button[type=submit]"),
  e: () => pressFirst(answerInView()?.closest(".exchange"), '.question-tools [href$="/edit/"]'),
  s: () => pressFirst(answerInView(), ".stop") || pressFirst(document, "#exchanges .stop"),
  p: () => pressFirst(document, '#conversation-menu :is([action$="/pin/"], [action$="/unpin/"]) button'),
  b: () => pressFirst(document, "#hide-sidebar:not([hidden]), #open-sidebar"),
  "?": () => openShortcuts(),
  g: () => (goUntil = performance.now() + GO_WITHIN),
};

export function pressKey(pressed) {
  const isGoing = performance.now() < goUntil;
  goUntil = 0;
  if (isGoing) go(pressed.toLowerCase());
  else (keyActions[pressed] ?? keyActions[pressed.toLowerCase()])?.();
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href ?? link.dataset.address);
}

// Whether there was something to press.
function pressFirst(place, selector) {
  const found = place?.querySelector(selector);
  found?.click();
  return Boolean(found);
}

const shownAnswers = () => [...document.querySelectorAll("#exchanges .answer")].filter((one) => one.checkVisibility());

// The answer that has the focus, else the last one that begins above the middle of the window.
function answerInView() {
  const focused = document.activeElement?.closest?.(".answer");
  const all = shownAnswers();
  return focused ?? all.findLast((one) => one.getBoundingClientRect().top < window.innerHeight / 2) ?? all[0];
}

// To the answer before or after; the first press goes to the one that is being read. Who listens hears its question.
function step(by) {
  const all = shownAnswers();
  const focused = document.activeElement?.closest?.(".answer");
  const at = all.indexOf(answerInView());
  const next = all[focused ? Math.max(0, Math.min(all.length - 1, at + by)) : at];
  if (!next) return;
  const exchange = next.closest(".exchange");
  next.focus({ preventScroll: true });
  (exchange.querySelector(".answer") === next ? exchange : next).scrollIntoView({ block: "start" });
  announce(exchange.querySelector(".question-text")?.textContent.trim().slice(0, 300) ?? "");
}
