// Notices at the edge of the page: each can be closed, and goes by itself.

import { byId } from "../shared/dom.js";

function watchToast(toast) {
  if (!toast.querySelector("[data-close]")) {
    const close = byId("toast-close").content.cloneNode(true);
    close.querySelector("button").dataset.close = "";
    toast.append(close);
  }
  const seconds = toast.matches(".error, .warning") ? 30 : 8;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, seconds * 1000);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".toast")) watchToast(node);
}).observe(byId("toasts"), { childList: true });
document.querySelectorAll(".toast").forEach(watchToast);
document.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());
