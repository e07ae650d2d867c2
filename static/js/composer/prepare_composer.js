// A composer that comes with the page, or with an answer, gets its drafts back.

import { stored } from "../shared/storage.js";
import { composerForm, growToText } from "./composer_form.js";
import { moveDrafts, optionsDraft, sendAgain, textDraft } from "./drafts.js";
import { withAttachments, withConversation, withOptions } from "./lazy_scripts.js";

const isAsked = (text) =>
  [...document.querySelectorAll(".question-text")].some((asked) => asked.textContent.trim() === text.trim());

function restoreText(form) {
  const draft = textDraft.read(form);
  if (draft?.sent && isAsked(draft.text)) {
    textDraft.write(form, null); // it arrived, though the page that said so did not
    optionsDraft.drop(form);
    return;
  }
  const area = form.elements.text;
  if ("shared" in form.dataset) {
    keepShared(form, draft);
    return;
  }
  const isNewer = draft && !draft.sent && form.querySelector(".composer-problem p"); // than the text that was refused
  if (!draft || (area.value.trim() && !isNewer)) return;
  area.value = draft.text;
  if (draft.sent) sendAgain(form, draft.sent);
}

// What another app shared comes after what was written before. A reload brings both, not what was shared once more.
function keepShared(form, draft) {
  const area = form.elements.text;
  if (draft && !draft.sent) area.value = `${draft.text}\n\n${area.value}`;
  textDraft.write(form, { text: area.value });
  history.replaceState(history.state, "", location.pathname);
}

function prepareComposer() {
  const form = composerForm();
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "yes";
  withConversation(form);
  moveDrafts(form);
  restoreText(form);
  growToText(form.elements.text);
  form.removeAttribute("enctype"); // files do not come with the form where scripts upload them
  const isAttached = form.querySelector(".tile") || stored(`attachments:${form.dataset.draft}`);
  if (isAttached) withAttachments(form, (script) => script.restore(form));
  if (form.dataset.preset) {
    history.replaceState(history.state, "", location.pathname); // a reload brings the draft, not the preset once more
    withOptions(form, (script) => script.changed(form));
  } else if (optionsDraft.read(form)) {
    withOptions(form, (script) => script.restore(form));
  }
}

document.addEventListener("htmx:load", prepareComposer);
for (const example of document.querySelectorAll("[data-example]")) example.hidden = false;
prepareComposer();
