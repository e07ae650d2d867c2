// When what came is put into the page: everything that comes within a moment together, the first words at once, because
// laying the page out costs more than all the rest. The slower a device is, the longer is a moment.

const SHORTEST_MOMENT = 200; // milliseconds; nobody reads faster than so many words come at once
const LONGEST_MOMENT = 400; // milliseconds
const SHARE = 1 / 40; // of the time, for drawing

let works = [];
let moment = SHORTEST_MOMENT;
let drawnAt = -LONGEST_MOMENT;

// Calls `work` soon, in the order of asking. Nobody sees the frames of a hidden tab.
export function drawSoon(work) {
  works.push(work);
  if (works.length > 1) return;
  const rest = drawnAt + moment - performance.now();
  if (document.hidden) setTimeout(draw);
  else if (rest > 0) setTimeout(() => requestAnimationFrame(draw), rest);
  else requestAnimationFrame(draw);
}

function draw() {
  drawnAt = performance.now();
  for (const work of works) queueMicrotask(work); // still before the frame; what fails takes nothing else with it
  works = [];
  setTimeout(noteCost); // after the frame
}

function noteCost() {
  const took = performance.now() - drawnAt;
  moment = Math.min(LONGEST_MOMENT, Math.max(SHORTEST_MOMENT, took / SHARE));
}
