// Whom the browser belongs to now. A page of somebody who has signed out, in another tab or in the browser's memory, is
// loaded anew: it leads to the sign-in page, or to what the next person may see.

import { storedBelow } from "../shared/storage.js";

const PRESENT = `${storedBelow}present`; // nobody, where it is empty
const OWNERLESS = /^(draft|options|attachments):/; // versions before this one did not say whose a draft was
const SIGNED_OUT_IN_TIME = 20; // looks
const LOOK_EVERY = 500; // milliseconds
const pageOwner = document.body.dataset.person; // unknown where the page is about trouble

function forgetOwnerless() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(storedBelow) && OWNERLESS.test(key.slice(storedBelow.length))) localStorage.removeItem(key);
  }
}

// The other tab has only just asked to be signed out.
async function reloadOnceSignedOut() {
  for (let look = 0; look < SIGNED_OUT_IN_TIME; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    const home = await fetch(document.body.dataset.home, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (home?.type === "opaqueredirect") break;
  }
  location.reload();
}

function reloadUnlessOurs(present) {
  if (present === "" && pageOwner) reloadOnceSignedOut();
  else if (present !== null && present !== pageOwner) location.reload();
}

if (pageOwner !== undefined) {
  try {
    forgetOwnerless();
    localStorage.setItem(PRESENT, pageOwner);
    document.addEventListener("submit", ({ target }) => {
      if (target.matches("[data-signs-out]")) localStorage.setItem(PRESENT, "");
    });
    window.addEventListener("storage", ({ key, newValue }) => key === PRESENT && reloadUnlessOurs(newValue));
    window.addEventListener("pageshow", ({ persisted }) => persisted && reloadUnlessOurs(localStorage.getItem(PRESENT)));
  } catch {
    // A browser that stores nothing keeps nothing from anybody.
  }
}
