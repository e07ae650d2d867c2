"""Texts cut where one letter, flag or family of emoji ends and the next begins, as readers count them.

The rules are those of Unicode's annex 29 for extended grapheme clusters, without its tables: what a character does to
the one before it is told by its general category, and by its block where that says nothing.
"""

import unicodedata

_LONGEST = 64  # characters of one cluster that are kept together; more of them are a joke on the reader
_JOINER = "\u200d"
_AM = "\u0e33\u0eb3"  # vowels of Thai and Lao that sit on the consonant before them
_VIRAMA = 9  # the combining class of signs that join two consonants


def cut(text: str, most: int) -> str:
    """The beginning of the text, of at most so many characters, ending where a cluster does.

    A single cluster that is longer than that is cut inside, rather than to nothing.
    """
    if len(text) <= most:
        return text
    for end in range(most, max(most - _LONGEST, 0), -1):
        if _is_boundary(text, end):
            return text[:end]
    return text[:most]


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as fits into so many characters with an ellipsis behind it."""
    return text if len(text) <= most else f"{cut(text, most - 1).rstrip()}…"


def first(text: str) -> str:
    """The first cluster of the text."""
    return next((text[:end] for end in range(1, min(len(text), _LONGEST)) if _is_boundary(text, end)), text[:_LONGEST])


def _is_boundary(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return (before, after) != ("\r", "\n")
    if _extends(after) or (unicodedata.combining(before) == _VIRAMA and after.isalpha()):
        return False
    if before == _JOINER and not after.isalnum():
        return False
    if _is_half_flag(before) and _is_half_flag(after):
        start = at
        while start and _is_half_flag(text[start - 1]) and at - start < 2 * _LONGEST:
            start -= 1
        return (at - start) % 2 == 0
    return True


def _extends(sign: str) -> bool:
    """Whether it belongs to the character before it: marks, joiners, selectors, skin tones, tags, later jamo."""
    return (
        unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or sign in _AM
        or sign in ("\u200c", _JOINER)
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
        or "\u1160" <= sign <= "\u11ff"
    )


def _is_half_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
