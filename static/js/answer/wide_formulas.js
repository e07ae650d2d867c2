// A formula that is wider than the line scrolls inside itself. It cannot do so by a style alone: what scrolls is
// cut at its edges, and the signs of most formulas reach beyond theirs.

import { byId } from "../shared/dom.js";

export function letWideFormulasScroll(root) {
  const formulas = [...root.querySelectorAll(".prose :not(div.math) > math")];
  for (const formula of formulas) formula.classList.remove("wide");
  const widthOf = (element) => element.getBoundingClientRect().width;
  const isWide = (formula) =>
    widthOf(formula) > widthOf(formula.parentElement) + 1 || formula.scrollWidth > formula.clientWidth + 1;
  for (const formula of formulas.filter(isWide)) {
    formula.classList.add("wide");
    formula.setAttribute("tabindex", "0");
    formula.setAttribute("aria-label", byId("block-words")?.dataset.formula ?? "");
  }
}

let widthTimer;
addEventListener("resize", () => {
  clearTimeout(widthTimer);
  widthTimer = setTimeout(() => letWideFormulasScroll(document), 200);
});
