// Finds a model among many by what it is called, by its maker, or by its id.

document.addEventListener(
  "toggle",
  (event) => {
    const filter = event.target.matches?.(".models") && event.target.querySelector("[data-filter-models]");
    if (!filter) return;
    if (event.target.open) showChosen(filter.closest("fieldset"));
    else show(filter, "");
  },
  true,
);

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter-models]")) show(event.target, event.target.value);
});

// Enter in the filter chooses nothing and asks nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-filter-models]")) event.preventDefault();
});

function showChosen(list) {
  const chosen = list.querySelector("input:checked")?.closest(".model");
  if (chosen) list.scrollTop = chosen.offsetTop - list.clientHeight / 2;
}

function show(filter, typed) {
  filter.value = typed;
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const list = filter.closest("fieldset");
  let group = null;
  let found = 0;
  for (const entry of list.querySelectorAll(".model-group, .model")) {
    if (entry.matches(".model-group")) {
      group = entry;
      group.hidden = words.length > 0;
      continue;
    }
    const names = [".model-label", ".model-id"].map((name) => entry.querySelector(name)?.textContent ?? "");
    const text = [group?.textContent ?? "", ...names].join(" ").toLowerCase();
    entry.hidden = !words.every((word) => text.includes(word));
    if (entry.hidden) continue;
    found += 1;
    if (group) group.hidden = false;
  }
  list.querySelector("[data-no-models]").hidden = found > 0;
}
