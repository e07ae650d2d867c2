// Enter sends the question; and where the keyboard goes on after a model was chosen.

import { byId } from "../shared/dom.js";
import { isSendKey } from "../shared/send_key.js";
import { composerForm } from "./composer_form.js";

document.addEventListener("keydown", (event) => {
  // Enter in a field for an option ends the field, and does not ask yet.
  if (event.key === "Enter" && event.target.matches("#options-panel input")) event.preventDefault();
  if (event.target.id !== "question" || !isSendKey(event)) return;
  event.preventDefault();
  if (event.target.value.trim()) composerForm().requestSubmit();
});

// Choosing a model with the pointer closes the list; with the keyboard one goes on comparing.
document.addEventListener("click", (event) => {
  const menu = event.detail > 0 && event.target.closest(".model:has(:enabled)")?.closest("details");
  if (!menu) return;
  setTimeout(() => {
    menu.open = false;
    byId("question").focus({ preventScroll: true });
  });
});
