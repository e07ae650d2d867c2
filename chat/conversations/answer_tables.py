"""The tables of an answer as rows of text, read from what its page shows."""

import re
from collections.abc import Iterator, Sequence

from lxml import html
from lxml.etree import _Element as Element

from chat.rendering import mathml

_BLANKS = re.compile(r"[ \t\n]+")
_LINES = {"dd", "div", "dt", "li", "p", "pre"}  # what begins on a line of its own
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"*/:<>?\\|]+')
LONGEST_NAME = 80  # characters


def table_rows(answer_html: str, number: int) -> Sequence[Sequence[str]]:
    """The rows of the answer's table with this number, from 1; none where there is no such table.

    `answer_html` is what was stored for the page. Citation marks stay as they are shown, `[1]`; a formula is its LaTeX.
    """
    if not answer_html or number < 1:
        return []
    tables = html.fragment_fromstring(answer_html, create_parent="div").iter("table")
    found = next((table for place, table in enumerate(tables, start=1) if place == number), None)
    if found is None:
        return []
    return [[_text(cell) for cell in row.iterchildren("td", "th")] for row in found.iter("tr")]


def file_name(title: str, number: int) -> str:
    """What a file with this table is called: as the conversation, without what some systems refuse."""
    name = " ".join(_NO_NAME.sub(" ", title).split())[:LONGEST_NAME].strip(" .") or "table"
    return f"{name}.csv" if number == 1 else f"{name} ({number}).csv"


def _text(cell: Element) -> str:
    lines = "".join(_pieces(cell)).split("\r")
    return "\n".join(line for line in (_BLANKS.sub(" ", line).strip(" ") for line in lines) if line)


def _pieces(element: Element) -> Iterator[str]:
    """What is read in an element, with a carriage return where a line ends: a line feed in HTML is a blank."""
    yield element.text or ""
    for child in element:
        yield from _child_pieces(child)
        yield child.tail or ""


def _child_pieces(child: Element) -> Iterator[str]:
    tag = str(child.tag)
    if tag == "br":
        yield "\r"
    elif tag == "input":
        yield "\u2611 " if "checked" in child.attrib else "\u2610 "
    elif tag == "math" or "math" in child.get("class", "").split():
        yield _formula(child)
    elif tag == "summary":
        return  # the beginning of what it unfolds, or how much that is
    elif tag in _LINES:
        yield "\r"
        yield from _pieces(child)
        yield "\r"
    else:
        yield from _pieces(child)


def _formula(element: Element) -> str:
    latex = element.get(mathml.SOURCE) or "".join(map(str, element.itertext()))
    return f"$${latex}$$" if element.get("display") == "block" else f"${latex}$"
