// The name of a button that has only an icon, beside it: above everything, so that nothing cuts it off.

import { shellStyle } from "./fetched_dialog.js";

const SHOWN_AFTER = 350; // milliseconds
const GONE_AFTER = 120; // milliseconds, in which the pointer may go over to the name
const GAP = 6; // pixels

let tip = null;
let named = null; // the button
let coming = 0;
let going = 0;

export async function showTooltip(button) {
  clearTimeout(going);
  if (button === named) return;
  hideTooltip();
  named = button;
  for (const type of ["pointerleave", "blur"]) button.addEventListener(type, leaveSoon, { once: true });
  await shellStyle();
  if (named === button) coming = setTimeout(place, SHOWN_AFTER);
}

function place() {
  const isOpen = named.ariaExpanded === "true" || named.parentElement.matches("details[open]");
  if (!named.checkVisibility({ visibilityProperty: true }) || isOpen) return; // it may have hidden itself meanwhile
  tip ??= makeTip();
  document.body.append(tip);
  tip.textContent = named.ariaLabel;
  tip.showPopover();
  const at = named.getBoundingClientRect();
  const above = at.top - tip.offsetHeight - GAP;
  const middle = at.left + at.width / 2 - tip.offsetWidth / 2;
  tip.style.top = `${above < GAP ? at.bottom + GAP : above}px`;
  tip.style.left = `${Math.max(GAP, Math.min(middle, document.documentElement.clientWidth - tip.offsetWidth - GAP))}px`;
}

function makeTip() {
  const made = document.createElement("div");
  made.className = "tip";
  made.popover = "manual";
  made.ariaHidden = "true"; // it says again what the button is called
  made.addEventListener("pointerenter", () => clearTimeout(going));
  made.addEventListener("pointerleave", leaveSoon);
  return made;
}

function leaveSoon() {
  clearTimeout(going);
  going = setTimeout(hideTooltip, GONE_AFTER);
}

function hideTooltip() {
  clearTimeout(coming);
  clearTimeout(going);
  for (const type of ["pointerleave", "blur"]) named?.removeEventListener(type, leaveSoon);
  named = null;
  tip?.remove();
}

document.addEventListener("click", hideTooltip, true);
// What comes is placed where its button is then; the focus alone may have scrolled the page.
document.addEventListener("scroll", () => tip?.isConnected && hideTooltip(), { capture: true, passive: true });
document.addEventListener("keydown", ({ key }) => key === "Escape" && hideTooltip(), true);
