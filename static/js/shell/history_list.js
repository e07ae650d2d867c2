// The list of conversations beside the page marks the one that the address names.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("#history .history-row > a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
});

document.addEventListener("parley:ended", () => window.htmx.trigger(document.body, "history-changed"));
