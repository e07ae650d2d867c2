// Asking, by the composer or by a button below an answer.

import { byId } from "../shared/dom.js";
import { isSignedOut } from "../shell/request_errors.js";
import { newKey } from "./composer_form.js";

const asksQuestion = (form) => form?.matches?.("#composer, [data-asks]");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "composer") event.target.querySelector(".composer-problem").replaceChildren();
});

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
    else byId("question")?.focus({ preventScroll: true });
  }
  if (event.detail.successful !== false) document.dispatchEvent(new CustomEvent("parley:to-end"));
});
