// What goes with a question, fetched once somebody attaches something: choosing files, a draft of what is attached, and
// a question that waits for its uploads.

import { modelRefusals, problemWith } from "./attachments/upload_limits.js";
import { queueUpload, wayToUpload } from "./attachments/uploads.js";
import {
  adoptTile,
  attachedIds,
  newTile,
  refuseTile,
  sentence,
  tellAttachments,
  tileList,
  tiles,
  tilesChanged,
  tilesOf,
} from "./attachments/tiles.js";
import { byId } from "./shared/dom.js";
import { writtenNumber } from "./shared/numbers.js";
import { stored } from "./shared/storage.js";

const draftName = (form) => `attachments:${form.dataset.draft}`;
const keepDraft = (form) => stored(draftName(form), attachedIds().length ? attachedIds() : null);

// The server says beside the options what does not go together with them.
const checkOptions = () => window.htmx.trigger(byId("options-panel"), "parley:check");

// What was attached is still there after a reload.
export async function restore(form) {
  for (const tile of tiles("[data-attached]")) adoptTile(form, tile);
  const missing = (stored(draftName(form)) ?? []).filter((id) => !attachedIds().includes(id));
  if (missing.length) {
    const waiting = await waitingTiles(missing);
    if (!waiting || !form.isConnected) return;
    for (const tile of waiting) {
      if (attachedIds().includes(tile.querySelector("[name=attachment]")?.value)) continue; // attached meanwhile
      tileList().append(tile);
      adoptTile(form, tile);
    }
  }
  keepDraft(form);
  checkOptions();
}

// The tiles of uploads that no question has; null when the server does not say.
async function waitingTiles(missing) {
  const query = new URLSearchParams(missing.map((id) => ["id", id]));
  const response = await fetch(`${tileList().dataset.waiting}?${query}`).catch(() => null);
  if (!response?.ok || response.redirected) return null;
  const html = await response.text().catch(() => null);
  return html === null ? null : tilesOf(html);
}

let chooser = null;

export function choose(form) {
  chooser ??= Object.assign(document.createElement("input"), { type: "file", multiple: true });
  chooser.accept = form.querySelector("[data-attach]").dataset.accept;
  chooser.value = "";
  chooser.onchange = () => add(form, [...chooser.files]);
  chooser.click();
}

export function add(form, files) {
  for (const file of files) {
    const tile = newTile(form, file.name);
    const problem = problemWith(file);
    const size = sentence("megabytes", { megabytes: writtenNumber(file.size / 1024 / 1024, 1) });
    const wayOut = problem === "large-picture" && wayToUpload(form, tile, file, true);
    if (problem) refuseTile(form, tile, sentence(problem, { size }), wayOut);
    else queueUpload(form, tile, file);
  }
  tileList().scrollIntoView({ block: "nearest" });
}

let waitingForm = null; // it goes as soon as its uploads are there

document.addEventListener("parley:tiles-changed", ({ target: form }) => {
  keepDraft(form);
  form.dispatchEvent(new Event("input", { bubbles: true })); // another question needs another key
  checkOptions();
  if (waitingForm !== form || tiles(".uploading").length) return;
  waitingForm = null;
  form.requestSubmit();
});

// Takes away what could not be attached, and asks.
function wayWithout(form) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  button.textContent = sentence("without");
  button.addEventListener("click", () => {
    for (const tile of tiles(".refused")) tile.remove();
    form.querySelector(".composer-problem").replaceChildren();
    tilesChanged(form);
    form.requestSubmit();
  });
  return button;
}

// Whether the question can go now; it goes by itself when the uploads are there.
export function ready(form) {
  waitingForm = null;
  const problems = modelRefusals(form);
  if (tiles(".refused").length) problems.push(sentence("unsettled"));
  const told = problems.map((textContent) => Object.assign(document.createElement("p"), { textContent }));
  if (tiles(".refused").length) told.push(wayWithout(form));
  form.querySelector(".composer-problem").replaceChildren(...told);
  if (problems.length || !tiles(".uploading").length) return !problems.length;
  waitingForm = form;
  tellAttachments("waiting");
  return false;
}
