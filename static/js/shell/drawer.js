// The sidebar on narrow screens: a drawer that covers the page.

import { byId } from "../shared/dom.js";

const narrowScreen = matchMedia("(max-width: 45em)");
const sidebar = byId("sidebar");
const opener = byId("open-sidebar");

export function setDrawer(open) {
  if (!sidebar || sidebar.classList.contains("open") === open) return;
  sidebar.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  for (const other of document.querySelectorAll(".topbar, .stage")) other.inert = open;
  if (open) {
    sidebar.setAttribute("role", "dialog");
    sidebar.setAttribute("aria-modal", "true");
    byId("close-sidebar").focus();
  } else {
    sidebar.setAttribute("role", "complementary");
    sidebar.removeAttribute("aria-modal");
    opener.focus();
  }
}

// Makes sure that the sidebar can be seen.
export function showSidebar() {
  if (narrowScreen.matches) setDrawer(true);
}

opener?.setAttribute("role", "button");
opener?.setAttribute("aria-expanded", "false");
document.addEventListener("click", (event) => {
  const link = event.target.closest("#open-sidebar, #close-sidebar");
  if (link) {
    event.preventDefault();
    setDrawer(link === opener);
  } else if (sidebar?.matches(".open") && !sidebar.contains(event.target)) {
    setDrawer(false);
  }
});
narrowScreen.addEventListener("change", (event) => !event.matches && setDrawer(false));
