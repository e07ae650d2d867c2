// Menus close when one looks elsewhere.

import { byId } from "../shared/dom.js";

function closeMenus(elsewhere) {
  if (elsewhere?.closest?.("dialog")) return; // it stands above the menu from which it came
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(elsewhere)) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target));

// Between the press on something and its click nothing closes: the page could shift, and the click would miss.
let isPressed = false;
for (const type of ["pointerdown", "pointerup", "pointercancel"]) {
  document.addEventListener(type, () => (isPressed = type === "pointerdown"), { capture: true, passive: true });
}

// The keyboard leaves a menu by going on. What got the focus may surround the menu: that is not leaving it.
document.addEventListener("focusin", (event) => {
  if (!isPressed && !event.target.querySelector("[data-menu][open]")) setTimeout(closeLeftMenus);
});

// The focus may have gone on meanwhile, into a menu that was opened only now.
function closeLeftMenus() {
  const at = document.activeElement;
  if (at !== document.body && !at.querySelector("[data-menu][open]")) closeMenus(at);
}

// Closes the innermost open menu; false when none is open.
export function closeInnermostMenu() {
  const menu = [...document.querySelectorAll("[data-menu][open]")].at(-1);
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

// The sidebar's list scrolls and would cut its menus off, so these float above the page.
function floatMenu(event) {
  const menu = event.target;
  if (!menu.matches?.(".history [data-menu]") || !menu.open) return;
  const list = menu.querySelector(".menu-list");
  const at = menu.getBoundingClientRect();
  const room = window.innerHeight - at.bottom;
  list.style.position = "fixed";
  const isFar = at.left > window.innerWidth / 2; // it grows away from the edge when its content has come
  list.style.left = isFar ? "auto" : `${Math.max(12, at.left)}px`;
  list.style.right = isFar ? `${Math.max(12, window.innerWidth - at.right)}px` : "auto";
  list.style.insetBlock = room > 280 ? `${at.bottom + 4}px auto` : `auto ${window.innerHeight - at.top + 4}px`;
}
document.addEventListener("toggle", floatMenu, true);

// An answer's figures open upwards, unless the answer is so short that they would vanish above the page.
function turnFigures(event) {
  const menu = event.target;
  if (!menu.matches?.(".figures[data-menu]") || !menu.open) return;
  const above = document.querySelector(".conversation-head")?.getBoundingClientRect().bottom ?? 0;
  const list = menu.querySelector(".menu-list");
  const isShort = menu.getBoundingClientRect().top - above < list.offsetHeight + 8;
  menu.classList.toggle("opens-down", isShort);
  if (isShort) list.scrollIntoView({ block: "nearest" });
}
document.addEventListener("toggle", turnFigures, true);
document.addEventListener("scroll", (event) => event.target === byId("history") && closeMenus(null), {
  capture: true,
  passive: true,
});
