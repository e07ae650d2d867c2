"""The elements of an export as the data that the Typst template shows: nothing in it is ever a program."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ziamath.zmath import Math

from sharing.export.blocks import Block, Code, Heading, Item, Listing, Paragraph, Quote, Rule, Run, Table, plain
from sharing.export.formats.scripts import ScriptsSeen
from sharing.export.layout import (
    Body,
    Element,
    Entry,
    Illustration,
    Meta,
    Note,
    Section,
    SourceList,
    Title,
    are_rtl,
    is_rtl,
    one_line,
)
from sharing.export.pictures import EmbeddedPicture, embedded

_EM = 24.0  # pixels of a line in the drawings of formulas
_STYLES = {"strong": "b", "em": "i", "strike": "s", "underline": "u", "sub": "l", "sup": "h", "mark": "m", "code": "c"}
_VIEW = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="-?[\d.]+ (-?[\d.]+)')
_WIDTHS = (4, 40)  # characters between which columns share a page


class Teller:
    """Tells elements one by one; pictures go into the folder, and `scripts` are those that were seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.scripts = ScriptsSeen()
        self._pictures = 0

    def told(self, element: Element) -> dict[str, Any]:
        """The data of one element."""
        match element:
            case Title():
                return self._heading(1, element.text)
            case Section():
                return self._heading(element.level, element.text)
            case Meta():
                return {"k": "meta", "x": self._seen(element.text), "a": element.href, "r": is_rtl(element.text)}
            case Note():
                return {"k": "note", "x": self._seen(element.text), "r": is_rtl(element.text)}
            case SourceList():
                return {
                    "k": "sources",
                    "x": self._seen(element.label),
                    "e": [self._entry(one) for one in element.entries],
                }
            case Illustration():
                return self._picture(element)
            case Body():
                blocks = self._blocks(element.blocks, element)
                return {
                    "k": "quote" if element.is_quiet else "body",
                    "b": blocks,
                    "r": are_rtl(element.blocks),
                }

    def _heading(self, level: int, text: str) -> dict[str, Any]:
        return {"k": "h", "l": level, "x": [{"x": self._seen(text), "s": ""}], "r": is_rtl(text)}

    def _entry(self, one: Entry) -> dict[str, Any]:
        title, details = self._seen(one.title), self._seen(one.details)
        return {"n": one.number, "x": title, "a": one.url, "d": details, "t": one.anchor, "r": is_rtl(title)}

    def _picture(self, shown: Illustration) -> dict[str, Any]:
        found = embedded(shown.picture) if shown.is_embedded else None
        name = ""
        if found:
            self._pictures += 1
            name = f"picture-{self._pictures}.{found.suffix}"
            (self._folder / name).write_bytes(found.data)
        caption = self._seen(one_line(shown.picture.name))
        return {"k": "picture", "f": name, "w": _width(found) if found else 0, "x": caption}

    def _blocks(self, blocks: Iterable[Block], body: Body) -> list[dict[str, Any]]:
        return [self._block(block, body) for block in blocks]

    def _block(self, block: Block, body: Body) -> dict[str, Any]:
        match block:
            case Paragraph([only]) if only.display and drawn_formula(only.mathml):
                return {"k": "formula", "x": self._run(only, body)}
            case Paragraph():
                return {"k": "p", "x": self._runs(block.runs, body), "r": is_rtl(plain(block.runs))}
            case Heading():
                level = min(6, body.level + block.level)
                return {"k": "h", "l": level, "x": self._runs(block.runs, body), "r": is_rtl(plain(block.runs))}
            case Code():
                return {"k": "code", "x": self._seen(block.text)}
            case Listing():
                items = [self._item(item, body) for item in block.items]
                return {"k": "list", "o": block.ordered, "n": block.start, "i": items, "r": are_rtl([block])}
            case Quote():
                return {"k": "quote", "b": self._blocks(block.blocks, body), "r": are_rtl(block.blocks)}
            case Table():
                return self._table(block, body)
            case Rule():
                return {"k": "rule"}

    def _item(self, item: Item, body: Body) -> dict[str, Any]:
        return {"d": item.done, "b": self._blocks(item.blocks, body)}

    def _table(self, table: Table, body: Body) -> dict[str, Any]:
        rows = [
            [{"x": self._runs(cell.runs, body), "a": cell.align, "h": cell.is_head} for cell in row]
            for row in table.rows
        ]
        longest = [max(len(plain(row[at].runs)) for row in table.rows) for at in range(len(table.rows[0]))]
        widths = [min(max(one, _WIDTHS[0]), _WIDTHS[1]) for one in longest]
        return {"k": "table", "x": rows, "w": widths, "r": is_rtl(plain(table.rows[0][0].runs))}

    def _runs(self, runs: Sequence[Run], body: Body) -> list[dict[str, Any]]:
        return [self._run(run, body) for run in runs]

    def _run(self, run: Run, body: Body) -> dict[str, Any]:
        if run.latex and (drawn := drawn_formula(run.mathml)):
            svg, height, depth = drawn
            return {"x": run.latex, "s": "", "svg": svg, "height": height, "depth": depth}
        styles = "c" if run.latex else "".join(_STYLES.get(style, "") for style in sorted(run.styles))
        found: dict[str, Any] = {"x": self._seen(run.text), "s": styles}
        if run.href:
            found["a"] = run.href
        if run.cite:
            found["t"] = body.leads_to(run.cite)
        if run.is_unknown:
            found["w"] = True
        if run.check:
            found["k"] = run.check
        return found

    def _seen(self, text: str) -> str:
        self.scripts.look(text)
        return text


def _width(picture: EmbeddedPicture) -> float:
    """How wide it is shown, of 1 for the text's width: as large as it is, and no higher than two thirds of a page."""
    return min(1.0, picture.width / 1000, 0.9 * picture.width / max(1, picture.height))


@lru_cache(maxsize=512)
def drawn_formula(mathml: str) -> tuple[str, float, float] | None:
    """A formula as an SVG drawing, with its height and how far it goes below the line, in ems; None for one that can't
    be drawn: it is shown as it was written."""
    if not mathml:
        return None
    try:
        svg = Math(mathml, size=_EM).svg()
        view = _VIEW.search(svg)
        assert view
        height, top = float(view[2]), float(view[3])
        return svg, height / _EM, max(0.0, height + top) / _EM
    except Exception:  # it answers what it does not know with errors of several kinds
        return None
