// Copying an answer, its sources, a block of code.

import { announce, announcerWords } from "../shared/announcer.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // without https there is no clipboard object
  }
}

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

async function copyFor(button, text) {
  const done = await copy(text);
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

function sourcesAsText(article) {
  const lines = [...article.querySelectorAll(".source")].map((source) => {
    const link = source.querySelector(".source-title");
    return `[${source.value}] ${link.textContent.trim()} ${link.href}`;
  });
  return lines.join("\n");
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
  if (button.dataset.copy.startsWith("#")) {
    copyFor(button, document.querySelector(button.dataset.copy).textContent.trim());
    return;
  }
  const article = button.closest("article");
  const text = article.querySelector("template[data-raw]").content.textContent;
  copyFor(button, button.dataset.copy === "sources" ? `${text}\n\n${sourcesAsText(article)}\n` : text);
});
