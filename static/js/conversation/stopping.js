// Escape stops one's own answer while it is written, where Escape has nothing else to close.

const ELSEWHERE = "dialog, input, select, textarea:not(#question), [data-menu][open], .edit-slot";
const OPEN = "dialog[open], [data-menu][open], .sidebar.open, #selected-words:not([hidden]), #known-answers";

const isClosable = () =>
  document.querySelector(OPEN) || [...document.querySelectorAll("[popover]")].some((one) => one.matches(":popover-open"));

// Before anything else hears of it, while what the key would close is still open.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing || event.target.closest?.(ELSEWHERE) || isClosable()) return;
    [...document.querySelectorAll(".exchange[data-stops] .status .stop")].at(-1)?.click();
  },
  true,
);
