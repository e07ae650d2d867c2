"""The HTML of a text's open end, and what turns one such HTML into a later one.

An open end is told to its readers as what is new in it. Two of them differ from some place on, which is found by
comparing them and told as a place in the page's tree. So nothing has to be known of how either came about.
"""

import re
from html import unescape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>')
_VOID = {"br", "hr", "input", "wbr"}
_ENDS_TEXT = re.compile(r"\n?<")
_OPEN_CHARACTER = re.compile(r"&[^<>&;]*\Z")


class Level(NamedTuple):
    """An element that is open: its name, how many nodes it has so far, and how many UTF-16 units the last of them has
    if that is a text."""

    name: str
    nodes: int = 0
    units: int = 0


Place = tuple[Level, ...]
TOP: Place = (Level(""),)


class Pieces:
    """Pieces of safe HTML that stay as they are, and where in the tree each of them ends. Only ever appended to."""

    def __init__(self) -> None:
        self.htmls: list[str] = []
        self.places: list[Place] = [TOP]

    def append(self, html: str) -> None:
        """Add a piece. It need not close what it opens."""
        self.htmls.append(html)
        self.places.append(moved(self.places[-1], html))


class OpenHtml(NamedTuple):
    """Safe HTML: the first `finished` of the pieces, and an end that may still change.

    `live_from` is where in the block's text that end begins.
    """

    pieces: Pieces
    finished: int
    end: str
    live_from: int = 0

    @classmethod
    def of(cls, html: str) -> "OpenHtml":
        """HTML without finished pieces."""
        return cls(Pieces(), 0, html)

    @property
    def html(self) -> SafeString:
        """All of it."""
        return mark_safe("".join(self.pieces.htmls[: self.finished]) + self.end)  # noqa: S308 - each of them is safe

    def rest(self, count: int) -> str:
        """What comes after the first pieces."""
        return "".join(self.pieces.htmls[count : self.finished]) + self.end


class Change(NamedTuple):
    """What a viewer's open end needs to become the present one.

    With `how` "text", `html` is text that goes into the text node at `at`, whose end that is but for a line's end.
    With "grow", what comes after `at` goes, and `html` takes its place, inside of the tags that are open there. With
    "replace" it is all anew.

    `at` says for each level of the tree, from the outermost on, how many nodes stay; the last of them is where the next
    level is. The number behind them is how many UTF-16 units the last node has if that is a text, 0 if it is none.
    """

    how: str
    at: str
    html: SafeString


def change_between(old: OpenHtml, new: OpenHtml) -> Change | None:
    """What turns one HTML into the other; None where they are the same."""
    count = _common_pieces(old, new)
    before, now = old.rest(count), new.rest(count)
    if before == now:
        return None
    common = _common_start(before, now)
    place = moved(new.pieces.places[count], now[:common])
    if place == TOP:
        return Change("replace", "", mark_safe(now))  # noqa: S308 - as in OpenHtml
    after = before[common:]
    grown = now[common : len(now) - len(after)]
    if place[-1].units and _ENDS_TEXT.match(after) and "<" not in grown and now[common + len(grown) :] == after:
        return Change("text", _told(place), mark_safe(grown))  # noqa: S308
    opened = "".join(f"<{level.name}>" for level in place[1:])
    if opened.endswith("<pre>") and now.startswith("\n", common):
        opened += "\n"  # browsers leave out the first one
    return Change("grow", _told(place), mark_safe(opened + now[common:]))  # noqa: S308


def _told(place: Place) -> str:
    return " ".join(map(str, [*(level.nodes for level in place), place[-1].units]))


def _common_pieces(old: OpenHtml, new: OpenHtml) -> int:
    most = min(old.finished, new.finished)
    if old.pieces is new.pieces:
        return most
    pairs = zip(old.pieces.htmls[:most], new.pieces.htmls, strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), most)


def _common_start(one: str, other: str) -> int:
    """How many characters both begin with, whole tags and characters of HTML only."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return _whole(one, low)


def _whole(html: str, end: int) -> int:
    """The last place up to `end` at which neither a tag nor a character of HTML nor a formula is cut in two."""
    begin = html.rfind("<", 0, end)
    tag = _TAG.match(html, begin) if begin >= 0 else None
    if begin >= 0 and (tag is None or tag.end() > end):
        end = begin
    if character := _OPEN_CHARACTER.search(html, max(0, html.rfind("&", 0, end)), end):
        end = character.start()
    formula = html.rfind("<math", 0, end)
    return formula if formula > html.rfind("</math>", 0, end) else end


def moved(place: Place, html: str) -> Place:
    """Where in the tree one is after this HTML, as a parser reads it from `place` on."""
    *above, (name, nodes, units) = place
    at = 0
    for tag in _TAG.finditer(html):
        start = tag.start()
        if at < start:
            nodes += not units
            units += _units(html[at:start])
        at = tag.end()
        closes, tag_name = tag.groups()
        if closes:
            name, nodes, units = above.pop()
            continue
        nodes, units = nodes + 1, 0
        if tag_name not in _VOID:
            above.append(Level(name, nodes))
            name, nodes = tag_name, 0
    if at < len(html):
        nodes += not units
        units += _units(html[at:])
    return (*above, Level(name, nodes, units))


def _units(text: str) -> int:
    return utf16_length(unescape(text) if "&" in text else text)


def utf16_length(text: str) -> int:
    """The length of a text as browsers count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
