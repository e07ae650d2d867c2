// Questions that others ask meanwhile, and what else looks for news by itself; nobody sees it come in a hidden tab.

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("#newer, [data-looks-by-itself]")) event.preventDefault();
});

// A question that came twice, by the answer to asking it and by looking for newer ones, is shown once.
document.addEventListener("htmx:load", ({ detail }) => {
  const same = detail.elt.matches?.(".exchange") && document.querySelectorAll(`[id="${detail.elt.id}"]`);
  if (same?.length > 1) detail.elt.remove();
});
