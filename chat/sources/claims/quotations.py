"""Quotations in a sentence, in the quote marks of any language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.sources.claims.folding import EAST_ASIAN, SMALL_WORDS, has_east_asian, words_in

LEAST_WORDS = 3
"""Two are enough if neither is a small word, and not both have capitals, as those of a title do."""
LEAST_SIGNS = 6  # of East Asia
_LONGEST = 2_000

_PAIRS = (
    ("\u201c", "\u201d"),
    ("\u201e", "\u201c\u201d"),
    ("\u00ab", "\u00bb"),
    ("\u00bb", "\u00ab"),
    ("\u2039", "\u203a"),
    ("\u201a", "\u2018\u2019"),
    ("\u2018", "\u2019"),
    ("\u300c", "\u300d"),
    ("\u300e", "\u300f"),
    ('"', '"'),
    ("\uff02", "\uff02"),
)
_MARKS = re.compile(
    "|".join(rf"{opening}([^{opening}{closing}]{{3,{_LONGEST}}})[{closing}]" for opening, closing in _PAIRS)
)
_CUT = re.compile(r"\s*(?:\[\s*(?:\u2026|\.\.\.)\s*\]|\(\s*(?:\u2026|\.\.\.)\s*\)|\u2026+|\.{3,})\s*")
_CHANGED = re.compile(r"\[(\w)\](?=\w)")  # as in "[t]he"
_SIGN = re.compile(rf"[{EAST_ASIAN}]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: `parts` are the folded words between ellipses; of East Asian text, its signs."""

    start: int
    end: int
    parts: tuple[tuple[str, ...], ...]

    @property
    def value(self) -> tuple[str, str]:
        """The normal form: the words alone."""
        return ("quotation", " … ".join(" ".join(part) for part in self.parts))


def quotations_in(text: str) -> Iterator[Quotation]:
    """The quotations of at least three words, without their marks, in order."""
    for found in _MARKS.finditer(text):
        inside = found[found.lastindex or 0]
        start = found.start(found.lastindex or 0) + len(inside) - len(inside.lstrip())
        inside = inside.strip()
        parts = tuple(filter(None, (tuple(signs_of(part)) for part in _CUT.split(_CHANGED.sub(r"\1", inside)))))
        count = sum(map(len, parts))
        if count >= (LEAST_SIGNS if has_east_asian(inside) else LEAST_WORDS) or _are_two_words(inside):
            yield Quotation(start, start + len(inside), parts)


def _are_two_words(inside: str) -> bool:
    words = list(words_in(inside))
    return (
        len(words) == 2
        and not has_east_asian(inside)
        and not all(inside[word.start].isupper() for word in words)
        and all(word.folded.isalpha() and len(word.folded) > 2 and word.folded not in SMALL_WORDS for word in words)
    )


def signs_of(text: str) -> list[str]:
    """The words of a text as they are compared, and its East Asian signs one by one."""
    return [sign for _start, _end, sign in placed_signs(text)]


def placed_signs(text: str) -> list[tuple[int, int, str]]:
    """The same, each with where it stands."""
    signs = [(word.start, word.end, word.folded) for word in words_in(text)]
    if has_east_asian(text):
        signs += [(found.start(), found.end(), found[0]) for found in _SIGN.finditer(text)]
        signs.sort()
    return signs
