// Enter sends the question.

import { isSendKey } from "../shared/send_key.js";
import { composerForm } from "./composer_form.js";

document.addEventListener("keydown", (event) => {
  // Enter in a field for an option ends the field, and does not ask yet.
  if (event.key === "Enter" && event.target.matches("#options-panel input")) event.preventDefault();
  if (event.target.id !== "question" || !isSendKey(event)) return;
  event.preventDefault();
  if (event.altKey) return; // it opens what was answered already, and whoever presses it too soon asks nothing
  if (event.target.value.trim()) composerForm().requestSubmit();
});
