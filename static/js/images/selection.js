// Several images of the grid are chosen: by their boxes, by a click on a picture, by X on the keyboard.

import { announce } from "../shared/announcer.js";
import { byId } from "../shared/dom.js";

const chosenImages = new Set(); // by their ids: a tile that changes is a new one
let lastChosen = null; // the box from which Shift reaches

const selectionForm = () => byId("selection");
const imagesPage = () => document.querySelector(".images-page");
const choiceBoxes = () => [...document.querySelectorAll(".shot-choice")];
const isChoosing = () => Boolean(imagesPage()?.classList.contains("choosing"));

function showSelection() {
  const form = selectionForm();
  const count = form.querySelector(".selection-count");
  const isTooMuch = chosenImages.size > Number(count.dataset.most);
  const chosen = count.dataset.count.replace("{count}", chosenImages.size);
  const said = isTooMuch ? `${chosen}. ${count.dataset.tooMany}` : chosen;
  if (count.textContent !== said) count.textContent = said;
  for (const button of form.querySelectorAll("button"))
    button.disabled = isTooMuch || chosenImages.size < Number(button.dataset.least ?? 1);
}

function startChoosing() {
  imagesPage().classList.add("choosing");
  selectionForm().hidden = false;
  showSelection();
}

function endChoosing() {
  imagesPage().classList.remove("choosing");
  selectionForm().hidden = true;
  chosenImages.clear();
  for (const box of choiceBoxes()) box.checked = false;
  announce("");
}

function noteChoice(box) {
  if (box.checked) chosenImages.add(box.value);
  else chosenImages.delete(box.value);
}

// From the box that was chosen last to this one, as lists of files do it.
function choose(box, { reaches = false } = {}) {
  const boxes = choiceBoxes();
  const from = reaches && lastChosen ? boxes.findIndex((one) => one.value === lastChosen) : -1;
  const to = boxes.indexOf(box);
  const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (const one of boxes.slice(first, last + 1)) {
    one.checked = box.checked;
    noteChoice(one);
  }
  lastChosen = box.value;
  showSelection();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-choose]");
  if (link) {
    event.preventDefault();
    if (link.dataset.choose === "start" && !isChoosing()) startChoosing();
    else endChoosing();
    return;
  }
  if (event.target.matches?.(".shot-choice")) {
    choose(event.target, { reaches: event.shiftKey });
    return;
  }
  const picture = isChoosing() && event.target.closest?.(".shot-picture");
  if (!picture || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const box = picture.closest(".shot").querySelector(".shot-choice");
  box.checked = !box.checked;
  choose(box, { reaches: event.shiftKey });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !selectionForm() || event.defaultPrevented) return;
  if (event.key === "Escape" && isChoosing() && !event.target.matches?.("textarea, [type=search]")) {
    endChoosing();
    document.querySelector("[data-choose=start]").focus();
  }
});

// A letter on a picture is for the picture, and not for the page, whose keys take every letter.
function chooseByKey(event) {
  const tile = event.target.closest?.(".shot");
  if (!tile || event.key.toLowerCase() !== "x") return;
  if (event.ctrlKey || event.metaKey || event.altKey || !selectionForm()) return;
  event.preventDefault();
  event.stopPropagation();
  if (!isChoosing()) startChoosing();
  const box = tile.querySelector(".shot-choice");
  box.checked = !box.checked;
  choose(box, { reaches: event.shiftKey });
}
document.addEventListener("keydown", chooseByKey, { capture: true });

// A tile that came anew is chosen as the one before it was; what left the page is chosen no longer.
document.addEventListener("htmx:afterSettle", () => {
  if (!isChoosing()) return;
  const boxes = choiceBoxes();
  const there = new Set(boxes.map((box) => box.value));
  for (const id of chosenImages) if (!there.has(id)) chosenImages.delete(id);
  for (const box of boxes) box.checked = chosenImages.has(box.value);
  showSelection();
});

if (isChoosing()) startChoosing();
