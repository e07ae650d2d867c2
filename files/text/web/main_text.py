"""The text of a page that people come for, without menus, comments and what else stands around it."""

from collections.abc import Iterator
from typing import Any

_IN_LINE = frozenset({"hi", "ref", "del", "lb", "graphic", "span"})
_BETWEEN_CELLS = " | "
_AS_IT_IS = "\0"
_MOST_CAPTIONS = 200


def main_lines(tree: Any) -> list[str]:
    """Its lines, as `files.text.formats.html` would write them: `#` before headings, `-` before what is listed, rows of
    tables in one line. Nothing where trafilatura finds none."""
    import trafilatura

    captions = [_tidy(element.text_content()) for element in tree.iter("figcaption", "caption")][:_MOST_CAPTIONS]
    found = trafilatura.bare_extraction(
        tree,
        output_format="xml",  # of which the tree alone is wanted; any other is written out as text before
        fast=True,  # our own reading of the page is what else there is
        favor_recall=True,
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    lines = [] if body is None else [line for line in _lines(body) if line.strip("-# |")]
    # What stands below a picture or above a table is left out by trafilatura, though people cite it.
    return lines + [caption for caption in captions if caption and not any(caption in line for line in lines)]


def _lines(body: Any) -> Iterator[str]:
    for element in body:
        tag = element.tag
        if tag == "head":
            level = str(element.get("rend") or "h2")[-1]
            yield f"{'#' * (int(level) if level in '123456' else 2)} {_tidy(_text(element))}"
        elif tag == "list":
            yield from (f"- {text}" for item in element if (text := _tidy(_text(item))))
        elif tag == "table":
            yield from (_BETWEEN_CELLS.join(_tidy(_text(cell)) for cell in row) for row in element.iter("row"))
        elif tag == "code":
            yield from _text(element).split("\n")
        elif tag in ("quote", "div", "body", "main", "article", "section") and len(element):
            yield from ([_tidy(element.text)] if element.text else [])
            yield from _lines(element)
        elif isinstance(tag, str):
            yield from (_tidy(line) for line in _text(element).split(_AS_IT_IS))
        if element.tail and element.tail.strip():
            yield _tidy(element.tail)


def _text(element: Any) -> str:
    """The words in an element; a line break within it stays one."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            pieces.append(_AS_IT_IS)
        elif isinstance(child.tag, str):
            pieces.append(_text(child) if child.tag in _IN_LINE else f" {_text(child)} ")
        pieces.append(child.tail or "")
    return "".join(pieces)


def _tidy(text: str) -> str:
    return " ".join(text.replace(_AS_IT_IS, " ").split())
