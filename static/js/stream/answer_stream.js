// Follows the stream of one answer that is being written, and puts what comes into its places.
//
// A native EventSource reconnects with an address that never changes and gives up for good on a 503. So it is closed on
// the first error, and a new one is made that asks for what comes after the last number received.

import { announce, spokenText } from "../shared/announcer.js";
import { drawSoon } from "./drawing.js";
import { followGrowth } from "./follow_end.js";
import { growEnd } from "./grow_end.js";
import { areStreamsHeldBack, watchForProxy } from "./held_back.js";
import { announceNew, replaceContent, settleArticle } from "./settle.js";

const SHORTEST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 15_000;
const POLL_AFTER = 500; // milliseconds
const FAILURES_TO_MENTION = 3;

export class AnswerStream {
  // `isAsleep` says that nobody sees the page, so no connection is opened yet. Calls `onClose` once it is over.
  constructor(article, { isAsleep, onClose }) {
    this.article = article;
    this.isAsleep = isAsleep;
    this.onClose = onClose;
    this.after = article.dataset.after || "0";
    this.failures = 0;
    this.unread = ""; // what came since the page was last changed
    followGrowth(article);
    this.announceText(".doing");
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.source || this.isOver || this.isAsleep) return;
    const address = `${this.article.dataset.stream}?after=${encodeURIComponent(this.after)}`;
    const isPoll = areStreamsHeldBack();
    const source = new EventSource(isPoll ? `${address}&poll=1` : address);
    this.source = source;
    this.isAnswered = false;
    if (!isPoll) watchForProxy(source, address, () => this.source === source && this.reopen());
    const take = (work) => (event) => {
      if (this.source !== source) return; // a late event of a connection that was given up
      this.failures = 0;
      if (event.lastEventId) this.after = event.lastEventId;
      work(event.data);
    };
    source.addEventListener("update", take((html) => this.add(html)));
    source.addEventListener("final", take((html) => this.end(() => settleArticle(this.article, html))));
    source.addEventListener("gone", take((html) => this.end(() => this.say(html))));
    source.addEventListener("open", () => this.article.classList.remove("unreachable"));
    source.addEventListener("connected", take(() => (this.isAnswered = true)));
    source.addEventListener("error", () => this.source === source && this.goOn(isPoll && this.isAnswered));
  }

  // A stream that breaks off is a failure; a response to a poll ends with every piece.
  goOn(hasPolled) {
    if (!hasPolled) return this.retry();
    this.pause();
    this.timer = setTimeout(() => this.open(), POLL_AFTER);
  }

  reopen() {
    this.pause();
    this.open();
  }

  pause() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  sleep() {
    this.isAsleep = true;
    this.pause();
  }

  wake() {
    this.isAsleep = false;
    this.open();
  }

  retry() {
    this.pause();
    this.failures += 1;
    this.article.classList.toggle("unreachable", this.failures >= FAILURES_TO_MENTION);
    if (this.failures === FAILURES_TO_MENTION) this.announceText(".broken");
    const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  close() {
    this.isOver = true;
    this.pause();
    this.onClose();
  }

  end(work) {
    this.close();
    this.article.removeAttribute("data-stream");
    drawSoon(work);
  }

  add(html) {
    if (!this.unread) drawSoon(() => this.draw());
    this.unread += html;
  }

  draw() {
    const html = this.unread;
    this.unread = "";
    this.update(html);
  }

  update(html) {
    const parcel = document.createElement("template");
    parcel.innerHTML = html;
    for (const part of withoutReplaced(parcel.content.children)) {
      const place = this.article.querySelector(`:scope [data-place="${part.dataset.place}"]`);
      if (part.dataset.state) this.article.dataset.state = part.dataset.state;
      if (!place) continue;
      const isMore = part.dataset.how === "append";
      const arrived = isMore ? [...part.content.children] : [place];
      if (isMore) place.append(part.content);
      else if (!part.dataset.at) replaceContent(place, part.content);
      else if (!growEnd(place, part)) return this.askAnew();
      if (part.dataset.place !== "tail") arrived.forEach(announceNew);
    }
    this.announceText(".doing");
  }

  // Says what an answer is doing to those who don't see it, and nothing twice. The article itself is no live region:
  // its status is replaced with the buttons beside it, and screen readers leave out what is busy.
  announceText(selector) {
    const text = spokenText(this.article.querySelector(selector));
    if (text && text !== this.announced) announce(text);
    this.announced = text || this.announced;
  }

  // Something else changed the page, such as a translator.
  askAnew() {
    this.after = "0";
    this.reopen();
  }

  say(html) {
    const place = this.article.querySelector('[data-place="status"]') ?? this.article;
    place.innerHTML = html;
    this.article.dataset.state = "gone"; // nobody knows here what becomes of it
    this.article.classList.remove("unreachable");
    this.article.removeAttribute("aria-busy");
    announce(spokenText(place));
  }
}

// A part that replaces its place makes needless what came for that place before.
function withoutReplaced(parts) {
  const replaced = new Set();
  const isNeeded = ({ dataset: { place, how } }) => {
    if (replaced.has(place)) return false;
    if (how === "replace") replaced.add(place);
    return true;
  };
  return [...parts].reverse().filter(isNeeded).reverse();
}
