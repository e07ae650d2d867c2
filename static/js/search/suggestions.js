// A list of what can be typed next, such as teammates behind "from:". Arrows choose, Enter and Tab take, Escape closes.

const WAIT = 120; // milliseconds after the last letter
const heard = new WeakSet(); // boxes that are looked after
let waiting = 0;
let asking = null; // what is being asked of the server

// Called when somebody goes to the box and whenever something is typed in it.
export function offerSuggestions(box, why) {
  if (!heard.has(box)) listen(box);
  clearTimeout(waiting);
  const token = tokenAt(box);
  const isOperator = /^-?\p{L}{1,20}:/u.test(token.text) && !token.text.includes("://");
  const isEmpty = !box.value && why === "focusin" && box.id === "words";
  if (!isOperator && !isEmpty) return close();
  waiting = setTimeout(() => ask(box, isEmpty ? "" : token.text), why === "input" ? WAIT : 0);
}

function listen(box) {
  heard.add(box);
  box.addEventListener("keydown", (event) => pressed(event, box), true);
  box.addEventListener("blur", () => close());
  box.addEventListener("click", () => offerSuggestions(box, "click"));
  box.form.addEventListener("submit", () => close());
}

// What stands around the caret, from one blank to the next; blanks in quotes do not count.
function tokenAt(box) {
  const caret = box.selectionStart ?? box.value.length;
  for (const { index, 0: text } of box.value.matchAll(/(?:[^\s"“”„]+|["“”„][^"“”„]*["“”„]?)+/gu)) {
    if (index <= caret && caret <= index + text.length) return { text, start: index, end: index + text.length };
  }
  return { text: "", start: caret, end: caret };
}

async function ask(box, token) {
  asking?.abort();
  asking = new AbortController();
  try {
    const address = `${document.body.dataset.suggestions}?q=${encodeURIComponent(token)}`;
    const response = await fetch(address, { signal: asking.signal });
    if (response.ok && box === document.activeElement) show(box, await response.text());
  } catch {
    // whoever types goes on without
  }
}

// The box stays a search box: what is chosen in the list is told by aria-activedescendant.
function show(box, html) {
  removeList();
  box.insertAdjacentHTML("afterend", html);
  const list = listShown();
  if (!list) return;
  list.id = "suggestions";
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) take(box, option);
  });
}

const listShown = () => document.querySelector(".suggestions");
const optionsOf = (box) => (box.nextElementSibling === listShown() ? [...(listShown()?.children ?? [])] : []);

function removeList() {
  const box = listShown()?.previousElementSibling;
  listShown()?.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) box?.removeAttribute(name);
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  removeList();
}

function pressed(event, box) {
  const all = optionsOf(box);
  if (!all.length || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = all.findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    choose(box, all, all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
  } else if (event.key === "Escape") {
    close();
  } else if ((event.key === "Enter" && at >= 0) || (event.key === "Tab" && !event.shiftKey && at >= 0)) {
    take(box, all[at]);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function choose(box, all, chosen) {
  for (const option of all) option.ariaSelected = String(option === chosen);
  box.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

// Puts the suggestion in the place of what was being typed. One that is complete is followed by a blank.
function take(box, option) {
  const { start, end } = tokenAt(box);
  const goesOn = "goesOn" in option.dataset;
  const after = box.value.slice(end).replace(/^\s+/, "");
  const before = `${box.value.slice(0, start)}${option.dataset.text}${goesOn ? "" : " "}`;
  box.value = before + after;
  box.setSelectionRange(before.length, before.length);
  close();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
