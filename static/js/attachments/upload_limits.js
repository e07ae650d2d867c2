// What is refused before it is uploaded. What a file is, the server decides by its bytes.

import { composerForm } from "../composer/composer_form.js";
import { tileList, tiles } from "./tiles.js";

const isPicture = (file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name);

// The name of the sentence that says what is wrong with the file; empty when nothing is.
export function problemWith(file) {
  const limits = tileList().dataset;
  const ending = file.name.match(/\.\w+$/)?.[0].toLowerCase();
  const taken = composerForm().querySelector("[data-attach]").dataset.accept.split(",");
  const together = tiles("[data-attached]").reduce((sum, tile) => sum + Number(tile.dataset.size), 0);
  if (!file.size) return "empty";
  if (!taken.includes(file.type) && !taken.includes(ending)) return "kind";
  if (tiles(":not(.refused)").length > Number(limits.most)) return "many";
  if (file.size > Number(limits.mostBytes)) return "large";
  if (isPicture(file) && file.size > Number(limits.mostPictureBytes)) return "large-picture";
  return together + file.size > Number(limits.mostTogetherBytes) ? "together" : "";
}

// What the chosen model does not take, in the words of the server.
export function modelRefusals(form) {
  const model = form.elements.model;
  const kinds = new Set(tiles("[data-attached]").map((tile) => tile.dataset.kind));
  return [...kinds].map((kind) => model.getAttribute(`data-refuses-${kind}`)).filter(Boolean);
}
