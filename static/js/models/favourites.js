// The models that a person has marked.

const favouritesIn = (picker) => picker.querySelector("#favourite-models");

// Shows at every model whether it is among them.
export function markFavourites(picker) {
  const marked = new Set([...favouritesIn(picker).querySelectorAll("[data-star]")].map((star) => star.value));
  for (const star of picker.querySelectorAll("[data-star]")) {
    star.setAttribute("aria-pressed", String(marked.has(star.value)));
  }
}

document.addEventListener("click", async (event) => {
  const star = event.target.closest("[data-star]");
  const picker = star?.closest(".model-picker");
  if (!picker) return;
  const isMarked = star.getAttribute("aria-pressed") === "true";
  const address = isMarked ? picker.dataset.unmark : picker.dataset.mark;
  const values = { model: star.value };
  // Where it fails, htmx says so by its events, and everything stays as it was.
  await window.htmx.ajax("POST", address, { target: favouritesIn(picker), swap: "outerHTML", values }).catch(() => {});
  markFavourites(picker);
  if (!star.isConnected) picker.querySelector(`[data-star][value="${CSS.escape(star.value)}"]`)?.focus();
});
