"""The figures and dates of a text, in one pass over its numbers."""

import re
from functools import cache
from itertools import islice

from chat.sources.claims.dates import Date, date_at
from chat.sources.claims.east_figures import east_numbers
from chat.sources.claims.figures import (
    NUMBER,
    PART_WORDS,
    Figure,
    east_figure_at,
    figure_at,
    with_compounds,
    with_ranges,
    word_figure_at,
)
from chat.sources.claims.folding import fold_word, has_east_asian, listed, plain
from chat.sources.claims.fractions import first_words_of_fractions
from chat.sources.claims.number_words import LONGEST, first_words, ordinals

_MOST = 5_000  # figures and dates of one piece of text; what follows is not looked at
_ARTICLES = frozenset(listed("a an one un une una um uma ein eine einem einer die der la"))
_AFTER_ARTICLES = frozenset(
    listed(
        "mil bil tri doz dut dou doc d\u00faz duz qua cua thi ter fif f\u00fcn cin qui dri vie tie hal h\u00e4l moi mit"
        " met dem med mei"
    )
)
"""How a word begins that makes a number of the article before it: *million*, *dozen*, *third*, *half*."""
_WORD = re.compile(r"[^\W\d_]+")


def scan(text: str, language: str) -> tuple[list[Figure], list[Date]]:
    """The figures and the dates of a text, each in order. The time is in proportion to the text's length."""
    text = plain(text)
    taken: list[tuple[int, int]] = []
    figures: list[Figure] = []
    dates: list[Date] = []
    if has_east_asian(text):
        _scan_east_asian(text, language, figures, dates, taken)
    taken.sort()
    at = place = 0
    while (found := NUMBER.search(text, at)) and len(figures) + len(dates) < _MOST:
        start = found.start()
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if place < len(taken) and taken[place][0] <= start:
            at = taken[place][1]
            continue
        new = date_at(text, start)
        if new:
            dates.extend(new)
            at = max(new[-1].end, start + 1)
            continue
        figure = figure_at(text, found, language)
        if figure:
            figures.append(figure)
        at = max(found.end(), figure.end if figure else 0)
    if first_words(language):
        _scan_words(text, language, figures, dates)
    figures.sort(key=lambda figure: figure.start)
    return with_compounds(text, with_ranges(text, figures)), dates


def _scan_east_asian(
    text: str, language: str, figures: list[Figure], dates: list[Date], taken: list[tuple[int, int]]
) -> None:
    for found in re.finditer(r"(?:\d{1,4}|[〇零一二三四五六七八九]{4}|元) ?[年月]", text):
        if found.start() and text[found.start() - 1].isdigit():
            continue
        if taken and taken[-1][1] > found.start():
            continue
        for date in date_at(text, found.start()):
            dates.append(date)
            taken.append((date.start, date.end))
    days = sorted(taken)
    for found in east_numbers(text):
        if any(start < found.end() and found.start() < end for start, end in days[:200]):
            continue
        figure = east_figure_at(text, found, language)
        if figure:
            figures.append(figure)
            taken.append((found.start(), figure.end))


@cache
def _begins(language: str) -> frozenset[str]:
    """The folded words with which a number can begin that is written as words."""
    return first_words(language) | ordinals(language).keys() | PART_WORDS | first_words_of_fractions()


def _scan_words(text: str, language: str, figures: list[Figure], dates: list[Date]) -> None:
    """Numbers that are written as words, outside of what was found already."""
    begins = _begins(language)
    is_german = language == "de"
    found: list[Figure | Date] = [*figures, *dates]
    taken = sorted((one.start, one.end) for one in found)
    behind = place = 0
    for word in _WORD.finditer(text):
        written = word[0].lower()
        is_one = fold_word(written) in begins or (is_german and "tausend" in written)
        if not is_one or word.start() < behind:
            continue
        if written in _ARTICLES and text[word.end() + 1 : word.end() + 4].lower() not in _AFTER_ARTICLES:
            continue
        while place < len(taken) and taken[place][1] <= word.start():
            place += 1
        if place < len(taken) and taken[place][0] <= word.start():
            continue
        following = islice(_WORD.finditer(text, word.start()), LONGEST)
        words = [(one.start(), one.end(), fold_word(one[0])) for one in following]
        if figure := word_figure_at(text, words, language):
            figures.append(figure)
            behind = figure.end
