"""The text of an answer as a tree of blocks, read from the HTML that Parley shows.

Every format is written from this tree and not from the model's Markdown: what the text is has been decided once, by
`chat.rendering`, and nothing in it can end a table, a fence or a heading of the file that it is written into. What no
format can say otherwise stays as plain text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree, html

from chat.rendering.mathml import SOURCE
from core.text import visible_text

DEEPEST = 60
"""Elements inside each other; what lies deeper is plain text."""

_STYLES = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "s": "strike",
    "del": "strike",
    "u": "underline",
    "ins": "underline",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
    "kbd": "code",
    "mark": "mark",
    "small": "small",
}
_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "div", "hr", "details",
    "summary", "dl", "dt", "dd",
}  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\f\n]*\n[ \t\r\f\n]*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    `href` is where it leads. `cite` is the number of the source that a mark cites, in which case `text` is the whole
    mark with its brackets; `check` is the word for what a check found of it, empty where the next mark says the same or
    nobody looked. `is_unknown` marks one that no source answers to. A formula has its `latex` and its `mathml`, and
    stands on a line of its own if it is `display`. A line break has the text "\\n" alone.
    """

    text: str = ""
    styles: frozenset[str] = frozenset()
    href: str = ""
    cite: str = ""
    check: str = ""
    is_unknown: bool = False
    latex: str = ""
    mathml: str = ""
    display: bool = False

    @property
    def is_break(self) -> bool:
        """Whether a new line begins here."""
        return self.text == "\n"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that stands by itself."""

    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within an answer; `level` counts from 1, the highest."""

    level: int
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Code:
    """Code, or other text whose blanks and lines are to stay."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list. `done` is None where it is no task."""

    blocks: "list[Block]"
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered from `start` if it is `ordered`."""

    items: list[Item]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted."""

    blocks: "list[Block]"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, with how it is aligned: `left`, `center`, `right` or nothing."""

    runs: list[Run]
    align: str = ""
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all of the same number."""

    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block = Paragraph | Heading | Code | Listing | Quote | Table | Rule


def blocks_of(text_html: str) -> list[Block]:
    """The blocks of an answer's HTML, which came out of the sanitizer."""
    clean = visible_text(text_html)
    if not clean.strip():
        return []
    try:
        root = html.fragment_fromstring(clean, create_parent="div")
    except (etree.ParserError, ValueError):
        return [Code(clean)]
    return list(_blocks_in(root, depth=0))


def plain(runs: Iterable[Run]) -> str:
    """Runs as one line of text."""
    return " ".join("".join(run.text for run in runs).split())


def text_blocks(text: str) -> list[Block]:
    """Text as somebody typed it: a paragraph for each stretch between empty lines, with its line breaks."""
    found: list[Block] = []
    for stretch in re.split(r"\n[ \t]*\n", visible_text(text)):
        runs: list[Run] = []
        for line in stretch.strip("\n").split("\n"):
            runs += [Run("\n")] if runs else []
            runs.append(Run(line))
        if any(run.text.strip() for run in runs):
            found.append(Paragraph(runs))
    return found


def _blocks_in(element: Any, *, depth: int) -> Iterator[Block]:
    """The blocks inside an element; text between them makes paragraphs."""
    pending: list[Run] = []
    _add_text(pending, element.text, frozenset(), "")
    for child in element:
        if not isinstance(child.tag, str):
            _add_text(pending, child.tail, frozenset(), "")
            continue
        if _is_block(child) and depth < DEEPEST:
            yield from _paragraph(pending)
            pending = []
            yield from _block(child, depth=depth + 1)
        else:
            _add_inline(pending, child, frozenset(), "", depth=depth)
        _add_text(pending, child.tail, frozenset(), "")
    yield from _paragraph(pending)


def _is_block(element: Any) -> bool:
    return element.tag in _BLOCKS or (element.tag == "math" and element.get("display") == "block")


