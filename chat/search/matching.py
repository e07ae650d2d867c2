"""Where in a folded text the terms of a query stand, word by word as the index has it.

No expression here looks further than a fixed number of characters, and no text is tried at more than so many places.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from chat.search.query import Term
from chat.search.words import CJK, PICTOGRAPHS, character_classes

_TRIES = 2_000


def found_terms(folded: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Start and end of each place where one of the terms stands; where several do, of the longest."""
    expressions = [[_expression(token) for token in term.tokens] for term in terms]
    if not expressions:
        return
    begins = re.compile("|".join(words[0].pattern for words in expressions))
    place = 0
    for _ in range(_TRIES):
        begun = begins.search(folded, place)
        if begun is None:
            return
        start = begun.start()
        pairs = zip(terms, expressions, strict=True)
        end = max(_end(folded, start, words, grows=term.grows) for term, words in pairs)
        if end > start:
            yield start, end
        place = max(end, start + 1)


def _expression(token: str) -> re.Pattern[str]:
    """The word, with an apostrophe in it or without."""
    return re.compile("'?".join(map(re.escape, token)))


def _end(folded: str, start: int, words: Sequence[re.Pattern[str]], *, grows: bool) -> int:
    """Where the words end that begin here, one right after the other; 0 if they do not stand here."""
    place = start
    for number, word in enumerate(words):
        gap = _between().match(folded, place) if number else None
        place = gap.end() if gap else place
        found = word.match(folded, place)
        if found is None:
            return 0
        inside = _letter() if _letter().match(folded, place) else _mark()
        if inside is _letter() and place and inside.match(folded, place - 1):
            return 0  # in the middle of a word
        place = found.end()
        while grows and number == len(words) - 1 and (more := inside.match(folded, place)):
            place = more.end()
        if inside.match(folded, place):
            return 0  # the word goes on
    return place


@cache
def _letter() -> re.Pattern[str]:
    """What a word goes on with."""
    return re.compile(f"[{character_classes()[0]}]")


@cache
def _mark() -> re.Pattern[str]:
    """What a letter of a script without blanks goes on with."""
    return re.compile(f"[{character_classes()[1]}]")


@cache
def _between() -> re.Pattern[str]:
    """What stands between two words."""
    letters, _marks, unspaced = character_classes()
    return re.compile(f"[^{letters}{unspaced}{CJK}{PICTOGRAPHS}]{{0,100}}")
