// When a request fails, whoever asked is told: in the composer, or by a toast.

import { byId } from "../shared/dom.js";
import { isSignInPage } from "../shared/sign_in.js";

export const isSignedOut = (xhr) => isSignInPage(xhr?.responseURL);

// What looks for news by itself says nothing: it looks again soon.
const asksByItself = (element) => element.matches("#newer, #history-watch, #options-panel, [data-looks-by-itself]");

const PROBLEMS = { 403: "outdated", 404: "gone", 429: "much" };

// Shows the notice `problem-…` of the page for the element that asked.
export function tellProblem(problem, element) {
  const notice = byId(`problem-${problem}`).content.cloneNode(true);
  const again = notice.querySelector("[data-again]");
  if (!element.requestSubmit) again?.remove(); // what is no form has a link or a summary that one can press once more
  again?.addEventListener("click", () => {
    again.closest(".toast")?.remove();
    element.requestSubmit();
  });
  notice.querySelector("[data-reload]")?.addEventListener("click", () => location.reload());
  const same = `[data-problem="${problem}"]`;
  if (asksByItself(element) && document.querySelector(same)) return;
  byId("toasts").querySelector(same)?.remove();
  if (element.id === "composer") showInComposer(problem, notice, element);
  else showProblemToast(problem, notice);
}

function showInComposer(problem, notice, composer) {
  for (const part of notice.children) part.dataset.problem = problem;
  composer.querySelector(".composer-problem").replaceChildren(notice);
}

function showProblemToast(problem, notice) {
  const toast = document.createElement("div");
  toast.className = "toast error";
  toast.dataset.problem = problem;
  toast.append(notice);
  byId("toasts").append(toast);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isSignedOut(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  tellProblem("signed-out", event.detail.requestConfig.elt);
});

// A refusal that has its own words, and says where they go, is shown like any other answer.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status !== 503 || !detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.shouldSwap = true;
  detail.isError = false;
});

document.addEventListener("htmx:sendError", (event) => {
  if (!asksByItself(event.target)) tellProblem("unreachable", event.target);
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (asksByItself(event.target) && status !== 429) return;
  tellProblem(PROBLEMS[status] ?? "server", event.target);
});
