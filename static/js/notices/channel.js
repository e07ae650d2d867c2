// One stream of notices for all tabs of a browser: browsers open few connections to one host. The tab that was seen last
// holds it and tells the others. When that one goes, another takes it, also a hidden one.

import { stored } from "../shared/storage.js";
import { NAME, hasOtherTabs, onTold, tellTabs } from "./tabs.js";

const SHORTEST_WAIT = 1000; // milliseconds
const LONGEST_WAIT = 60_000;
const POLL_AFTER = 500;
const PATIENCE = 5000; // a stream says at once that it is connected, unless a proxy holds it back
const LOOK_AGAIN_AFTER = 600_000; // somebody may have mended the proxy
const WHO_TAKES_IT = 300; // milliseconds in which tabs agree on a successor, where the browser has no locks
const MOST_HEARD = 200;

const { notices: address, now } = document.body.dataset;
const heard = new Set(); // keys of notices
let after = Number(now) * 1000; // the number of the last notice; the page knows what was before
let release = null; // gives the stream to another tab; null in a tab that does not have it
let waiting = null; // for it to be free
let source = null;
let failures = 0;
let heldBackAt = 0; // when that was found out here
let timer;

export const holdsStream = () => release !== null;

// --- who holds it ---------------------------------------------------------------------------------

function hold() {
  waiting = null;
  return new Promise((resolve) => {
    release = resolve;
    connect();
  });
}

function letGo() {
  disconnect();
  release?.();
  release = null;
}

function lost() {
  if (!holdsStream()) return;
  letGo();
  waitForIt();
}

function waitForIt() {
  if (!navigator.locks) return;
  waiting = new AbortController();
  navigator.locks.request(NAME, { signal: waiting.signal }, hold).catch(lost);
}

function take() {
  if (holdsStream()) return connect();
  waiting?.abort();
  if (navigator.locks) navigator.locks.request(NAME, { steal: true }, hold).catch(lost);
  else {
    tellTabs({ kind: "held" });
    hold();
  }
}

function noteVisibility() {
  if (!document.hidden) take();
  else if (!hasOtherTabs) letGo();
}

onTold("held", () => {
  clearTimeout(timer);
  letGo();
});
onTold("free", () => {
  if (!navigator.locks && !holdsStream()) timer = setTimeout(take, Math.random() * WHO_TAKES_IT);
});
document.addEventListener("visibilitychange", noteVisibility);
window.addEventListener("pagehide", () => {
  waiting?.abort();
  if (holdsStream()) tellTabs({ kind: "free" });
  letGo();
});
window.addEventListener("pageshow", ({ persisted }) => persisted && noteVisibility());
window.addEventListener("online", () => holdsStream() && reconnect());

// --- the stream -----------------------------------------------------------------------------------

function connect() {
  clearTimeout(timer);
  if (source || !holdsStream()) return;
  const isPoll = Date.now() - Math.max(heldBackAt, stored("held-back")?.at ?? 0) < LOOK_AGAIN_AFTER;
  const from = `${address}?after=${after}`;
  const stream = new EventSource(isPoll ? `${from}&poll=1` : from);
  source = stream;
  let isAnswered = false;
  const take = (work) => (event) => {
    if (source !== stream) return;
    failures = 0;
    isAnswered = true;
    work(event);
  };
  if (!isPoll) timer = setTimeout(() => isAnswered || pollInstead(), PATIENCE);
  stream.addEventListener("connected", take(() => {}));
  stream.addEventListener("notice", take(({ data, lastEventId }) => hear(JSON.parse(data), Number(lastEventId))));
  stream.addEventListener("gone", take(letGo)); // signed out
  stream.addEventListener("error", () => source === stream && goOn(isPoll && isAnswered));
}

function pollInstead() {
  heldBackAt = Date.now();
  reconnect();
}

function disconnect() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function reconnect() {
  disconnect();
  connect();
}

function goOn(hasPolled) {
  disconnect();
  failures += hasPolled ? 0 : 1;
  const wait = hasPolled ? POLL_AFTER : Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** (failures - 1));
  timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
}

function hear(notice, number) {
  tellTabs({ kind: "notice", notice, number });
  note(notice, number);
}

function note(notice, number) {
  after = Math.max(after, number);
  if (heard.has(notice.key)) return;
  heard.add(notice.key);
  if (heard.size > MOST_HEARD) heard.delete(heard.values().next().value);
  document.dispatchEvent(new CustomEvent("parley:notice", { detail: { ...notice, isFirst: holdsStream() } }));
}

onTold("notice", ({ notice, number }) => note(notice, number));
if (document.hidden) waitForIt();
else take();
