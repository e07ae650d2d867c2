// Nothing typed is ever lost: the text of a question, and the options set for it, are kept in the browser until they
// were asked. There is one draft for each conversation, and one for the next new one. Where two tabs write in the same
// place the last word is kept, and a tab forgets and moves only what is its own.

import { settingsOf } from "../options/option_fields.js";
import { isSignedOut } from "../shell/request_errors.js";
import { onForgotten, stored } from "../shared/storage.js";
import { composerForm } from "./composer_form.js";

// {text, sent}, where `sent` is the key with which it was sent
export const textDraft = {
  read: (form) => stored(`draft:${form.dataset.draft}`),
  write: (form, draft) => stored(`draft:${form.dataset.draft}`, draft),
};

// {model, options}, which options.js writes
export const optionsDraft = {
  read: (form) => stored(`options:${form.dataset.draft}`),
  drop: (form) => stored(`options:${form.dataset.draft}`, null),
};

let keySent = ""; // with which the last question was sent
let optionsSent = ""; // what was set then
let askedFrom = null; // the place of the draft from which it was asked
let ownDrafts = []; // the kinds of drafts in that place that were written here since then

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "composer") return;
  keySent = form.elements.key.value;
  textDraft.write(form, { text: form.elements.text.value, sent: keySent });
  optionsSent = JSON.stringify(settingsOf(form));
});

// The question may have arrived though nothing said so: the same key asks it once.
export function sendAgain(form, key) {
  form.elements.key.value = key;
  keySent = key;
}

// What was asked is no draft any more; what was typed and set since then, or in another tab, is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (form.id !== "composer" || event.detail.xhr.status >= 300 || isSignedOut(event.detail.xhr)) return;
  if (keySent && textDraft.read(form)?.sent === keySent) textDraft.write(form, null);
  if (JSON.stringify(optionsDraft.read(form)) === optionsSent) optionsDraft.drop(form);
  askedFrom = form.dataset.draft;
  ownDrafts = [];
  if (textDraft.read(form)?.text === form.elements.text.value) ownDrafts.push("draft");
  if (JSON.stringify(optionsDraft.read(form)) === JSON.stringify(settingsOf(form))) ownDrafts.push("options");
  if (form.querySelector(".tile")) ownDrafts.push("attachments");
});

// What was typed and set here while the first question of a conversation was on its way goes on below that question.
export function moveDrafts(form) {
  const [from, to] = [askedFrom, form.dataset.draft];
  askedFrom = null;
  if (!from || from === to) return;
  for (const kind of ownDrafts) {
    stored(`${kind}:${to}`, stored(`${kind}:${from}`));
    stored(`${kind}:${from}`, null);
  }
}

// Another tab has sent its question and forgotten its draft, which had taken the place of what stands here. A page that
// is left at that moment may not have heard of it yet.
function keepWhatStandsHere(form, forgotten) {
  const { text, key } = form.elements;
  const isSent = text.value === forgotten?.text || key.value === keySent;
  if (text.value && !isSent && textDraft.read(form) === null) textDraft.write(form, { text: text.value });
}

onForgotten((name, forgotten) => {
  const form = composerForm();
  if (form && name === `draft:${form.dataset.draft}`) keepWhatStandsHere(form, forgotten);
});

window.addEventListener("pagehide", () => {
  const form = composerForm();
  if (form && form.elements.text.value !== form.elements.text.defaultValue) keepWhatStandsHere(form);
});
