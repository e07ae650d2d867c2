// Nothing typed into a report is lost: its text is kept in the browser until it was saved.

import { byId } from "./shared/dom.js";
import { stored } from "./shared/storage.js";

const WAIT = 400; // milliseconds without a key until the draft is written: a text may be long

const form = byId("report-form");
const { text, title } = form.elements;
const notice = byId("report-draft");
const name = `report:${form.dataset.report}`;
const version = Number(form.dataset.version);
let timer = 0;

// {text, title, version, sent}, where `version` is the one that it was begun with
const write = (sent) => stored(name, { text: text.value, title: title.value, version, sent });

function use(draft) {
  text.value = draft.text;
  title.value = draft.title;
  notice.hidden = true;
}

// A draft that was sent, and after which there is a newer version, was saved: one that could not be is on the page that
// says so, and is written anew there.
function begin() {
  if ("unsaved" in form.dataset) return write(false);
  const draft = stored(name);
  if (!draft) return undefined;
  if (draft.text === text.value || (draft.sent && version > draft.version)) return stored(name, null);
  if (draft.version === version) return use(draft);
  notice.hidden = false;
  return undefined;
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => write(false), WAIT);
});

form.addEventListener("submit", () => {
  clearTimeout(timer);
  write(true);
});

notice.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-draft]")?.dataset.draft;
  if (chosen === "use") use(stored(name));
  if (chosen === "drop") stored(name, null);
  if (chosen) notice.hidden = true;
});

window.addEventListener("pagehide", () => {
  clearTimeout(timer);
  if (text.value !== text.defaultValue && !stored(name)?.sent) write(false);
});

begin();
