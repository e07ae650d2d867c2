// The sidebar: beside the page, where it can be put away, and on small screens a drawer that covers the page.

import { keepCookie } from "../shared/cookies.js";
import { byId, pageRoot } from "../shared/dom.js";

const smallScreen = matchMedia("(max-width: 45em), (max-height: 28em)");
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

const isPutAway = () => pageRoot.dataset.sidebar === "hidden";

// The server draws the next page with it or without, so that nothing jumps.
function putAway(away) {
  if (away) pageRoot.dataset.sidebar = "hidden";
  else delete pageRoot.dataset.sidebar;
  keepCookie("sidebar", away ? "hidden" : "");
}

// Makes sure that the sidebar can be seen.
export function showSidebar() {
  if (smallScreen.matches) setDrawer(true);
  else if (isPutAway()) putAway(false);
}

opener?.setAttribute("role", "button");
opener?.setAttribute("aria-expanded", "false");
document.addEventListener("click", (event) => {
  const link = event.target.closest("#open-sidebar, #close-sidebar, #hide-sidebar");
  if (!link) {
    if (sidebar?.matches(".open") && !sidebar.contains(event.target)) setDrawer(false);
    return;
  }
  event.preventDefault();
  if (smallScreen.matches) {
    setDrawer(link === opener);
  } else {
    putAway(!isPutAway());
    byId(isPutAway() ? "open-sidebar" : "hide-sidebar").focus();
  }
});
smallScreen.addEventListener("change", (event) => !event.matches && setDrawer(false));
