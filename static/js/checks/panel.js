// The panel of a check: beside the answer where there is room, over the page where there is not. One for the page.

import { byId } from "../shared/dom.js";

const WIDE = "(min-width: 68.75em)";
const STEPS = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

let dialog = null;
let opener = null;
let openedFrom = ""; // the line below the answer, by its id: it may be brought anew meanwhile
let style = null;

function checkStyle(address) {
  style ??= new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return style;
}

// Opens the panel that the link leads to, at the citation that its address names.
export async function openCheckPanel(link) {
  const line = link.closest(".check-line") ?? byId(link.dataset.line);
  const [address, place] = link.href.split("#");
  const wasOpen = dialog?.open;
  if (!wasOpen) [opener, openedFrom] = [link, line.id];
  dialog ??= makeDialog();
  const request = { source: dialog, target: dialog.lastElementChild, swap: "innerHTML show:none" };
  await Promise.all([checkStyle(line.dataset.checkStyle), window.htmx.ajax("GET", address, request).catch(() => {})]);
  const panel = dialog.querySelector(".check-panel");
  if (!panel) return;
  dialog.setAttribute("aria-label", panel.getAttribute("aria-label"));
  if (!wasOpen) {
    if (matchMedia(WIDE).matches) dialog.show();
    else dialog.showModal();
  }
  const mark = place && byId(place);
  if (mark) goToMark(mark);
  else dialog.querySelector(".check-title").focus({ preventScroll: true });
}

function makeDialog() {
  const made = document.createElement("dialog");
  made.className = "check-dialog";
  made.id = "check-dialog";
  made.append(byId("toast-close").content.firstElementChild.cloneNode(true), document.createElement("div"));
  made.firstElementChild.classList.add("check-close");
  made.firstElementChild.addEventListener("click", closePanel);
  made.addEventListener("click", ({ target }) => target === made && closePanel()); // its backdrop
  made.addEventListener("close", goBack);
  made.addEventListener("keydown", noteKey);
  made.addEventListener("htmx:afterSettle", keepFocus);
  document.body.append(made);
  return made;
}

const closePanel = () => dialog.close();

function goBack() {
  const place = opener.checkVisibility() ? opener : byId(openedFrom)?.querySelector(".check-summary");
  place?.focus({ preventScroll: true });
}

function noteKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "Escape") closePanel();
  else if (STEPS[event.key]) stepBy(STEPS[event.key]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// What was pressed is replaced by what it brought: the keyboard goes on from there.
function keepFocus() {
  if (document.activeElement === document.body) dialog.querySelector(".check-filters [aria-current]")?.focus();
}

function stepBy(step) {
  const marks = [...dialog.querySelectorAll(".checked-mark")];
  const at = marks.indexOf(document.activeElement?.closest(".checked-mark"));
  const next = marks[at < 0 ? (step > 0 ? 0 : -1) : at + step];
  if (next) goToMark(next);
}

function goToMark(mark) {
  mark.scrollIntoView({ block: "nearest", behavior: "instant" });
  mark.focus({ preventScroll: true });
}
