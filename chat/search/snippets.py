"""The few lines of a text in which the words were found, as HTML that is safe because it is made here."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chat.search.matching import found_terms
from chat.search.query import Query
from chat.search.words import character_classes, fold_text
from core.cpu_budget import CpuBudget

LENGTH = 240
"""Characters of a snippet, about."""

MOST_SECONDS = 0.3
"""CPU seconds for finding the words in a text, if nobody says another budget."""

_BEFORE = 60
_SEARCHED = (10_000, 200_000)
"""Characters of a text in which the words are looked for: most stand near its beginning."""
_SYNTAX = re.compile(
    r"\*\*|__|~~|`+|\[\d+\]"
    r"|^[ \t]{0,8}(?:#{1,6}|>|[-*+]|\d{1,3}\.)[ \t]"
    r"|^[|: \t-]+$|^[ \t]{0,8}\||\|[ \t]*$"  # tables
    r"|\]\([^()\s]{0,200}\)"
    r"|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])",
    re.MULTILINE,
)
_LINK_BEGINS = re.compile(r"!?\[(?=[^\[\]\n]{1,200}\]\()")
_BEFORE_SIGNS = re.compile(r"(?:\[\d{1,6}\]|\]\([^()\s]{0,200}\))(?=[\s.,;:!?)\[]|\Z)")
_BETWEEN_CELLS = re.compile(r"(?<=\s)\|(?=\s)")
"""Marks of Markdown that say nothing in a snippet, those that leave no blank, and the one between the cells of a table.
Like every expression here they look at each character a fixed number of times at most, whatever the text."""


def snippet(text: str, query: Query, *, budget: CpuBudget | None = None) -> SafeString:
    """The part of a Markdown text around the first word found, with every word found in `<mark>`.

    Once `budget`, which is for all that a page of results needs, is spent, the first lines of the text.
    """
    budget = budget or CpuBudget(MOST_SECONDS)
    with budget.counted():
        plain, first = _first_place(text, query, budget)
        start = _word_start(plain, max(0, first[0] - _BEFORE)) if first else 0
        end = _word_end(plain, start + max(LENGTH, first[1] - start if first else 0))
        part = mark_hits(" ".join(plain[start:end].split()), query, budget=budget)
    before = "… " if start else ""
    after = " …" if end < len(plain) else ""
    return mark_safe(f"{before}{part}{after}")  # noqa: S308 (escaped by mark_hits)


def _first_place(text: str, query: Query, budget: CpuBudget) -> tuple[str, tuple[int, int] | None]:
    """The text without marks of Markdown, as far as it was looked at, and where in it the first word found stands."""
    plain = ""
    for most in _SEARCHED:
        plain = _without_marks(text[:most])
        first = next(_places(plain, query, budget), None)
        if first and (len(text) <= most or first[1] + LENGTH < len(plain)):  # not where the text was cut
            return plain, first
        if len(text) <= most or budget.is_spent:
            break
    return plain, first


def _without_marks(text: str) -> str:
    # The beginning of a link is told by its end, so ends go after beginnings.
    without_beginnings = _LINK_BEGINS.sub(" ", text)
    return _BETWEEN_CELLS.sub("·", _SYNTAX.sub(" ", _BEFORE_SIGNS.sub("", without_beginnings)))


def mark_hits(text: str, query: Query, *, budget: CpuBudget | None = None) -> SafeString:
    """The whole text, escaped, with every word found in `<mark>`, as far as the budget goes."""
    pieces: list[str] = []
    done = 0
    budget = budget or CpuBudget(MOST_SECONDS)
    with budget.counted():
        for start, end in _places(text, query, budget):
            pieces += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
            done = end
    pieces.append(escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped above)


def _places(text: str, query: Query, budget: CpuBudget) -> Iterator[tuple[int, int]]:
    """Where terms stand in the text, from the first to the last, none in another.

    They are looked for in the folded text. What each of its characters was folded from is a character of the text, or
    where marks stand apart, a letter with its marks.
    """
    if text.isascii():
        yield from found_terms(text.lower(), query.wanted, budget=budget)
        return
    apart = not unicodedata.is_normalized("NFC", text)
    origins = _with_marks().findall(text) if apart else list(text)
    folded = [fold_text(origin) for origin in origins] if apart else list(map(_FOLDED.__getitem__, origins))
    ends = list(accumulate(map(len, folded)))
    places = list(accumulate(map(len, origins), initial=0))
    done = 0
    for start, end in found_terms("".join(folded), query.wanted, budget=budget):
        first, last = bisect_right(ends, start), bisect_right(ends, end - 1) + 1
        while last < len(folded) and not folded[last]:
            last += 1  # marks that were dropped belong to the letter before them
        if first >= done:
            yield places[first], places[last]
            done = last


class _Folded(dict[str, str]):
    """A character to what it is folded to, kept once it was asked for."""

    def __missing__(self, letter: str) -> str:
        self[letter] = fold_text(letter)
        return self[letter]


_FOLDED = _Folded()


@cache
def _with_marks() -> re.Pattern[str]:
    return re.compile(f".[{character_classes()[1]}\u1160-\u11ff]*", re.DOTALL)


def _word_start(text: str, place: int) -> int:
    """The start of the next word, so that a snippet does not begin inside one."""
    blank = text.find(" ", place, place + 20)
    return blank + 1 if place and blank >= 0 else place


def _word_end(text: str, place: int) -> int:
    """The end of the word there, if it is near, so that a snippet does not end inside one."""
    blank = text.find(" ", place, place + 20)
    return blank if blank >= 0 else place
