// Answers that are being written: follows each one's stream and puts what comes into its places.
//
// A native EventSource reconnects with an address that never changes and gives up for good on a 503. So it is closed on
// the first error, and a new one is made that asks for what comes after the last number received.

const SHORTEST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 15_000;
const HIDDEN_PATIENCE = 20_000; // a tab that nobody sees gives its connection back after this time
const MOMENT = 100; // milliseconds
const FAILURES_TO_MENTION = 3;

const streams = new Map(); // article -> Stream
let asleep = false;
let sleepTimer;

class Stream {
  constructor(article) {
    this.article = article;
    this.after = article.dataset.after || "0";
    this.failures = 0;
    this.queue = [];
    this.drawnAt = -MOMENT;
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.source || this.over || asleep) return;
    const source = new EventSource(`${this.article.dataset.stream}?after=${encodeURIComponent(this.after)}`);
    this.source = source;
    const take = (work) => (event) => {
      if (this.source !== source) return; // a late event of a connection that was given up
      this.failures = 0;
      if (event.lastEventId) this.after = event.lastEventId;
      work(event.data);
    };
    source.addEventListener("update", take((html) => this.enqueue(() => this.update(html))));
    source.addEventListener("final", take((html) => this.end(() => settle(this.article, html))));
    source.addEventListener("gone", take((html) => this.end(() => this.say(html))));
    source.addEventListener("open", () => this.article.classList.remove("unreachable"));
    source.addEventListener("error", () => this.source === source && this.retry());
  }

  pause() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  retry() {
    this.pause();
    this.failures += 1;
    this.article.classList.toggle("unreachable", this.failures >= FAILURES_TO_MENTION);
    const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  close() {
    this.over = true;
    this.pause();
    streams.delete(this.article);
  }

  end(work) {
    this.close();
    this.article.removeAttribute("data-stream");
    this.enqueue(work);
  }

  // Everything that comes within a moment is put into the page together, the first words at once: laying the page out
  // costs more than all the rest. Nobody sees the frames of a hidden tab.
  enqueue(work) {
    this.queue.push(work);
    if (this.queue.length > 1) return;
    const flush = () => {
      const works = this.queue;
      this.queue = [];
      const held = holdPlace();
      for (const one of works) one();
      held();
      this.drawnAt = performance.now();
    };
    const rest = this.drawnAt + MOMENT - performance.now();
    if (document.hidden) setTimeout(flush);
    else if (rest > 0) setTimeout(() => requestAnimationFrame(flush), rest);
    else requestAnimationFrame(flush);
  }

  update(html) {
    const parcel = document.createElement("template");
    parcel.innerHTML = html;
    for (const part of parcel.content.children) {
      const place = this.article.querySelector(`:scope [data-place="${part.dataset.place}"]`);
      if (part.dataset.state) this.article.dataset.state = part.dataset.state;
      if (!place) continue;
      if (part.dataset.how === "append") place.append(part.content);
      else replaceContent(place, part.content);
      if (part.dataset.place !== "tail") announceNew(place);
    }
  }

  say(html) {
    const place = this.article.querySelector('[data-place="status"]') ?? this.article;
    place.innerHTML = html;
    this.article.removeAttribute("aria-busy");
  }
}

// What somebody opened stays open, and closed what was closed; what was scrolled inside stays scrolled, at the end stays
// at the end, and the keyboard keeps its place.
function replaceContent(place, content) {
  for (const old of place.querySelectorAll("details[data-keep]")) {
    const fresh = content.querySelector(`details[data-keep="${old.dataset.keep}"]`);
    if (fresh && old.open !== ("unfolded" in old.dataset)) fresh.open = old.open;
  }
  const list = place.querySelector("ol");
  const [left, top] = [list?.scrollLeft ?? 0, list?.scrollTop ?? 0];
  const atEnd = top > 0 && list.scrollHeight - list.clientHeight - top < 8;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  place.replaceChildren(content);
  const successor = left || top ? place.querySelector("ol") : null;
  successor?.scrollTo({ left, top: atEnd ? successor.scrollHeight : top, behavior: "instant" });
  if (focused) (place.querySelector(focused.localName) ?? place.closest("article")).focus({ preventScroll: true });
}

