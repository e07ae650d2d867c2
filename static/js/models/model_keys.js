// The keyboard in the list of models: arrows go through it, and whoever types finds.

// Tab comes to one of the choices only.
export function makeCurrent(picker, choice) {
  for (const other of picker.querySelectorAll('[data-choice][tabindex="0"]')) other.tabIndex = -1;
  if (choice) choice.tabIndex = 0;
}

export const visibleChoices = (picker) =>
  [...picker.querySelectorAll("[data-choice]")].filter((choice) => choice.checkVisibility());

// Comes before the keys that work everywhere: here a letter finds a model.
document.addEventListener("keydown", onKey, true);

function onKey(event) {
  const picker = event.target.closest?.(".model-picker");
  if (!picker || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = picker.querySelector("[data-filter-models]");
  const aim = event.target === filter ? aimFromFilter(event.key, picker) : aimFromChoice(event, picker, filter);
  if (aim) {
    event.preventDefault();
    event.stopPropagation();
    if (aim.matches("[data-choice]")) makeCurrent(picker, aim);
    aim.focus({ preventScroll: true });
    aim.scrollIntoView({ block: "nearest" });
  } else if (event.target === filter && event.key === "Enter") {
    event.preventDefault(); // nothing is asked by it
    if (filter.value.trim()) picker.querySelector(".is-first")?.click();
  } else if (event.target !== filter && event.key.length === 1 && event.key !== " ") {
    event.stopPropagation();
    filter.focus(); // and the letter goes there
  }
}

function aimFromFilter(key, picker) {
  if (key === "ArrowDown") return visibleChoices(picker)[0];
  return key === "ArrowUp" ? visibleChoices(picker).at(-1) : null;
}

function aimFromChoice({ key, target }, picker, filter) {
  const choices = visibleChoices(picker);
  const choice = target.matches("[data-star]") ? target.previousElementSibling : target;
  const at = choices.indexOf(choice);
  const toStar = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === toStar) return choice.nextElementSibling?.matches("[data-star]") ? choice.nextElementSibling : null;
  const aims = {
    ArrowDown: choices[at + 1] ?? choice,
    ArrowUp: choices[at - 1] ?? filter,
    ArrowLeft: choice,
    ArrowRight: choice,
    Home: choices[0],
    End: choices.at(-1),
  };
  return aims[key] ?? null;
}
