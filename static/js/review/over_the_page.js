// What lies over the page goes away: a message by its button or Escape, the filters by a click beside them.

for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest("[data-dismissible]").remove());
}

document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll("[data-closes][open]")) {
    if (!box.contains(event.target)) box.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const box = document.querySelector("[data-closes][open]");
  if (box) {
    box.open = false;
    box.querySelector("summary").focus();
  } else if (!document.activeElement?.closest("[data-reasons]")) {
    document.querySelector("[data-dismissible]")?.remove();
  }
});
