"""DOCX: the body in its order, with pages where Word noted how it broke them last."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from files.text.document_text import Passage
from files.text.formats.office import check_package
from files.text.formats.outline import LENGTH_OF_PART, Outline

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says the same a second time
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def open_docx(source: BinaryIO) -> Outline:
    """The pages as Word saw them when it saved the document, else as its author broke them, else parts."""
    from docx import Document

    check_package(source)
    body = Document(source).element.body
    rendered = sum(1 for _mark in body.iter(f"{_W}lastRenderedPageBreak"))
    broken = sum(_is_page_break(mark) for mark in body.iter(f"{_W}br"))
    if not rendered and not broken:
        return Outline("part", _passages(_pieces(body), by_length=True))
    marks = _pieces(body, rendered=bool(rendered))
    return Outline("page", _passages(marks), (rendered or broken) + 1)


def _passages(pieces: Iterator[str | None], *, by_length: bool = False) -> Iterator[Passage]:
    """Passages of the pieces, in which None is the end of a page."""
    kept: list[str] = []
    number, length = 1, 0
    for piece in pieces:
        if piece is None or (by_length and length > LENGTH_OF_PART and piece.startswith("\n")):
            yield Passage(number, "".join(kept))
            kept, length, number = [], 0, number + 1
        if piece:
            kept.append(piece)
            length += len(piece)
    yield Passage(number, "".join(kept))


def _pieces(body: Any, *, rendered: bool = False) -> Iterator[str | None]:
    """The text piece by piece, paragraphs and rows on lines of their own; None where a page ends."""
    hidden: set[Any] = set()
    beginning = False  # of a cell, whose first paragraph goes on in the line of its row
    for element in body.iter():
        if element.getparent() in hidden or element.tag == _FALLBACK:
            hidden.add(element)
        elif element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag == f"{_W}p":
            yield ("" if beginning else "\n") + _heading(element)
            beginning = False
        elif element.tag == f"{_W}tr":
            yield "\n"
        elif element.tag == f"{_W}tc":
            yield "| " if element.getprevious() is None else " | "
            beginning = True
        elif element.tag == f"{_W}lastRenderedPageBreak" or (not rendered and _is_page_break(element)):
            yield None
        elif element.tag in _MARKS:
            yield _MARKS[element.tag]


def _is_page_break(element: Any) -> bool:
    return bool(element.tag == f"{_W}br" and element.get(f"{_W}type") == "page")


def _heading(paragraph: Any) -> str:
    """The mark of a heading, by the name of its style in Word's own templates."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = "" if style is None else style.get(f"{_W}val") or ""
    level = name.removeprefix("Heading")
    return "#" * int(level) + " " if name != level and level in "123456" and level else ""
