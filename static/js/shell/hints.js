// Who rests on a button that has only an icon, with a pointer or by the keyboard, is shown what it is called.

import { withShell } from "./shortcuts.js";

for (const type of ["pointerover", "focusin"]) {
  document.addEventListener(type, (event) => {
    const button = event.target.closest?.(".icon-button[aria-label]:not([title])");
    const isResting = type === "focusin" ? button?.matches(":focus-visible") : event.pointerType !== "touch";
    if (button && isResting) withShell((shell) => shell.tooltip(button));
  });
}
