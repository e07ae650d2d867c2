"""HTML: what a reader sees of it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from files.text.formats.outline import Outline, parts_of
from files.text.formats.plain import decoded

_UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "object"})
_IN_LINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_AT_ONCE = 65_536  # characters


def open_html(source: BinaryIO) -> Outline:
    """The text between the tags, a line for each block."""
    return Outline("part", parts_of(_lines(source)))


def _lines(source: BinaryIO) -> Iterator[str]:
    page, text = _Page(), decoded(source)
    while piece := text.read(_AT_ONCE):
        page.feed(piece)
        yield from page.whole_lines()
    page.close()
    yield from page.whole_lines(to_the_end=True)


class _Page(HTMLParser):
    """Collects what is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen: list[str] = []  # the tags that hide what is in them, innermost last

    def whole_lines(self, *, to_the_end: bool = False) -> list[str]:
        """The lines that are complete, each once, with single blanks; empty ones are left out."""
        *lines, rest = "".join(self._pieces).split("\n")
        self._pieces = [] if to_the_end else [rest]
        found = [" ".join(line.split()) for line in ([*lines, rest] if to_the_end else lines)]
        return [line for line in found if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line, a cell goes on in it."""
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in ("td", "th"):
            self._pieces.append(" | ")
        elif tag not in _IN_LINE:
            self._pieces.append("\n" + _HEADINGS.get(tag, "- " if tag == "li" else ""))

    def handle_endtag(self, tag: str) -> None:
        """So does what follows a block."""
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag not in _IN_LINE and tag not in ("td", "th", "li"):
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Words, unless they are none."""
        if not self._unseen:
            self._pieces.append(data.replace("\n", " "))
