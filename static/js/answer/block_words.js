// What the blocks of an answer are called, in the language of the page: their HTML is the same for all its readers.

import { allIn, byId } from "../shared/dom.js";

// What scrolls inside itself is a group with a name, so that the keyboard reaches it and a screen reader says what it is.
// No regions: a page may hold many, and each would have to have a name of its own.
const SCROLLING = { ".code > pre": "code", "pre.plain": "text", ".table": "table", "div.math": "formula" };

export function nameBlocks(root) {
  const words = byId("block-words")?.dataset;
  if (!words) return;
  for (const [selector, word] of Object.entries(SCROLLING)) {
    for (const block of allIn(root, `.prose ${selector}`)) {
      block.tabIndex = 0;
      block.setAttribute("role", "group");
      block.setAttribute("aria-label", words[word]);
    }
  }
  for (const head of allIn(root, '[data-kind="diagram"] > .code-head:not([data-named])')) {
    const label = head.querySelector("span");
    head.dataset.named = label.textContent;
    label.textContent = words.diagram.replace("{language}", label.textContent);
  }
  for (const box of allIn(root, ".prose .task > input")) {
    box.setAttribute("aria-label", box.checked ? words.done : words.notDone);
  }
}
