// Deciding about images by single keys.

let isDeciding = false; // a form is on its way: a second key must not decide about the same image

const isTextField = (element) =>
  element?.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");

function reasonIsGiven(form) {
  return Boolean(form.querySelector("[name=why]:checked") || form.elements.note.value.trim());
}

function pressByKey(element) {
  const form = element.closest("form");
  if (element.classList.contains("review-reject") && form && !reasonIsGiven(form)) {
    form.querySelector("[name=why]").focus();
    return;
  }
  element.click();
}

function chooseReason(number, fieldset) {
  const choice = fieldset.querySelectorAll("[name=why]")[number - 1];
  if (choice) {
    choice.checked = true;
    choice.focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || isDeciding) return;
  const active = document.activeElement;
  if (event.key === "Escape" && active?.closest("[data-reasons]")) {
    active.blur();
    return;
  }
  if (isTextField(active)) return;
  const reasons = active?.closest("[data-reasons]");
  const key = event.key.toLowerCase();
  if (reasons && /^[1-9]$/.test(key)) {
    chooseReason(Number(key), reasons);
    event.preventDefault();
    return;
  }
  // Whoever chooses a reason is about to reject; a key that approves would be a slip.
  if (reasons && key !== "r") return;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) {
    event.preventDefault();
    pressByKey(target);
  }
});

document.addEventListener("submit", (event) => {
  if (isDeciding) {
    event.preventDefault();
    return;
  }
  isDeciding = true;
});

window.addEventListener("pageshow", () => {
  isDeciding = false;
});
