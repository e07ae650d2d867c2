// The same as plain text: lists with their signs, tables with a tab between cells, code as it is.

import { isBlock } from "./copy_html.js";

// `copy` is what `cleanCopy` returns.
export function textOf(copy) {
  const [only] = copy.childNodes;
  if (copy.childNodes.length === 1 && only.localName === "pre") return only.textContent;
  if (![...copy.children].some(isBlock)) return inlineText(copy);
  return paragraphsOf(copy).join("\n\n");
}

// The rows of a table as spreadsheets take them from the clipboard.
export function tableAsText(table) {
  return [...table.rows].map((row) => [...row.cells].map(cellText).join("\t")).join("\n");
}

function cellText(cell) {
  const text = paragraphsOf(cell).join("\n");
  return /[\t\n]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function paragraphsOf(element) {
  const found = [];
  let words = "";
  const endParagraph = () => {
    const text = words.replace(/ {2,}/g, " ").replace(/ ?\n ?/g, "\n").trim();
    if (text) found.push(text);
    words = "";
  };
  for (const node of element.childNodes) {
    if (!isBlock(node)) {
      words += inlineText(node);
      continue;
    }
    endParagraph();
    found.push(...blockTexts(node));
  }
  endParagraph();
  return found;
}

function inlineText(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[ \t\r\n\f]+/g, " ");
  if (node.localName === "br") return "\n";
  return [...node.childNodes].map(inlineText).join("");
}

function blockTexts(block) {
  switch (block.localName) {
    case "ul":
    case "ol":
      return [listText(block)];
    case "table":
      return [tableAsText(block)];
    case "pre":
      return [block.textContent.replace(/\n$/, "")];
    case "blockquote":
      return [paragraphsOf(block).join("\n\n").replace(/^/gm, "> ").replace(/ +$/gm, "")];
    case "dl":
      return [[...block.children].flatMap(paragraphsOf).join("\n")];
    case "hr":
      return ["---"];
  }
  return paragraphsOf(block);
}

function listText(list) {
  let number = list.start ?? 0;
  const items = [...list.children].map((item) => {
    const text = paragraphsOf(item).join("\n");
    const sign = list.localName === "ol" ? `${number++}. ` : /^[\u2610\u2611]/.test(text) ? "" : "- ";
    return sign + text.replaceAll("\n", `\n${" ".repeat(sign.length || 2)}`);
  });
  return items.join("\n");
}
