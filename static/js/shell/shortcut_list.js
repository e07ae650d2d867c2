// The list of shortcuts, and its switch for those that are one key alone: people who dictate would set them off.

import { byId } from "../shared/dom.js";
import { stored } from "../shared/storage.js";
import { fetchedDialog } from "./fetched_dialog.js";

export async function openShortcuts() {
  const dialog = await fetchedDialog("shortcuts", document.body.dataset.shortcuts);
  if (!dialog || dialog.open) return;
  prepareSwitches();
  dialog.showModal();
}

export function prepareSwitches() {
  for (const single of document.querySelectorAll("[data-single-keys]")) {
    single.disabled = false;
    single.checked = stored("single-keys") !== false;
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-single-keys]")) return;
  stored("single-keys", target.checked ? null : false);
  prepareSwitches();
});
