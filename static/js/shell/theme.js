// Light or dark: a cookie, so that the server draws the first page right.

import { keepCookie } from "../shared/cookies.js";
import { byId, pageRoot } from "../shared/dom.js";

const theme = byId("theme");

if (theme) {
  theme.disabled = false;
  theme.querySelector(`[value="${pageRoot.dataset.theme ?? "system"}"]`).checked = true;
  theme.addEventListener("change", (event) => {
    const colours = event.target.value;
    keepCookie("theme", colours === "system" ? "" : colours);
    if (colours === "system") delete pageRoot.dataset.theme;
    else pageRoot.dataset.theme = colours;
  });
}
