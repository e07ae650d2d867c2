"""What one version of a report says that another does not: by lines, and by words where a line was changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from chat.sources.comparison.difference import Piece
from chat.sources.comparison.wording import Budget, pieces_of

MOST_LINES = 2_000
"""Lines that differ on either side; beyond them all that lies between is told as removed and added."""
MOST_SHOWN = 1_000
"""Lines of a difference that a page shows."""
MOST_CHARACTERS = 60_000
"""Characters of lines in which single words are told apart; those after them are told as a whole."""
_MOST_CELLS = 120_000  # of the tables by which words are compared, which takes about half a second
_AROUND = 2  # lines that are the same, before and after what differs


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference. `kind` is `same`, `gone`, `new`, or `skipped` for lines that are left out."""

    kind: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Differences:
    """The lines that differ with those around them; `is_cut` says that there are more."""

    lines: Sequence[Line]
    is_cut: bool = False


def differences(old: str, new: str) -> Differences:
    """What the new text says otherwise."""
    if old == new:
        return Differences([])
    lines = list(islice(_lines(old.split("\n"), new.split("\n")), MOST_SHOWN + 1))
    return Differences(lines[:MOST_SHOWN], is_cut=len(lines) > MOST_SHOWN)


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    budget, left = Budget(_MOST_CELLS), MOST_CHARACTERS
    for tag, begin, end, other, until in _changes(old, new):
        if tag == "equal":
            yield from _around(old[begin:end], is_first=begin == 0, is_last=end == len(old))
        elif tag == "replace" and end - begin == until - other:
            for before, after in zip(old[begin:end], new[other:until], strict=True):
                left -= len(before) + len(after)
                gone, added = pieces_of(before, after, budget) if left >= 0 else (_whole(before), _whole(after))
                yield Line("gone", gone)
                yield Line("new", added)
        else:
            yield from (Line("gone", _whole(line)) for line in old[begin:end])
            yield from (Line("new", _whole(line)) for line in new[other:until])


def _whole(line: str) -> Sequence[Piece]:
    return [Piece(line, differs=True)]


def _changes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As `SequenceMatcher.get_opcodes` has them, with what both begin and end with put aside first."""
    begin = 0
    while begin < min(len(old), len(new)) and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < min(len(old), len(new)) - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    middle, other = old[begin : len(old) - end], new[begin : len(new) - end]
    if begin:
        yield "equal", 0, begin, 0, begin
    if max(len(middle), len(other)) > MOST_LINES:
        yield "replaced", begin, begin + len(middle), begin, begin + len(other)
    else:
        for tag, one, two, three, four in SequenceMatcher(None, middle, other).get_opcodes():
            yield tag, one + begin, two + begin, three + begin, four + begin
    if end:
        yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _around(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    """Of lines that are the same, those beside what differs."""
    before = [] if is_first else lines[:_AROUND]
    rest = lines[len(before) :]
    after = [] if is_last else rest[-_AROUND:]
    yield from (Line("same", [Piece(line)]) for line in before)
    if len(rest) > len(after):
        yield Line("skipped", [])
    yield from (Line("same", [Piece(line)]) for line in after)
