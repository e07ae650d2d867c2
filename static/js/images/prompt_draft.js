// The box in which one describes an image: Enter sends it, and its text is kept until it was sent.

import { isSendKey } from "../shared/send_key.js";
import { onForgotten, stored } from "../shared/storage.js";

const drawBox = () => document.querySelector("form#draw-box");
// One for each conversation, and each image, that led here
const promptName = () => `draft:images${drawBox().elements.conversation.value}${drawBox().elements.variant_of.value}`;
const promptDraft = () => stored(promptName()) ?? "";

let promptSent = null; // what was typed when the box was sent

function preparePrompt() {
  if (!drawBox()) return;
  const { prompt, conversation, variant_of: variantOf } = drawBox().elements;
  if (prompt.value !== prompt.defaultValue) stored(promptName(), prompt.value); // typed before this script was there
  const isNewer = promptSent !== null && promptDraft() !== promptSent; // typed while what came back was on its way
  if (!prompt.value.trim() || conversation.value || variantOf.value || isNewer) prompt.value = promptDraft() || prompt.value;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "prompt") stored(promptName(), event.target.value || null);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "prompt" || !isSendKey(event)) return;
  event.preventDefault();
  if (event.target.value.trim()) drawBox().requestSubmit();
});

// What is being drawn is no draft any more; what was typed since then is.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "draw-box") promptSent = drawBox().elements.prompt.value;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.elt.id !== "draw-box" || event.detail.xhr.status !== 200) return;
  if (promptDraft() === promptSent) stored(promptName(), null);
});
// Another tab has sent its prompt and forgotten it, which had taken the place of what stands here.
onForgotten((name, forgotten) => {
  if (!drawBox() || name !== promptName()) return;
  const text = drawBox().elements.prompt.value;
  if (text && text !== forgotten && !promptDraft()) stored(promptName(), text);
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id !== "draw-box") return;
  preparePrompt();
  drawBox()?.elements.prompt.focus({ preventScroll: true });
});

preparePrompt();
