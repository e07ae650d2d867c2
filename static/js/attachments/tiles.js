// What is attached, as tiles below the question.

import { byId } from "../shared/dom.js";

export const tileList = () => byId("attachments");
export const tiles = (state) => [...tileList().querySelectorAll(`.tile${state}`)];
export const attachedIds = () => [...tileList().querySelectorAll("[name=attachment]")].map((field) => field.value);
export const shape = (selector) => byId("attachment-shapes").content.querySelector(selector).cloneNode(true);

// A sentence of the page, with values put in.
export const sentence = (name, values = {}) =>
  shape(`[data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");

export function tilesOf(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return [...holder.content.querySelectorAll(".tile")];
}

export const tileName = (tile) => tile.querySelector(".tile-name").textContent.trim();

export function newTile(form, name) {
  const tile = shape(".tile");
  tile.classList.add("uploading");
  tile.querySelector(".tile-name").textContent = name;
  addRemoveButton(form, tile);
  tileList().append(tile);
  return tile;
}

// Where scripts run, a button takes the place of the box that can be unticked.
export function adoptTile(form, tile) {
  const box = tile.querySelector("[type=checkbox]");
  if (!box) return;
  box.type = "hidden";
  tile.querySelector(".tile-box").replaceWith(box);
  addRemoveButton(form, tile);
}

function addRemoveButton(form, tile) {
  const button = shape(".tile-remove");
  button.setAttribute("aria-label", sentence("remove", { name: tileName(tile) }));
  button.addEventListener("click", () => removeTile(form, tile));
  tile.append(button);
}

function removeTile(form, tile) {
  const beside = tile.nextElementSibling ?? tile.previousElementSibling;
  tile.dispatchEvent(new Event("parley:remove"));
  tellAttachments("removed", tile);
  tile.remove();
  (beside?.querySelector(".tile-remove") ?? form.elements.text).focus({ preventScroll: true });
  tilesChanged(form);
  if (!tile.dataset.remove) return;
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(tile.dataset.remove, { method: "POST", headers }).catch(() => {}); // it is forgotten by itself after a day
}

// Says on the tile why it is not attached. `wayOut` is the name of the button's sentence, and what the button does.
export function refuseTile(form, tile, reason, wayOut) {
  tile.className = "tile refused";
  const note = tile.querySelector(".tile-note");
  note.setAttribute("role", "alert");
  note.textContent = reason;
  if (wayOut) {
    const [name, act] = wayOut;
    const button = shape(".tile-way-out");
    button.textContent = sentence(name);
    button.addEventListener("click", act);
    tile.querySelector(".tile-remove").before(button);
  }
  tilesChanged(form);
}

// Heard by those who do not see the tiles; the others read only what the tiles do not say.
export function tellAttachments(name, tile) {
  const note = byId("attachments-note");
  note.textContent = sentence(name, { name: tile && tileName(tile) });
  note.toggleAttribute("data-shown", !tile);
}

export const tilesChanged = (form) => form.dispatchEvent(new Event("parley:tiles-changed", { bubbles: true }));
