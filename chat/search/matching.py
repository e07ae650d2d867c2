"""Where in a folded text the terms of a query stand, word by word as the index has it.

No expression here looks further than a fixed number of characters, and no text is tried at more than so many places.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from chat.search.query import Term
from chat.search.words import CJK, PICTOGRAPHS, character_classes, plain_signs, sign_expression
from core.cpu_budget import CpuBudget

_TRIES = 2_000


def found_terms(folded: str, terms: Sequence[Term], *, budget: CpuBudget) -> Iterator[tuple[int, int]]:
    """Start and end of each place where one of the terms stands; where several do, of the longest. No more of them
    once the budget is spent."""
    wanted = [[_Word(token) for token in term.tokens] for term in terms]
    if not wanted:
        return
    begins = re.compile("|".join(words[0].expression.pattern for words in wanted))
    place = 0
    for _ in range(_TRIES):
        begun = begins.search(folded, place)
        if begun is None or budget.is_spent:
            return
        start = begun.start()
        pairs = zip(terms, wanted, strict=True)
        end = max(_end(folded, start, words, grows=term.grows) for term, words in pairs)
        if end > start:
            yield start, end
        place = max(end, start + 1)


class _Word:
    """A word of a query. Its expression is for the word with an apostrophe in it or without, and without the sign
    after it; a word that a sign leads has none."""

    def __init__(self, token: str) -> None:
        self.typed = plain_signs(token)
        self.bare = self.typed.rstrip("+#")
        self.sign = self.typed[len(self.bare) :]
        self.is_led = token[0] != self.typed[0]
        self.expression = re.compile(("" if self.is_led else "'?").join(map(re.escape, self.bare)))


def _end(folded: str, start: int, words: Sequence[_Word], *, grows: bool) -> int:
    """Where the words end that begin here, one right after the other; 0 if they do not stand here."""
    place = start
    for number, word in enumerate(words):
        gap = _between().match(folded, place) if number else None
        place = gap.end() if gap else place
        end = _word_end(folded, place, word, grows=grows and number == len(words) - 1, alone=len(words) == 1)
        if not end:
            return 0
        place = end
    return place


def _word_end(folded: str, place: int, word: _Word, *, grows: bool, alone: bool) -> int:
    """Where the word ends that begins here; 0 if it does not. Alone, it is also found where a sign belongs to it."""
    found = word.expression.match(folded, place)
    if found is None:
        return 0
    inside = _letter() if word.is_led or _letter().match(folded, place) else _mark()
    if word.is_led and not _led_start().match(folded, place):
        return 0
    if inside is _letter() and not word.is_led and place and inside.match(folded, place - 1):
        return 0  # in the middle of a word
    place = found.end()
    while grows and not word.sign and (more := inside.match(folded, place)):
        place = more.end()
    if inside.match(folded, place):
        return 0  # the word goes on
    if alone and not word.sign:
        return place
    found = _sign().match(folded, place) if inside is _letter() else None
    sign = found[0] if found else ""
    stands = sign.startswith(word.sign) if grows else sign == word.sign
    return place + len(sign) if stands else 0


@cache
def _letter() -> re.Pattern[str]:
    """What a word goes on with."""
    return re.compile(f"[{character_classes()[0]}]")


@cache
def _sign() -> re.Pattern[str]:
    """The sign that belongs to the letter before it."""
    return re.compile(f"(?<![0-9]){sign_expression()}")


@cache
def _led_start() -> re.Pattern[str]:
    """Where a sign leads a word."""
    return re.compile(f"(?<![{character_classes()[0]}.#@$%])")


@cache
def _mark() -> re.Pattern[str]:
    """What a letter of a script without blanks goes on with."""
    return re.compile(f"[{character_classes()[1]}]")


@cache
def _between() -> re.Pattern[str]:
    """What stands between two words."""
    letters, _marks, unspaced = character_classes()
    return re.compile(f"[^{letters}{unspaced}{CJK}{PICTOGRAPHS}]{{0,100}}")
