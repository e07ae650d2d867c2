// Light or dark: a cookie, so that the server draws the first page right.

import { byId, pageRoot } from "../shared/dom.js";

const theme = byId("theme");

if (theme) {
  theme.disabled = false;
  theme.querySelector(`[value="${pageRoot.dataset.theme ?? "system"}"]`).checked = true;
  theme.addEventListener("change", (event) => {
    const colours = event.target.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    const age = colours === "system" ? 0 : 31_536_000; // seconds: a year
    document.cookie = `theme=${colours}; path=${document.body.dataset.home}; max-age=${age}; samesite=lax${secure}`;
    if (colours === "system") delete pageRoot.dataset.theme;
    else pageRoot.dataset.theme = colours;
  });
}
