// Review of images: keys, ticking all, and telling the others that somebody looks at this image.
// Without this file everything works by forms and links.

const one = document.querySelector(".review-one");
const status = document.getElementById("review-status");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
let busy = false; // a form is on its way: a second key must not decide about the same image

const isTyping = (element) =>
  element?.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");

function reasonIsGiven(form) {
  return Boolean(form.querySelector("[name=why]:checked") || form.elements.note.value.trim());
}

function press(element) {
  const form = element.closest("form");
  if (element.classList.contains("review-reject") && form && !reasonIsGiven(form)) {
    form.querySelector("[name=why]").focus();
    return;
  }
  element.click();
}

function choose(number, fieldset) {
  const choice = fieldset.querySelectorAll("[name=why]")[number - 1];
  if (choice) {
    choice.checked = true;
    choice.focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || busy) return;
  const active = document.activeElement;
  if (event.key === "Escape" && active?.closest("[data-reasons]")) {
    active.blur();
    return;
  }
  if (isTyping(active)) return;
  const reasons = active?.closest("[data-reasons]");
  const key = event.key.toLowerCase();
  if (reasons && /^[1-9]$/.test(key)) {
    choose(Number(key), reasons);
    event.preventDefault();
    return;
  }
  // Whoever chooses a reason is about to reject; a key that approves would be a slip.
  if (reasons && key !== "r") return;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) {
    event.preventDefault();
    press(target);
  }
});

document.addEventListener("submit", (event) => {
  if (busy) {
    event.preventDefault();
    return;
  }
  busy = true;
});

window.addEventListener("pageshow", () => {
  busy = false;
});

// --- Many at once ---------------------------------------------------------------------------------
const all = document.querySelector("[data-select-all]");
if (all) {
  const boxes = [...document.querySelectorAll(".review-grid [name=seen]")];
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

// --- Who is looking -------------------------------------------------------------------------------
function say(text) {
  const line = document.createElement("span");
  line.textContent = text;
  status.replaceChildren(...(text ? [line] : []));
}

// One after the other, so that what was so a moment ago is never said over what is so now.
let renewing = false;
async function renew() {
  if (renewing) return;
  renewing = true;
  await renewOnce().finally(() => {
    renewing = false;
  });
}

async function renewOnce() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const answer = await fetch(one.dataset.claim, { method: "POST", body }).catch(() => null);
  if (answer?.status === 404) say(status.dataset.decided);
  const said = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
  if (!said) return;
  const { state, held_by: other } = said;
  if (state !== "pending") say(status.dataset.decided);
  else say(other ? status.dataset.held.replace("NAME", other) : "");
}

if (one?.dataset.claim) {
  // Soon after the page has come: the page before it, if it was the same one, lets go only now.
  setTimeout(renew, 1500);
  setInterval(() => {
    if (!document.hidden) renew();
  }, Number(one.dataset.every) * 1000);
  window.addEventListener("pagehide", () => {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", token);
    navigator.sendBeacon(one.dataset.release, form);
  });
}