// The finished article takes the place of the one being written. What is the same in both is left alone, so that
// nothing flickers, nothing jumps and a selection survives.
function settle(article, html) {
  const parcel = document.createElement("template");
  parcel.innerHTML = html;
  const fresh = parcel.content.querySelector("article");
  if (!fresh) return;
  document.dispatchEvent(new CustomEvent("parley:arrived", { detail: fresh }));
  for (const name of article.getAttributeNames()) {
    if (!fresh.hasAttribute(name)) article.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) article.setAttribute(name, value);
  for (const place of article.querySelectorAll("[data-place]")) {
    const successor = fresh.querySelector(`[data-place="${place.dataset.place}"]`);
    if (!successor || place.innerHTML.trim() === successor.innerHTML.trim()) continue;
    if (place.dataset.place === "blocks") settleBlocks(place, successor);
    else replaceContent(place, successor.content ?? fragmentOf(successor));
    announceNew(place);
  }
  article.querySelector("noscript")?.remove();
  document.dispatchEvent(new CustomEvent("parley:ended", { detail: article }));
}

function settleBlocks(place, successor) {
  const old = [...place.childNodes].filter((node) => node.nodeType !== Node.TEXT_NODE || node.data.trim());
  const wanted = [...successor.childNodes].filter((node) => node.nodeType !== Node.TEXT_NODE || node.data.trim());
  let same = 0;
  while (same < old.length && same < wanted.length && old[same].isEqualNode(wanted[same])) same += 1;
  for (const node of old.slice(same)) node.remove();
  place.append(...wanted.slice(same));
}

function fragmentOf(element) {
  const fragment = document.createDocumentFragment();
  fragment.append(...element.childNodes);
  return fragment;
}

function announceNew(place) {
  window.htmx?.process(place);
  document.dispatchEvent(new CustomEvent("parley:arrived", { detail: place }));
}

// --- Following the end -------------------------------------------------------------------------------

let following = false;
let lastTop = 0;
const page = document.documentElement;
const distanceToEnd = () => page.scrollHeight - window.innerHeight - window.scrollY;

function lookWhereReaderIs() {
  const distance = distanceToEnd();
  if (distance <= 1) following = true;
  else if (window.scrollY < lastTop) following = false;
  else if (distance < 8) following = true;
  lastTop = window.scrollY;
  const jump = document.getElementById("jump");
  if (jump) jump.hidden = following || distance < window.innerHeight / 3;
}

// Returns what to call once the page has grown: it goes along with the end if the reader was there.
function holdPlace() {
  return () => {
    if (following && document.getElementById("exchanges")) toEnd();
    else requestAnimationFrame(lookWhereReaderIs);
  };
}

function toEnd() {
  window.scrollTo({ top: page.scrollHeight, behavior: "instant" });
  following = true;
}

document.addEventListener("scroll", lookWhereReaderIs, { passive: true });
document.addEventListener(
  "wheel",
  (event) => {
    if (event.deltaY < 0 && window.scrollY > 0) following = false; // before the first scrolled pixel
  },
  { passive: true },
);
document.addEventListener("click", (event) => {
  if (!event.target.closest("#jump")) return;
  toEnd();
  lookWhereReaderIs();
  document.getElementById("question")?.focus({ preventScroll: true });
});
document.addEventListener("parley:to-end", toEnd);
document.addEventListener("htmx:load", (event) => event.detail.elt.matches?.(".exchange") && holdPlace()());
following = distanceToEnd() <= 1;

// --- Which streams are open --------------------------------------------------------------------------

function look() {
  for (const [article, stream] of streams) if (!article.isConnected) stream.close();
  for (const article of document.querySelectorAll("article[data-stream]")) {
    if (!streams.has(article)) streams.set(article, new Stream(article));
  }
}

function lookWhetherSeen() {
  clearTimeout(sleepTimer);
  if (!document.hidden) {
    reopen();
    return;
  }
  look();
  sleepTimer = setTimeout(() => {
    asleep = true;
    streams.forEach((stream) => stream.pause());
  }, HIDDEN_PATIENCE);
}

function reopen() {
  asleep = false;
  look();
  for (const stream of streams.values()) stream.open();
}

document.addEventListener("visibilitychange", lookWhetherSeen);
window.addEventListener("online", reopen);
window.addEventListener("pagehide", () => streams.forEach((stream) => stream.pause()));
window.addEventListener("pageshow", (event) => event.persisted && reopen());
document.addEventListener("htmx:load", look);
document.addEventListener("htmx:afterSwap", look);
lookWhetherSeen();
