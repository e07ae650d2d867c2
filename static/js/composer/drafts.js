// Nothing typed is ever lost: the text of a question, and the options set for it, are kept in the browser until they
// were asked. There is one draft for each conversation, and one for the next new one.

import { isSignedOut } from "../shell/request_errors.js";
import { stored } from "../shared/storage.js";

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

let optionsSent = ""; // the draft of the options when the question was sent
let askedFrom = null; // the place of the draft from which the last question was asked

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "composer") return;
  textDraft.write(form, { text: form.elements.text.value, sent: form.elements.key.value });
  optionsSent = JSON.stringify(optionsDraft.read(form));
});

// What was asked is no draft any more; what was typed and set since then is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (form.id !== "composer" || event.detail.xhr.status >= 300 || isSignedOut(event.detail.xhr)) return;
  if (textDraft.read(form)?.sent) textDraft.write(form, null);
  if (JSON.stringify(optionsDraft.read(form)) === optionsSent) optionsDraft.drop(form);
  askedFrom = form.dataset.draft;
});

// What was typed and set while the first question of a conversation was on its way goes on below that question.
export function moveDrafts(form) {
  const [from, to] = [askedFrom, form.dataset.draft];
  askedFrom = null;
  if (!from || from === to) return;
  for (const kind of ["draft", "options"]) {
    const draft = stored(`${kind}:${from}`);
    if (!draft) continue;
    stored(`${kind}:${to}`, draft);
    stored(`${kind}:${from}`, null);
  }
}
