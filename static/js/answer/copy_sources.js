// The sources of an answer, as what is copied has them: a list with their numbers at the end.

import { byId } from "../shared/dom.js";

const wordForSources = () => byId("block-words").dataset.sources;

const sourcesOf = (article) =>
  [...article.querySelectorAll(".source")].map((source) => {
    const link = source.querySelector(".source-title");
    const place = source.matches(".from-document") ? source.querySelector(".source-site").textContent.trim() : "";
    const title = [link.textContent.trim(), place].filter(Boolean).join(", ");
    const label = source.dataset.label ?? "";
    return { number: source.value, label, title, url: link.href ?? "", name: source.id, states: statesOf(article, source) };
  });

// What a check found at the marks that lead to the source, in the words that stand beside them.
function statesOf(article, source) {
  const states = article.querySelector("template[data-mark-states]")?.content;
  const marks = [...article.querySelectorAll(".prose a.cite[data-mark]")].filter((mark) => mark.hash === `#${source.id}`);
  const labels = marks.map(({ dataset }) => states?.querySelector(`[data-mark="${dataset.mark}"]`)?.dataset.label);
  return [...new Set(labels.filter(Boolean))].join(", ");
}

const checkSummary = (article) => article.querySelector(".check-summary")?.dataset.copied ?? "";

// A list in Markdown, whose numbers are written as the marks in the text are.
export function sourcesAsText(article) {
  const lines = sourcesOf(article).map(
    ({ number, label, title, url, states }) => `- [${label || number}] ${title} ${url}`.trimEnd() + (states && ` (${states})`),
  );
  const checked = checkSummary(article);
  return `${wordForSources()}\n\n${lines.join("\n")}\n${checked && `\n${checked}\n`}`;
}

// Marks as small raised numbers that lead to the list. They keep their brackets, or 10 and a mark would be a power of 10.
export function raisedMark(mark, made) {
  const raised = made.createElement("sup");
  const link = made.createElement("a");
  link.setAttribute("href", mark.getAttribute("href"));
  link.append(mark.textContent);
  raised.append(link);
  return raised;
}

// The list as HTML. Where numbers are left out another list begins, because some programs count by themselves.
export function sourcesAsHtml(article, made) {
  const heading = made.createElement("h2");
  heading.append(wordForSources());
  const parts = [heading];
  let next = 0;
  for (const source of sourcesOf(article)) {
    if (source.label) {
      if (parts.length === 1) parts.push(made.createElement("ul"));
      parts.at(-1).append(itemFor({ ...source, title: `[${source.label}] ${source.title}` }, made));
      continue;
    }
    if (source.number !== next || parts.at(-1).localName !== "ol") parts.push(listFrom(source.number, made));
    parts.at(-1).append(itemFor(source, made));
    next = source.number + 1;
  }
  const checked = checkSummary(article);
  if (checked) {
    parts.push(made.createElement("p"));
    parts.at(-1).append(checked);
  }
  return parts;
}

function listFrom(number, made) {
  const list = made.createElement("ol");
  if (number !== 1) list.start = number;
  return list;
}

function itemFor({ title, url, name, states }, made) {
  const item = made.createElement("li");
  const link = made.createElement("a");
  link.id = link.name = name;
  if (url) link.href = url;
  link.append(title);
  item.append(link);
  if (url && url !== title) item.append(made.createElement("br"), url);
  if (states) item.append(` (${states})`);
  return item;
}
