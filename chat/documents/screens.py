"""A document's text in portions that a page can show: some of its pages, or a part of a very long one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from files.text import DocumentText

LONGEST = 12_000
"""Characters of one screen, about: a handful of printed pages."""
_LEAST_CUT = LONGEST // 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what one number stands for: a page, a slide, a sheet, some lines. `start` is where it begins in the
    text of its passage; `number` and `label` are those of the passage."""

    passage: int
    number: int
    label: str
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown at once. Screens count from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def first(self) -> int:
        """The number of the first page on it."""
        return self.pieces[0].number if self.pieces else 0

    @property
    def last(self) -> int:
        """The number of the last page on it."""
        return self.pieces[-1].number if self.pieces else 0


def screens_of(text: DocumentText) -> list[Screen]:
    """All of them. What they hold is cut out of the text, which takes no time to speak of."""
    found: list[Screen] = []
    kept: list[Piece] = []
    length = 0
    for piece in _pieces(text):
        if kept and length + len(piece.text) > LONGEST:
            found.append(Screen(len(found) + 1, tuple(kept)))
            kept, length = [], 0
        kept.append(piece)
        length += len(piece.text)
    if kept:
        found.append(Screen(len(found) + 1, tuple(kept)))
    return found


def screen_with(screens: Sequence[Screen], *, page: int, at: int = 0) -> Screen | None:
    """The screen that shows the page with this number, at the character `at` of it; the one before a page that has no
    text. None where there are none."""
    best: Screen | None = None
    for screen in screens:
        for piece in screen.pieces:
            if best is None or piece.number < page or (piece.number == page and piece.start <= at):
                best = screen
    return best


def _pieces(text: DocumentText) -> Iterator[Piece]:
    for index, passage in enumerate(text.passages):
        start = 0
        while len(passage.text) - start > LONGEST:
            end = _cut(passage.text, start)
            yield Piece(index, passage.number, passage.label, passage.text[start:end], start)
            start = end
        yield Piece(index, passage.number, passage.label, passage.text[start:], start)


def _cut(text: str, start: int) -> int:
    """Where a piece ends that begins there: after a line or a word, if one ends near the longest that it may be."""
    for sign in ("\n", " "):
        place = text.rfind(sign, start + _LEAST_CUT, start + LONGEST)
        if place > 0:
            return place + 1
    return start + LONGEST
