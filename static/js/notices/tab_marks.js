// A tab that nobody sees says in its title and icon that an answer is ready there, or that somebody asked.

import { isPersonal } from "./kinds.js";
import { isShownHere } from "./tabs.js";

const icon = document.querySelector('link[rel="icon"]');
const plainIcon = icon.href;
let mark = ""; // what stands before the title
let marked = ""; // the conversation that it is about

function markTab(notice) {
  const plain = plainTitle();
  mark = `${notice.mark} · `;
  marked = notice.conversation;
  document.title = mark + plain;
  icon.href = icon.dataset.news;
}

const plainTitle = () => (mark && document.title.startsWith(mark) ? document.title.slice(mark.length) : document.title);

function clearTab() {
  if (!mark) return;
  document.title = plainTitle();
  icon.href = plainIcon;
  mark = "";
}

document.addEventListener("visibilitychange", () => document.hidden || clearTab());
document.addEventListener("parley:notice", ({ detail: notice }) => {
  if (notice.kind === "seen") {
    if (notice.conversation === marked) clearTab();
    return;
  }
  if (notice.kind === "check") return;
  const isMeant = isShownHere(notice) || (notice.isFirst && (isPersonal(notice) || (notice.kind === "ended" && notice.isOwn)));
  const isByHand = notice.state === "stopped" || (notice.kind === "asked" && notice.isOwn);
  if (document.hidden && isMeant && !isByHand) markTab(notice);
});
