// Asking, by the composer or by a button below an answer.

import { byId } from "../shared/dom.js";
import { isSignedOut } from "../shell/request_errors.js";
import { focusQuestion, growToText, isTouch, newKey } from "./composer_form.js";
import { moveDrafts } from "./drafts.js";
import { withConversation } from "./lazy_scripts.js";

const asksQuestion = (form) => form?.matches?.("#composer, [data-asks]");
let sent; // what the composer sent last

document.addEventListener("htmx:beforeRequest", ({ target: form }) => {
  if (form.id !== "composer") return;
  form.querySelector(".composer-problem").replaceChildren();
  sent = new FormData(form);
  if (!isTouch()) return;
  form.elements.text.removeAttribute("autofocus"); // htmx would heed it when the box goes along
  form.elements.text.blur();
});

// The composer stays, without what was sent: what was typed and attached meanwhile is there still.
document.addEventListener("htmx:afterSwap", ({ detail: { requestConfig, xhr } }) => {
  const form = requestConfig?.elt;
  if (form?.id !== "composer" || form !== byId("composer") || xhr.status >= 300) return;
  join(form, byId("conversation").dataset);
  const { key, text } = form.elements;
  if (key.value === sent.get("key")) key.value = newKey();
  if (text.value === sent.get("text")) text.value = "";
  growToText(text);
  const ids = sent.getAll("attachment");
  const gone = [...form.querySelectorAll(".tile [name=attachment]")].filter(({ value }) => ids.includes(value));
  for (const field of gone) field.closest(".tile").remove();
  if (gone.length) form.dispatchEvent(new Event("parley:tiles-changed", { bubbles: true }));
  for (const box of form.querySelectorAll("[name=whole]:checked")) box.checked = !sent.getAll("whole").includes(box.value);
  for (const note of form.querySelectorAll(".option-notes p:not(.estimate)")) note.remove();
  for (const menu of form.querySelectorAll("details[open]")) menu.open = false;
});

// The first question of a conversation takes the composer along.
function join(form, { id, ask, hint }) {
  if (!ask || form.dataset.draft === id) return;
  form.dataset.draft = id;
  form.action = ask;
  form.elements.text.placeholder = hint;
  const places = { "hx-post": ask, "hx-target": "#exchanges", "hx-swap": "beforeend show:none", "hx-include": "#newer" };
  for (const [name, value] of Object.entries(places)) form.setAttribute(name, value);
  moveDrafts(form);
  withConversation(form);
  window.htmx.process(form);
}

// The next press on the same button is another question.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (!form.matches?.("[data-asks]") || event.detail.xhr.status >= 300 || isSignedOut(event.detail.xhr)) return;
  form.elements.key.value = newKey();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!asksQuestion(form)) return;
  const title = byId("conversation")?.dataset.title;
  if (title) document.title = title;
  window.htmx.trigger(document.body, "history-changed");
  if (form.id === "composer") {
    const wrong = document.querySelector("#options[open] .option:has(.field-error p) :is(input, select, textarea)");
    if (wrong) wrong.focus();
    else focusQuestion();
  }
  if (event.detail.xhr.status < 300) document.dispatchEvent(new CustomEvent("parley:asked", { detail: form }));
});
