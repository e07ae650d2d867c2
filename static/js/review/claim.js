// Tells the others that somebody looks at this image, and who else does.

const reviewedImage = document.querySelector(".review-one");
const statusLine = document.getElementById("review-status");
const csrfToken = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function sayStatus(text) {
  const line = document.createElement("span");
  line.textContent = text;
  statusLine.replaceChildren(...(text ? [line] : []));
}

async function renewClaim() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: csrfToken });
  const answer = await fetch(reviewedImage.dataset.claim, { method: "POST", body }).catch(() => null);
  if (answer?.status === 404) sayStatus(statusLine.dataset.decided);
  const claim = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
  if (!claim) return;
  if (claim.state !== "pending") sayStatus(statusLine.dataset.decided);
  else sayStatus(claim.held_by ? statusLine.dataset.held.replace("NAME", claim.held_by) : "");
}

// One after the other, so that what was so a moment ago is never said over what is so now.
let isRenewing = false;
async function renewInTurn() {
  if (isRenewing) return;
  isRenewing = true;
  await renewClaim();
  isRenewing = false;
}

if (reviewedImage?.dataset.claim) {
  // Soon after the page has come: the page before it, if it was the same one, lets go only now.
  setTimeout(renewInTurn, 1500);
  setInterval(() => {
    if (!document.hidden) renewInTurn();
  }, Number(reviewedImage.dataset.every) * 1000);
  window.addEventListener("pagehide", () => {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", csrfToken);
    navigator.sendBeacon(reviewedImage.dataset.release, form);
  });
}
