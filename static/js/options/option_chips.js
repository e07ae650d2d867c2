// Chips and the notes above them are drawn anew where they change, and only there: a press on a chip must not come to
// nothing, and a note that stays is not said again. Whoever was at a chip stays there.

const bareHtml = (element) => element?.innerHTML.replace(/\s+/g, " ").trim();

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const fresh = target.id === "option-chips" && fragment.querySelector("#option-chips");
  if (!fresh) return;
  event.detail.shouldSwap = false;
  replaceNotes(target.querySelector(".option-notes"), fresh.querySelector(".option-notes"));
  replaceChips(target, fresh.querySelector(".chips"));
});

function replaceNotes(notes, freshNotes) {
  if (bareHtml(notes) !== bareHtml(freshNotes)) notes.replaceChildren(...freshNotes.childNodes);
}

function replaceChips(place, freshChips) {
  const chips = place.querySelector(".chips");
  if (bareHtml(chips) === bareHtml(freshChips)) return;
  const focused = document.activeElement?.dataset?.optionOff;
  chips?.remove();
  if (freshChips) place.append(freshChips);
  if (focused) place.querySelector(`[data-option-off="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
