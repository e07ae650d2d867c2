// The buttons that copy: an answer, with its sources or without, a block of code, a table.
//
// An answer goes to the clipboard twice, as the Markdown that was written and as rich text. Marks stay in both: as [1]
// in Markdown and in rich text without sources, as raised numbers in rich text with the list that they lead to.

import { announce, announcerWords } from "../shared/announcer.js";
import { putOnClipboard } from "./copy_clipboard.js";
import { cleanCopy } from "./copy_html.js";
import { raisedMark, sourcesAsHtml, sourcesAsText } from "./copy_sources.js";
import { tableAsText } from "./copy_text.js";

async function copyFor(button, text, html) {
  const done = await putOnClipboard(text, html);
  announce(done ? announcerWords().copied : announcerWords().notCopied);
  if (!done || button.classList.contains("copied")) return;
  const use = button.querySelector("use");
  const icon = use?.getAttribute("href");
  use?.setAttribute("href", icon.replace(/#.*/, "#check"));
  button.classList.add("copied");
  setTimeout(() => {
    use?.setAttribute("href", icon);
    button.classList.remove("copied");
  }, 1600);
}

function copyAnswer(button) {
  const article = button.closest("article");
  const text = article.querySelector("template[data-raw]").content.textContent;
  const withSources = button.dataset.copy === "sources";
  const copy = cleanCopy(article.querySelector(".prose"), { markOf: withSources ? raisedMark : null });
  if (withSources) copy.append(...sourcesAsHtml(article, copy.ownerDocument));
  copyFor(button, withSources ? `${text.trimEnd()}\n\n${sourcesAsText(article)}` : text, copy.innerHTML.trim());
}

function copyTable(button) {
  const copy = cleanCopy(button.closest(".table-box").querySelector(".table"));
  copyFor(button, tableAsText(copy.querySelector("table")), copy.innerHTML.trim());
}

document.addEventListener("click", (event) => {
  const code = event.target.closest(".copy-code");
  if (code) {
    const block = code.closest(".code") ?? code.closest(".code-head").parentElement;
    copyFor(code, block.querySelector("pre").textContent);
    return;
  }
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const what = button.dataset.copy;
  if (what.startsWith("#")) copyFor(button, document.querySelector(what).textContent.trim());
  else if (what === "table") copyTable(button);
  else copyAnswer(button);
});
