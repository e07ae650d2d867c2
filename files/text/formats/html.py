"""HTML: what a reader sees of it."""

from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

from files.text.formats.outline import Outline, parts_of
from files.text.formats.plain import decoded

_UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "object"})
_IN_LINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_AT_ONCE = 65_536  # characters
_AS_IT_IS = "\0"  # before a line of code, which keeps its blanks; no text has this sign


def open_html(source: BinaryIO) -> Outline:
    """The text between the tags, a line for each block."""
    return Outline("part", parts_of(lines_of(decoded(source))))


def lines_of(text: TextIO) -> Iterator[str]:
    """The lines that a reader sees of the HTML."""
    from lxml import etree

    page = _Page()
    parser = etree.HTMLParser(target=page, remove_comments=True, no_network=True)
    while piece := text.read(_AT_ONCE):
        parser.feed(piece)
        yield from page.whole_lines()
    parser.close()
    yield from page.whole_lines(to_the_end=True)


class _Page:
    """Collects what is seen, as the parser tells of it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._unseen = 0  # how many tags around hide what is in them
        self._in_code = 0  # how many tags around keep lines as they are

    def start(self, tag: str, attributes: Any) -> None:
        """A block begins a line, a cell goes on in it."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _CELLS:
            self._pieces.append(" | ")
        elif tag == "pre":
            self._in_code += 1
            self._pieces.append(f"\n{_AS_IT_IS}")
        elif tag not in _IN_LINE:
            self._pieces.append("\n" + _HEADINGS.get(tag, "- " if tag == "li" else ""))

    def end(self, tag: str) -> None:
        """What follows a block begins a line too."""
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag not in _IN_LINE and tag not in _CELLS:
            self._in_code = max(self._in_code - (tag == "pre"), 0)
            self._pieces.append("\n")

    def data(self, data: str) -> None:
        """Words, unless they are none."""
        if not self._unseen:
            self._pieces.append(data.replace("\n", f"\n{_AS_IT_IS}" if self._in_code else " "))

    def close(self) -> None:
        """The page has ended."""

    def whole_lines(self, *, to_the_end: bool = False) -> list[str]:
        """The lines that are complete, each once, with single blanks; empty ones are left out."""
        *lines, rest = "".join(self._pieces).split("\n")
        if to_the_end or len(rest) > _AT_ONCE:  # a line without end is cut
            lines, rest = [*lines, rest], ""
        self._pieces = [rest]
        found = [_tidy(line) for line in lines]
        return [line for line in found if line.strip("-# ")]


def _tidy(line: str) -> str:
    """The line with single blanks, or of code as it is; there nothing is a heading."""
    if not line.startswith(_AS_IT_IS):
        return " ".join(line.split())
    code = line.lstrip(_AS_IT_IS).rstrip()
    return f" {code}" if code.startswith("#") else code