def _block(element: Any, *, depth: int) -> Iterator[Block]:
    tag = element.tag
    if tag in ("p", "summary", "dt", "math"):
        runs: list[Run] = []
        _add_inline(runs, element, frozenset({"strong"}) if tag in ("summary", "dt") else frozenset(), "", depth=depth)
        yield from _paragraph(runs)
    elif tag[0] == "h" and tag[1:].isdigit():
        runs = []
        _add_inline(runs, element, frozenset(), "", depth=depth)
        if runs := _trimmed(runs):
            yield Heading(max(1, int(tag[1:]) - 2), [run for run in runs if not run.is_break])
    elif tag == "pre":
        yield Code(element.text_content().removesuffix("\n"), _language(element))
    elif tag == "hr":
        yield Rule()
    elif tag in ("ul", "ol"):
        items = [_item(child, depth=depth) for child in element if child.tag == "li"]
        if items:
            start = element.get("start", "1")
            yield Listing(items, tag == "ol", int(start) if start.isdigit() and len(start) < 10 else 1)
    elif tag == "dl":
        items = [Item(list(_blocks_in(child, depth=depth))) for child in element if isinstance(child.tag, str)]
        yield Listing([item for item in items if item.blocks])
    elif tag == "blockquote":
        yield Quote(list(_blocks_in(element, depth=depth)))
    elif tag == "table":
        yield from _table(element, depth=depth)
    elif "code-head" not in element.get("class", ""):
        yield from _blocks_in(element, depth=depth)


def _item(element: Any, *, depth: int) -> Item:
    boxes = [child for child in element if child.tag == "input"]
    return Item(list(_blocks_in(element, depth=depth)), boxes[0].get("checked") is not None if boxes else None)


def _table(element: Any, *, depth: int) -> Iterator[Table]:
    rows = []
    for row in element.iter("tr"):
        cells = []
        for cell in row:
            if cell.tag in ("td", "th"):
                runs: list[Run] = []
                _add_inline(runs, cell, frozenset(), "", depth=depth)
                aligned = re.search(r"align-(left|center|right)", cell.get("class", ""))
                cells.append(Cell(_trimmed(runs), aligned[1] if aligned else "", cell.tag == "th"))
        rows.append(cells)
    width = max((len(row) for row in rows), default=0)
    if width:
        yield Table([row + [Cell([])] * (width - len(row)) for row in rows])


def _language(element: Any) -> str:
    found = re.search(
        r"language-([A-Za-z0-9_+.#-]{1,30})", " ".join(one.get("class", "") for one in element.iter("code"))
    )
    return found[1] if found else ""


def _paragraph(runs: list[Run]) -> Iterator[Paragraph]:
    if kept := _trimmed(runs):
        yield Paragraph(kept)


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without blanks and breaks at both ends."""
    kept = list(runs)
    while kept and not kept[0].latex and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].latex and not kept[-1].text.strip():
        kept.pop()
    if kept and not kept[0].latex:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    if kept and not kept[-1].latex:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return kept


def _add_inline(runs: list[Run], element: Any, styles: frozenset[str], href: str, *, depth: int) -> None:
    """Append what an inline element holds; blocks inside of one, as in a cell, begin on a new line."""
    tag, classes = element.tag, element.get("class", "").split()
    if tag == "br":
        runs.append(Run("\n"))
        return
    if tag in ("wbr", "input") or "code-head" in classes:
        return
    if tag == "math":
        latex = element.get(SOURCE, "") or "".join(element.itertext())
        display = element.get("display") == "block"
        mathml = etree.tostring(element, encoding="unicode", with_tail=False)
        runs.append(Run(latex, styles, latex=latex, mathml=mathml, display=display))
        return
    if tag == "a" and "cite" in classes:
        document = element.get("data-document")
        number = f"D{document}" if document else element.get("data-source", "")
        runs.append(Run(element.text_content(), styles, cite=number, check=element.get("data-word", "")))
        return
    if "unknown-source" in classes:
        runs.append(Run(element.text_content(), styles, is_unknown=True))
        return
    if depth > DEEPEST:
        _add_text(runs, element.text_content(), styles, href)
        return
    if tag == "a":
        href = element.get("href", "")
        href = href if href.startswith(("http://", "https://", "mailto:")) else ""
    if tag in _STYLES:
        styles = styles | {_STYLES[tag]}
    if _is_block(element) and runs and not runs[-1].is_break and tag not in ("p", "math"):
        runs.append(Run("\n"))
    _add_text(runs, element.text, styles, href)
    for child in element:
        if isinstance(child.tag, str):
            _add_inline(runs, child, styles, href, depth=depth + 1)
        _add_text(runs, child.tail, styles, href)


def _add_text(runs: list[Run], text: str | None, styles: frozenset[str], href: str) -> None:
    """Append text; the end of a line in it is a line break, as on the page."""
    if not text:
        return
    for place, line in enumerate(_BLANKS.split(text)):
        if place and runs and not runs[-1].is_break:
            runs.append(Run("\n"))
        if line:
            last = runs[-1] if runs else None
            if last and not last.is_break and replace(last, text="") == Run("", styles, href):
                runs[-1] = replace(last, text=last.text + line)
            else:
                runs.append(Run(line, styles, href))
