// The time that an answer has taken so far.

// The server's clock counts; a reader's may be off by minutes.
const clockAhead = Date.now() / 1000 - Number(document.body.dataset.now);

function showElapsed() {
  for (const place of document.querySelectorAll(".elapsed")) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - clockAhead - Number(place.dataset.since)));
    const text = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    if (place.textContent !== text) place.textContent = text;
  }
}
setInterval(showElapsed, 1000);
document.addEventListener("parley:arrived", showElapsed);
showElapsed();
