// What was seen here is unread nowhere any more, and the list of conversations says so.

import { byId } from "../shared/dom.js";
import { shownConversation } from "./tabs.js";

const TOGETHER = 300; // milliseconds in which what is seen is told at once

let told = ""; // the conversation of which nothing has ended since
let telling;

function tellSeen() {
  const conversation = shownConversation();
  if (document.hidden || !conversation || conversation === told || !byId("conversation")) return;
  told = conversation;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const forget = () => (told = "");
  fetch(`${conversation}seen/`, { method: "POST", headers, keepalive: true }).then(({ ok }) => ok || forget(), forget);
}

// Whoever leaves at once has seen it, too.
window.addEventListener("pagehide", () => {
  clearTimeout(telling);
  tellSeen();
});

function tellSoon() {
  clearTimeout(telling);
  telling = setTimeout(tellSeen, TOGETHER);
}

document.addEventListener("parley:ended", () => {
  told = "";
  tellSoon();
});
document.addEventListener("visibilitychange", tellSoon);
document.addEventListener("htmx:afterSettle", tellSoon);
document.addEventListener("parley:notice", ({ detail: notice }) => {
  if (notice.kind === "ended" && shownConversation().includes(notice.conversation)) {
    told = "";
    tellSoon();
  }
  if (!document.hidden && notice.kind !== "asked" && notice.kind !== "check") window.htmx?.trigger(document.body, "history-changed");
});
tellSoon();
