"""Where in the text of a page a passage stands, so that it can be marked there.

A passage is not the same text: words that a hyphen had broken are whole again, what stands on every page is left out,
and a heading may go along. So words are compared, some next to each other at a time.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
_AT_ONCE = 5  # words that stand next to each other in both
_LONGEST_PAGE = 1_000_000  # characters of a page that are looked at
_BEYOND = 8  # words before and after those found that belong to the quotation, too: they are written differently
_MOST_LOOKED_FOR = 400  # places of a passage that are looked for
_STRAY = 1.5  # of the passage's length: further apart than this, two places are not of one quotation
_DENSE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\u0e00-\u0eff]")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text as one string between blanks, and where each begins there and ends in the text."""

    said: str
    places: list[int]
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> "_Words":
        spans, words, places, place = [], [], [], 0
        for start, end in _word_spans(text):
            word = text[start:end].casefold()
            spans.append((start, end))
            words.append(word)
            places.append(place + 1)
            place += len(word) + 1
        return cls(f" {' '.join(words)} ", places, spans)


def find_quotation(text: str, passage: str) -> tuple[int, int] | None:
    """Start and end of the passage in the text; None where not even some words next to each other are found."""
    page, quoted = _Words.of(text[:_LONGEST_PAGE]), _Words.of(passage)
    count = len(quoted.spans)
    size = min(_AT_ONCE, count)
    if not size:
        return None
    step = max(1, (count - size + 1) // _MOST_LOOKED_FOR)
    found: list[tuple[int, int]] = []
    begin = 0
    for first in range(0, count - size + 1, step):
        place = _find(page, quoted, first, size, begin)
        if place is not None:
            found.append((first, place))
            begin = place
    return _span(found, page, size, count) if found else None


def _find(page: _Words, quoted: _Words, first: int, size: int, begin: int) -> int | None:
    """At which word of the page these words of the passage stand, from a word on if possible."""
    start, after = quoted.places[first] - 1, first + size
    wanted = quoted.said[start : quoted.places[after] if after < len(quoted.places) else len(quoted.said)]
    place = page.said.find(wanted, page.places[begin] - 1 if begin < len(page.places) else 0)
    if place < 0:
        place = page.said.find(wanted)  # it may stand before
    return bisect_left(page.places, place + 1) if place >= 0 else None


def _span(found: list[tuple[int, int]], page: _Words, size: int, count: int) -> tuple[int, int]:
    """From the first to the last of those places that lie together; stray ones, such as a header said again, count for
    nothing."""
    middle = sorted(place - first for first, place in found)[len(found) // 2]
    near = [(first, place) for first, place in found if abs(place - first - middle) <= count * (_STRAY - 1) + size]
    begin, end = min(place for _, place in near), max(place for _, place in near) + size - 1
    before, after = min(first for first, _ in near), count - size - max(first for first, _ in near)
    begin -= before if before <= _BEYOND else 0
    end += after if after <= _BEYOND else 0
    return page.spans[max(begin, 0)][0], page.spans[min(end, len(page.spans) - 1)][1]


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Words; of scripts without blanks each sign, so that these are found too."""
    if not _DENSE.search(text):
        return [found.span() for found in _WORD.finditer(text)]
    spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        if _DENSE.search(found[0]):
            spans += [(place, place + 1) for place in range(start, end)]
        else:
            spans.append((start, end))
    return spans
