// Whom the browser belongs to now. A page of somebody who has signed out, in another tab or in the browser's memory, is
// loaded anew: it leads to the sign-in page, or to what the next person may see.

import { storedBelow } from "../shared/storage.js";

const PRESENT = `${storedBelow}present`;
const OWNERLESS = /^(draft|options|attachments):/; // versions before this one did not say whose a draft was
const pageOwner = document.body.dataset.person; // unknown where the page is about trouble

const reloadUnlessOurs = (present) => present !== null && present !== pageOwner && location.reload();

function forgetOwnerless() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(storedBelow) && OWNERLESS.test(key.slice(storedBelow.length))) localStorage.removeItem(key);
  }
}

if (pageOwner !== undefined) {
  try {
    forgetOwnerless();
    localStorage.setItem(PRESENT, pageOwner);
    window.addEventListener("storage", ({ key, newValue }) => key === PRESENT && reloadUnlessOurs(newValue));
    window.addEventListener("pageshow", ({ persisted }) => persisted && reloadUnlessOurs(localStorage.getItem(PRESENT)));
  } catch {
    // A browser that stores nothing keeps nothing from anybody.
  }
}
