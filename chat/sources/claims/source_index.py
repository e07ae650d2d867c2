"""A source's text, cut into segments of about a sentence, and an index of what is in them."""

import re
import weakref
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from chat.sources.claims.dates import Date
from chat.sources.claims.figures import Figure
from chat.sources.claims.folding import keys_in, language_of
from chat.sources.claims.judgements import SourceText
from chat.sources.claims.scanning import scan

LONGEST_SEGMENT = 400  # characters
_BLOCK = 3_000  # characters in which figures are looked for at once
_MOST_BLOCKS = 120  # of a text; in a longer one figures are looked for only near the sentence's words
_MOST_FACTS = 20_000  # figures and dates of a text, those near the sentence's words first
LONGEST_TEXT = 10_000_000

_BREAK = re.compile(
    r"\n\s*|(?<=[.!?\u2026])[\"'\u201d\u2019\u00bb)\]]{0,3}[ \u00a0\t]+(?=[^a-z\s])|(?<=[。！？])[」』]?|[ \t]\|[ \t]"
)
_NO_BREAK = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|no|nr|fig|approx|ca|inc|ltd|co|corp|jr|sr|gen|art|abs|mio|mrd|tsd|bd|bzw|z\.b|d\.h|sra|dra"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|okt|dez|[a-z])|(?<![\d.,])\d{1,2})\.\Z",
    re.IGNORECASE,
)


class SourceIndex:
    """What can be asked of a text. Made once for each text, in time that is in proportion to its length."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_TEXT]
        self.starts = [0]
        for at in _breaks(self.text):
            self.starts.append(at)
        self.starts.append(len(self.text))
        self._blocks: dict[int, tuple[list[Figure], list[Date]]] = {}

    @property
    def count(self) -> int:
        """How many segments there are."""
        return len(self.starts) - 1

    @cached_property
    def language(self) -> str:
        """By its beginning."""
        return language_of(self.text)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The segments, in order, in which each key stands."""
        found: dict[str, list[int]] = {}
        for segment in range(self.count):
            for key in keys_in(self.text[self.starts[segment] : self.starts[segment + 1]]):
                if key in found:
                    found[key].append(segment)
                else:
                    found[key] = [segment]
        return found

    def segment_at(self, at: int) -> int:
        """The segment in which a place of the text is."""
        return min(bisect_right(self.starts, at), self.count) - 1 if self.count else 0

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the segments from the first to the last, both included, stand."""
        return self.starts[first], self.starts[last + 1]

    def facts_near(self, segments: Iterable[int]) -> tuple[list[Figure], list[Date]]:
        """The figures and dates of the text; of a long one, those near the given segments."""
        blocks: dict[int, None] = {}
        for segment in segments:
            block = bisect_right(self._bounds, self.starts[segment]) - 1
            blocks.update((near, None) for near in (block, block + 1) if 0 <= near < len(self._bounds) - 1)
            if len(blocks) >= _MOST_BLOCKS:
                break
        if len(self.text) <= _BLOCK * _MOST_BLOCKS:
            blocks.update((block, None) for block in range(len(self._bounds) - 1))
        figures: list[Figure] = []
        dates: list[Date] = []
        for block in blocks:
            some, others = self._facts_in(block)
            figures += some
            dates += others
            if len(figures) + len(dates) >= _MOST_FACTS:
                break
        return sorted(figures, key=_start), sorted(dates, key=_start)

    @cached_property
    def _bounds(self) -> list[int]:
        bounds = [0]
        for start in self.starts[1:]:
            if start - bounds[-1] >= _BLOCK or start == len(self.text):
                bounds.append(start)
        return bounds

    def _facts_in(self, block: int) -> tuple[list[Figure], list[Date]]:
        known = self._blocks.get(block)
        if known is None:
            begin = self._bounds[block]
            figures, dates = scan(self.text[begin : self._bounds[block + 1]], self.language)
            known = self._blocks[block] = (
                [_moved_figure(figure, begin) for figure in figures],
                [_moved_date(date, begin) for date in dates],
            )
        return known


def _start(one: Figure | Date) -> int:
    return one.start


def _moved_figure(figure: Figure, by: int) -> Figure:
    return Figure(figure.start + by, figure.end + by, figure.readings, figure.lean, figure.is_round)


def _moved_date(date: Date, by: int) -> Date:
    return Date(date.start + by, date.end + by, date.days, date.time, date.span, date.may_be_number)


def _breaks(text: str) -> Iterator[int]:
    """Where segments begin, but for the first: behind sentences and lines, and in what is too long."""
    last = 0
    for found in _BREAK.finditer(text):
        at = found.end()
        if at - last < 2 or (text[found.start() : found.start() + 1] != "\n" and _goes_on(text, found.start())):
            continue
        yield from _cuts(text, last, at)
        if at < len(text):
            yield at
        last = at
    yield from _cuts(text, last, len(text))


def _goes_on(text: str, at: int) -> bool:
    return text[at - 1 : at] == "." and _NO_BREAK.search(text, max(0, at - 8), at) is not None


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    while end - start > LONGEST_SEGMENT:
        blank = text.rfind(" ", start + LONGEST_SEGMENT // 2, start + LONGEST_SEGMENT)
        start = blank + 1 if blank > 0 else start + LONGEST_SEGMENT
        if start < end:
            yield start


_indexes: "weakref.WeakKeyDictionary[SourceText, SourceIndex]" = weakref.WeakKeyDictionary()


def index_of(source: SourceText) -> SourceIndex:
    """The index of a source's text, which is kept for as long as somebody keeps the source."""
    index = _indexes.get(source)
    if index is None:
        index = _indexes[source] = SourceIndex(source.text)
    return index
