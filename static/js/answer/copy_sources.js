// The sources of an answer, as what is copied has them: a list with their numbers at the end.

import { byId } from "../shared/dom.js";

const wordForSources = () => byId("block-words").dataset.sources;

const sourcesOf = (article) =>
  [...article.querySelectorAll(".source")].map((source) => {
    const link = source.querySelector(".source-title");
    return { number: source.value, title: link.textContent.trim(), url: link.href ?? "", name: source.id };
  });

// A list in Markdown, whose numbers are written as the marks in the text are.
export function sourcesAsText(article) {
  const lines = sourcesOf(article).map(({ number, title, url }) => `- [${number}] ${title} ${url}`.trimEnd());
  return `${wordForSources()}\n\n${lines.join("\n")}\n`;
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
    if (source.number !== next || parts.length === 1) parts.push(listFrom(source.number, made));
    parts.at(-1).append(itemFor(source, made));
    next = source.number + 1;
  }
  return parts;
}

function listFrom(number, made) {
  const list = made.createElement("ol");
  if (number !== 1) list.start = number;
  return list;
}

function itemFor({ title, url, name }, made) {
  const item = made.createElement("li");
  const link = made.createElement("a");
  link.id = link.name = name;
  if (url) link.href = url;
  link.append(title);
  item.append(link);
  if (url && url !== title) item.append(made.createElement("br"), url);
  return item;
}
