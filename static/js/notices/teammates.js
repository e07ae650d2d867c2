// What a teammate asks in the conversation that is open here, what changed of a question that is followed, that a watch
// stopped, and that something ends which one has verified: said quietly, with a way there. The page stays where it is.

import { byId } from "../shared/dom.js";
import { isPersonal } from "./kinds.js";
import { isShownHere } from "./tabs.js";

let unseen = null; // what came while nobody saw the page

function say(notice) {
  const isAsked = notice.kind === "asked";
  if (isAsked) for (const older of document.querySelectorAll(".toast[data-asked]")) older.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  if (isAsked) toast.dataset.asked = "";
  const words = document.createElement("p");
  words.textContent = ["verification", "stopped", "other"].includes(notice.kind) ? `${notice.text}: ${notice.title}` : notice.text;
  const show = document.createElement("button");
  show.type = "button";
  show.className = "button";
  show.textContent = notice.show;
  show.addEventListener("click", () => {
    toast.remove();
    goTo(notice);
  });
  toast.append(words, show);
  byId("toasts").append(toast);
}

function goTo({ place, address }) {
  const there = byId(place);
  if (!there) return location.assign(address);
  there.tabIndex = -1;
  there.scrollIntoView({ block: "start", behavior: "instant" });
  there.focus({ preventScroll: true });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !unseen) return;
  say(unseen);
  unseen = null;
});
document.addEventListener("parley:notice", ({ detail: notice }) => {
  if (isPersonal(notice) && notice.isFirst && !document.hidden) say(notice); // a hidden tab says it in its title
  const isAsked = notice.kind === "asked" && !notice.isOwn && isShownHere(notice);
  if (!isAsked && !(notice.kind === "verification" && notice.isFirst)) return;
  if (isAsked) window.htmx?.trigger(document.body, "question-asked");
  if (document.hidden) unseen = notice;
  else say(notice);
});
