// Days and hours on the reader's clock. The server writes them in the time zone that it knows of; where the browser is
// in another one, it is told, and what stands on the page already is written anew.

import { pageRoot } from "../shared/dom.js";

const zoneFacts = document.body.dataset;
const isZoneChosen = zoneFacts.timeZoneChosen !== undefined;
const browsersZone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const readersZone = isZoneChosen || !browsersZone ? zoneFacts.timeZone : browsersZone;

// As the server writes: English with the day first and 24 hours, and Western digits everywhere.
const timeLanguage = pageRoot.lang === "en" ? "en-GB" : `${pageRoot.lang}-u-nu-latn`;
const dayFormat = timeFormat({ day: "numeric", month: "short", year: "numeric" });
const clockFormat = timeFormat({ timeStyle: "short" });

function timeFormat(parts) {
  try {
    return new Intl.DateTimeFormat(timeLanguage, { ...parts, timeZone: readersZone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat(timeLanguage, parts); // a zone that this browser does not know
  }
}

export function showLocalTimes(root) {
  if (readersZone === zoneFacts.timeZone) return;
  for (const time of root.querySelectorAll("time[data-shown]")) {
    const at = new Date(time.dateTime);
    const day = dayFormat.format(at);
    const both = () => zoneFacts.moment.replace("{1}", day).replace("{0}", clockFormat.format(at));
    time.textContent = time.dataset.shown === "day" ? day : both();
  }
}

async function tellZone() {
  if (!browsersZone || document.cookie.split("; ").includes(`time_zone=${browsersZone}`)) return;
  if (zoneFacts.keepTimeZone) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const body = new URLSearchParams({ time_zone: browsersZone });
    const kept = await fetch(zoneFacts.keepTimeZone, { method: "POST", headers, body }).catch(() => null);
    if (!kept) return; // the next page tries again
  }
  const secure = location.protocol === "https:" ? "; secure" : "";
  const year = 31_536_000; // seconds
  document.cookie = `time_zone=${browsersZone}; path=${zoneFacts.home}; max-age=${year}; samesite=lax${secure}`;
  if (readersZone !== zoneFacts.timeZone) window.htmx.trigger(document.body, "history-changed"); // in other days now
}
tellZone();
