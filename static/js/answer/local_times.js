// Days and hours on the reader's clock. The server writes them in the time zone that it knows of; where the browser is
// in another one, it is told, and what stands on the page already is written anew.

import { pageRoot } from "../shared/dom.js";

const { home, keepTimeZone, moment, timeZone: written, timeZoneChosen } = document.body.dataset;
const isChosen = timeZoneChosen !== undefined;
const ofBrowser = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const readersZone = isChosen || !ofBrowser ? written : ofBrowser;

// As the server writes: English with the day first and 24 hours, and Western digits everywhere.
const language = pageRoot.lang === "en" ? "en-GB" : `${pageRoot.lang}-u-nu-latn`;
const dayFormat = formatOf({ day: "numeric", month: "short", year: "numeric" });
const clockFormat = formatOf({ timeStyle: "short" });

function formatOf(parts) {
  try {
    return new Intl.DateTimeFormat(language, { ...parts, timeZone: readersZone || "UTC" });
  } catch {
    return new Intl.DateTimeFormat(language, parts); // a zone that this browser does not know
  }
}

export function showLocalTimes(root) {
  if (readersZone === written) return;
  for (const time of root.querySelectorAll("time[data-shown]")) {
    const at = new Date(time.dateTime);
    const day = dayFormat.format(at);
    time.textContent =
      time.dataset.shown === "day" ? day : moment.replace("{1}", day).replace("{0}", clockFormat.format(at));
  }
}

async function tellZone() {
  if (!ofBrowser || document.cookie.split("; ").includes(`time_zone=${ofBrowser}`)) return;
  if (keepTimeZone) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const body = new URLSearchParams({ time_zone: ofBrowser });
    const kept = await fetch(keepTimeZone, { method: "POST", headers, body }).catch(() => null);
    if (!kept) return; // the next page tries again
  }
  const secure = location.protocol === "https:" ? "; secure" : "";
  const year = 31_536_000; // seconds
  document.cookie = `time_zone=${ofBrowser}; path=${home}; max-age=${year}; samesite=lax${secure}`;
  if (readersZone !== written) window.htmx.trigger(document.body, "history-changed"); // whose days are others now
}
tellZone();
