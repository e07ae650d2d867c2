// The time that an answer has taken so far, in the words that stand beside it.

// The server's clock counts; a reader's may be off by minutes.
const clockAhead = Date.now() / 1000 - Number(document.body.dataset.now);

function showElapsed() {
  for (const place of document.querySelectorAll(".elapsed")) {
    const elapsed = Math.max(0, Math.floor(Date.now() / 1000 - clockAhead - Number(place.dataset.since)));
    const words = elapsed < 60 ? place.dataset.seconds : place.dataset.minutes;
    const text = words.replace("{minutes}", Math.floor(elapsed / 60)).replace("{seconds}", elapsed % 60);
    if (place.textContent !== text) place.textContent = text;
  }
}
setInterval(showElapsed, 1000);
document.addEventListener("parley:arrived", showElapsed);
showElapsed();
