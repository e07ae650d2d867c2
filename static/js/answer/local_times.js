// Days and hours on the reader's clock. The server writes them in the time zone that it knows of; where the browser is
// in another one, it is told, and what stands on the page already is written anew.

import { pageRoot } from "../shared/dom.js";

const { home, keepTimeZone, timeZone: written, timeZoneChosen } = document.body.dataset;
const isChosen = timeZoneChosen !== undefined;
const ofBrowser = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const readersZone = isChosen || !ofBrowser ? written : ofBrowser;

// As the server writes: English with the day first and 24 hours, and Western digits everywhere.
const language = pageRoot.lang === "en" ? "en-GB" : `${pageRoot.lang}-u-nu-latn`;
const dayParts = { day: "numeric", month: "short", year: "numeric" };
const formats = {
  day: formatOf(dayParts),
  moment: formatOf({ ...dayParts, hour: "numeric", minute: "2-digit" }),
};

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
    time.textContent = formats[time.dataset.shown].format(new Date(time.dateTime));
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
  document.cookie = `time_zone=${ofBrowser}; path=${home}; max-age=31536000; samesite=lax${secure}`; // for a year
  if (readersZone !== written) window.htmx.trigger(document.body, "history-changed"); // whose days are others now
}
tellZone();
