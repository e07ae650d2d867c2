// Searching as one types is one step back, not one for every letter.

import { setDrawer } from "./drawer.js";

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!form.matches(".search")) return;
  const isThere = location.pathname === new URL(form.action).pathname;
  form.setAttribute("hx-push-url", String(!isThere));
  form.setAttribute("hx-replace-url", String(isThere));
});

document.addEventListener("submit", (event) => event.target.matches(".search") && setDrawer(false));
