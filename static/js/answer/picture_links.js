// Pictures are shown large over the page; without scripts the link opens the picture itself.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const viewer = await import(link.closest("[data-viewer]").dataset.viewer);
    viewer.show(link);
  } catch {
    location.assign(link.href);
  }
});
