// The chips are drawn anew when something changes, and only then: a press on one of them must not come to nothing.
// Whoever was at one stays there.

let focusedOption = "";
const bareHtml = (element) => element?.innerHTML.replace(/\s+/g, " ").trim();

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id !== "option-chips") return;
  if (bareHtml(target) === bareHtml(fragment.querySelector("#option-chips"))) event.detail.shouldSwap = false;
  focusedOption = document.activeElement?.dataset?.optionOff ?? "";
});
document.addEventListener("htmx:oobAfterSwap", () => {
  if (focusedOption) {
    document.querySelector(`[data-option-off="${CSS.escape(focusedOption)}"]`)?.focus({ preventScroll: true });
  }
  focusedOption = "";
});
