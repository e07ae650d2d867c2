// Checked citations: their states at the marks in the text, and the panel that shows them one by one.

import { openCheckPanel } from "./checks/panel.js";
import { wearMarkStates } from "./checks/mark_states.js";

export const wearStates = (line) => wearMarkStates(line);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-check-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  openCheckPanel(link);
});
