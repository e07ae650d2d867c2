// The browser's own notification that an answer is ready, for whoever asked for it and sees no tab of Parley.

import { isPersonal } from "./kinds.js";
import { isShownHere, onTold, tellTabs } from "./tabs.js";
import { forgetWish, wantsNotice } from "./wishes.js";

const ANSWER_WITHIN = 300; // milliseconds

let isSeenElsewhere = false;

async function isSeen() {
  isSeenElsewhere = false;
  tellTabs({ kind: "who-is-seen" });
  await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN));
  return !document.hidden || isSeenElsewhere;
}

async function notify(notice) {
  if (await isSeen()) return;
  const icon = document.querySelector('link[rel="icon"]').href;
  const shown = new Notification(notice.text, { body: notice.title, tag: notice.key, icon });
  shown.addEventListener("click", () => {
    shown.close();
    window.focus();
    if (!isShownHere(notice)) window.open(notice.address);
  });
}

onTold("who-is-seen", () => document.hidden || tellTabs({ kind: "seen-here" }));
onTold("seen-here", () => (isSeenElsewhere = true));
document.addEventListener("parley:notice", ({ detail: notice }) => {
  const isNews = (notice.kind === "ended" && notice.state !== "stopped") || isPersonal(notice);
  if (isNews && notice.isFirst && wantsNotice(notice)) notify(notice);
  if (notice.kind === "ended") forgetWish(notice);
});
