// An open page looks every few seconds whether its link still shows anything, and shows nothing more once it does not.

import { byId } from "../shared/dom.js";

const LOOK_EVERY = 4000; // milliseconds
const sharedPage = byId("shared");
let nextLook;

async function lookWhetherAlive() {
  clearTimeout(nextLook);
  let status = 0;
  try {
    ({ status } = await fetch(sharedPage.dataset.alive, { cache: "no-store", redirect: "manual" }));
  } catch {
    // Nobody can be reached right now: the next look tells.
  }
  if (!sharedPage.isConnected) return;
  if (status === 404) showEnd();
  else if (status === 403) location.reload(); // the password has to be given again
  else scheduleLook();
}

// A page that nobody sees does not ask: links that many have open cost the server little.
function scheduleLook() {
  clearTimeout(nextLook);
  if (!document.hidden) nextLook = setTimeout(lookWhetherAlive, LOOK_EVERY);
}

function showEnd() {
  const ended = byId("link-ended").content.cloneNode(true);
  document.title = ended.querySelector("h1").textContent;
  byId("citation-card").remove();
  byId("main").replaceChildren(ended);
}

// It may have been out of sight, or kept by the browser, since yesterday.
function lookWhenSeen() {
  if (!document.hidden && sharedPage.isConnected) lookWhetherAlive();
}

if (sharedPage) {
  scheduleLook();
  document.addEventListener("visibilitychange", lookWhenSeen);
  addEventListener("pageshow", (event) => event.persisted && lookWhenSeen());
}
