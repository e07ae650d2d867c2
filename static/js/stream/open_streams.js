// Which answers on the page are followed: all that are being written, as long as somebody sees the page.

import { AnswerStream } from "./answer_stream.js";

const HIDDEN_PATIENCE = 20_000; // milliseconds; a tab that nobody sees gives its connections back after this time

const streams = new Map(); // article -> AnswerStream
let isAsleep = false;
let sleepTimer;

function followAnswers() {
  for (const [article, stream] of streams) if (!article.isConnected) stream.close();
  for (const article of document.querySelectorAll("article[data-stream]")) {
    if (streams.has(article)) continue;
    streams.set(article, new AnswerStream(article, { isAsleep, onClose: () => streams.delete(article) }));
  }
}

function noteVisibility() {
  clearTimeout(sleepTimer);
  if (!document.hidden) {
    wakeStreams();
    return;
  }
  followAnswers();
  sleepTimer = setTimeout(() => {
    isAsleep = true;
    streams.forEach((stream) => stream.sleep());
  }, HIDDEN_PATIENCE);
}

function wakeStreams() {
  isAsleep = false;
  followAnswers();
  for (const stream of streams.values()) stream.wake();
}

document.addEventListener("visibilitychange", noteVisibility);
window.addEventListener("online", wakeStreams);
window.addEventListener("pagehide", () => streams.forEach((stream) => stream.pause()));
window.addEventListener("pageshow", (event) => event.persisted && wakeStreams());
document.addEventListener("htmx:load", followAnswers);
document.addEventListener("htmx:afterSwap", followAnswers);
noteVisibility();
