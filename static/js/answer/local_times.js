// The server writes times by its own clock; a reader sees them by theirs. The server's format is kept.

import { pageRoot } from "../shared/dom.js";

const language = pageRoot.lang === "en" ? "en-GB" : pageRoot.lang;
const dayFormat = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" });
const hourFormat = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

export function onReadersClock(time) {
  const at = new Date(time.dateTime);
  return time.textContent.includes(":") ? `${dayFormat.format(at)}, ${hourFormat.format(at)}` : dayFormat.format(at);
}
