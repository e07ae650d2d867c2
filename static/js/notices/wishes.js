// Of which answers somebody wants to be notified by the browser: of one, by the button beside it, or of all they ask
// for, by the switch on their account's page. Both belong to this browser.

import { byId } from "../shared/dom.js";
import { stored } from "../shared/storage.js";
import { isPersonal } from "./kinds.js";
import { onTold, tellTabs } from "./tabs.js";

const ALL = "notify-of-all";
const SOME = "notify-of";
const MOST = 50; // answers; the oldest wishes are forgotten
const LONG = 10_000; // milliseconds after which an answer is one that people leave alone
const LOOK_EVERY = 2000; // milliseconds

const wanted = new Set(stored(SOME) ?? []); // also where the browser stores nothing
const firstSeen = new Map(); // answer -> time
// Phones show notifications through service workers only, and pages without encryption may show none.
const canNotify = typeof Notification === "function" && window.isSecureContext && !/android/i.test(navigator.userAgent);

export const wantsNotice = ({ kind, place, isOwn }) =>
  canNotify &&
  Notification.permission === "granted" &&
  (wanted.has(place.replace("answer-", "")) || ((isOwn || isPersonal({ kind })) && stored(ALL) === true));

export const forgetWish = ({ place }) => want(place.replace("answer-", ""), false);

function want(answer, isWanted) {
  if (isWanted) wanted.add(answer);
  else wanted.delete(answer);
  stored(SOME, [...wanted].slice(-MOST));
}

// Resolves to whether the browser lets us; asks the person, who has just pressed something.
async function isAllowed() {
  if (Notification.permission === "default") await Notification.requestPermission();
  if (Notification.permission === "granted") return true;
  const toast = document.createElement("div");
  toast.className = "toast warning";
  toast.append(byId("notifications-blocked").content.cloneNode(true));
  byId("toasts").append(toast);
  return false;
}

function offerNotices() {
  for (const button of document.querySelectorAll("[data-notify]")) {
    const answer = button.dataset.notify;
    if (!firstSeen.has(answer)) firstSeen.set(answer, Date.now());
    const isLong = button.parentElement.querySelector(".status-note") || Date.now() - firstSeen.get(answer) > LONG;
    if (isLong && button.hidden) button.hidden = false;
    const pressed = String(wanted.has(answer));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-notify]");
  if (!button) return;
  const { notify: answer } = button.dataset;
  const isWanted = !wanted.has(answer) && (await isAllowed());
  want(answer, isWanted);
  tellTabs({ kind: "wish", answer, isWanted });
  offerNotices();
});
onTold("wish", ({ answer, isWanted }) => {
  want(answer, isWanted);
  offerNotices();
});

function offerSwitch() {
  const box = byId("notify-of-all");
  if (!box) return;
  box.closest("section").hidden = false;
  box.checked = stored(ALL) === true && Notification.permission === "granted";
  box.addEventListener("change", async () => {
    box.checked = box.checked && (await isAllowed());
    stored(ALL, box.checked || null);
  });
}

if (canNotify) {
  document.addEventListener("parley:arrived", offerNotices);
  setInterval(offerNotices, LOOK_EVERY);
  offerNotices();
  offerSwitch();
}
