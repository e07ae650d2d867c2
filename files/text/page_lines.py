"""The lines of a page as they are cut into passages: without what stands on every page, with words made whole again."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from files.text.document_text import DocumentText, Passage

_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a running header or footer."""
_OFTEN = 4
"""Pages on which a line has to stand before it counts as one, and with many pages one in thirty."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|página|pág|p|s)\W{0,2})?(?:\d{1,4}|[ivxlc]{1,7})(?:\W{1,3}\d{1,4})?[\W_]*", re.I
)
_LEADER = re.compile(r"(?:[.·…_]\s?){4,}")
_HYPHEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})[-\u00ad\u2010]\n([^\W\d_]{2,40})")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DOUBLE_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}-[^\W\d_]{2,40}")
_LOOKED_AT = 8
"""Lines from which it is judged whether a text is a table."""


class PageLines:
    """Gives the lines of each passage of one document."""

    def __init__(self, text: DocumentText) -> None:
        self._text = text
        self._repeated = _repeated_lines(text) if text.unit == "page" else {}
        self._words = _words_of(text) if text.unit != "sheet" and _has_broken_words(text) else frozenset()

    def of(self, passage: Passage) -> list[str]:
        """The lines of this passage of the document, in their order; blank ones part paragraphs."""
        text = _LEADER.sub(" … ", passage.text)
        if self._words:
            text = _HYPHEN.sub(self._whole, text)
        lines = [line.rstrip() for line in text.split("\n")]
        return self._without_edges(lines, passage.number) if self._text.unit == "page" else lines

    def _without_edges(self, lines: list[str], number: int) -> list[str]:
        """Without page numbers, and without a running header or footer, but for the first page that has it."""
        kept = list(lines)
        for at in _edges(lines):
            bare = _DIGITS.sub("#", lines[at].strip())
            if _PAGE_NUMBER.fullmatch(lines[at].strip()) or self._repeated.get(bare, number) < number:
                kept[at] = ""
        return kept

    def _whole(self, broken: "re.Match[str]") -> str:
        """A word that was broken at the end of a line. Whether its hyphen is its own, other places of the text tell."""
        first, rest = broken.groups()
        joined = first + rest
        if joined.casefold() in self._words or (rest.islower() and f"{first}-{rest}".casefold() not in self._words):
            return joined
        return f"{first}-{rest}"


def is_table(text: DocumentText) -> bool:
    """Whether a text of lines is a table of separated values, judged by its beginning."""
    if text.unit != "line" or not text.passages:
        return False
    lines = [line for line in text.passages[0].text[:20_000].split("\n") if line.strip()][:_LOOKED_AT]
    return len(lines) > 1 and any(_same_width(lines, separator) for separator in "\t;,|")


def _same_width(lines: Sequence[str], separator: str) -> bool:
    if not all(separator in line for line in lines):
        return False
    said = "".join(lines)
    if 2 * said.count(f"{separator} ") > said.count(separator):
        return False  # as in sentences
    try:
        widths = {len(row) for row in csv.reader(lines, delimiter=separator)}
    except csv.Error:
        return False
    return len(widths) == 1 and (len(lines) > 2 or widths.pop() > 2)


def _edges(lines: Sequence[str]) -> list[int]:
    """Where the first and the last lines stand that say something."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return filled if len(filled) <= 2 * _EDGE else filled[:_EDGE] + filled[-_EDGE:]


def _repeated_lines(text: DocumentText) -> dict[str, int]:
    """Lines at the edges of many pages, with the first page that has each. Their numbers may differ."""
    seen: Counter[str] = Counter()
    first: dict[str, int] = {}
    for passage in text.passages:
        lines = passage.text.split("\n")
        for bare in {_DIGITS.sub("#", lines[at].strip())[:200] for at in _edges(lines)}:
            seen[bare] += 1
            first.setdefault(bare, passage.number)
    often = max(_OFTEN, len(text.passages) // 30)
    return {bare: first[bare] for bare, times in seen.items() if times >= often}


def _has_broken_words(text: DocumentText) -> bool:
    return any(_HYPHEN.search(passage.text) for passage in text.passages)


def _words_of(text: DocumentText) -> frozenset[str]:
    return frozenset(word.casefold() for word in _all_words(text.passages))


def _all_words(passages: Iterable[Passage]) -> Iterable[str]:
    for passage in passages:
        yield from _WORD.findall(passage.text)
        yield from _DOUBLE_WORD.findall(passage.text)
