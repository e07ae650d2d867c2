// Attaching by choosing, pasting and dropping; and a question that waits until its uploads are there.

import { byId } from "../shared/dom.js";
import { composerForm } from "./composer_form.js";
import { withAttachments } from "./lazy_scripts.js";

const attach = (files) =>
  withAttachments(composerForm(), (script) => script.add(composerForm(), files), byId("question"));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-attach]");
  if (button) withAttachments(composerForm(), (script) => script.choose(composerForm()), button);
});

// Who copies a table or a text gets its picture along, and means the text.
document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text/plain");
  if (event.target.id !== "question" || !files.length || (text && !files.some(({ name }) => name === text))) return;
  event.preventDefault();
  attach(files);
});

function dragFiles(event) {
  if (!composerForm() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  composerForm().classList.toggle("dropping", event.type === "dragover");
  if (event.type === "drop") attach([...event.dataTransfer.files]);
}
document.addEventListener("dragover", dragFiles);
document.addEventListener("drop", dragFiles);
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) composerForm()?.classList.remove("dropping");
});

// A question with attachments goes when they are there; htmx hears of it then.
const complete = new WeakSet(); // the forms that may go now
function sendComplete(event) {
  const form = event.target;
  if (form.id !== "composer" || !form.querySelector(".tile") || complete.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // A browser that still tells of a submission does not take another one.
  const send = () => setTimeout(() => complete.add(form) && form.requestSubmit());
  withAttachments(form, (script) => script.ready(form) && send(), form);
}
document.addEventListener("submit", sendComplete, true);
