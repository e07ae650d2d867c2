// Puts the list of models beside its button, on the side with room. On small screens the style has it at the bottom.

const GAP = 6; // pixels
const EDGE = 8; // from the edge of the window
const MOST = 0.6; // of the window's height

const isSheet = matchMedia("(width < 45em) or (height < 30em)");

export function placePicker(picker, button) {
  const { style } = picker;
  for (const name of ["top", "bottom", "left", "maxBlockSize"]) style[name] = "";
  if (isSheet.matches) return;
  const at = button.getBoundingClientRect();
  const above = at.top - Math.max(EDGE, lowestHead() + GAP) - GAP;
  const below = innerHeight - at.bottom - GAP - EDGE;
  const most = Math.min(innerHeight * MOST, Math.max(above, below));
  style.maxBlockSize = `${most}px`;
  if (below >= above || below >= picker.offsetHeight) style.top = `${at.bottom + GAP}px`;
  else style.bottom = `${innerHeight - at.top + GAP}px`;
  const isRightToLeft = getComputedStyle(picker).direction === "rtl";
  const wanted = isRightToLeft ? at.right - picker.offsetWidth : at.left;
  const widest = document.documentElement.clientWidth - picker.offsetWidth - EDGE;
  style.left = `${Math.max(EDGE, Math.min(wanted, widest))}px`;
}

// Where what is stuck to the top of the window ends.
function lowestHead() {
  const heads = [...document.querySelectorAll(".topbar, .conversation-head")];
  const stuck = heads.filter((head) => ["sticky", "fixed"].includes(getComputedStyle(head).position));
  return Math.max(0, ...stuck.map((head) => head.getBoundingClientRect().bottom));
}
