"""How much one question asks what another one does, by their words alone."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from chat.search.known.keys import Words
from chat.search.known.stop_words import TURNING_WORDS
from chat.search.words import fold_text, typed_words

_LEAST_WORDS = 2
"""Content words that a text must have to be like another one without being the same."""
_MOST_ALIKE = 0.99
"""Of questions that differ in words which say little."""
_BEGINS, _SAYS_MORE, _DIFFERS = 0.4, 0.65, 0.75
"""Of all their words, the share that two questions must have in common: where the other one goes on after what is
typed, where what is typed says more than the other one, and where each has words that the other one has not."""
_SAME_LETTERS, _MOST_OTHER = 4, 3
"""Letters that two words begin with at least, and that the longer one may end with, to be the same word."""


@dataclass(frozen=True)
class Typed:
    """A text whose likes are looked for. With `growing`, nothing ended its last word yet: it may become another one."""

    words: Words
    numbers: frozenset[str]
    growing: str = ""

    @classmethod
    def read(cls, text: str) -> "Typed":
        """The words of what somebody typed so far."""
        words, in_order = Words.of(text), typed_words(text)
        last = in_order[-1] if in_order and fold_text(text).endswith(in_order[-1]) else ""
        return cls(words, words.numbers, last if last in words.content else "")


def likeness(typed: Typed, asked: str) -> float:
    """From 0 for another question to 1 for one with just the same words.

    The words of a near-identical question are nearly all those that were typed, or it begins with them. Numbers have to
    be the same ones, for the figures of one year are not those of the next; and both or neither say *not*.
    """
    words = Words.of(asked)
    if words.every == typed.words.every:
        return 1.0
    ours, theirs = _with_grown(typed, words.content), words.content
    if len(ours) < _LEAST_WORDS or (words.every ^ typed.words.every) & TURNING_WORDS:
        return 0.0
    shared = len(ours & theirs)
    if shared < len(ours) and shared < len(theirs):
        shared += _spelled_otherwise(ours - theirs, theirs - ours)
    share = shared / (len(ours) + len(theirs) - shared)
    if shared == len(ours):
        least = _BEGINS
    elif shared == len(theirs):
        least = _SAYS_MORE
    else:
        least = _DIFFERS
    if share < least or (ours & typed.numbers) - theirs:
        return 0.0
    return min(share, _MOST_ALIKE)


def _with_grown(typed: Typed, theirs: Set[str]) -> Set[str]:
    """The words that were typed, the last one as the word that it may become."""
    growing = typed.growing
    if not growing or growing in theirs:
        return typed.words.content
    grown = next((word for word in theirs if word.startswith(growing)), None)
    return typed.words.content - {growing} | {grown} if grown else typed.words.content


def _spelled_otherwise(ours: Set[str], theirs: Set[str]) -> int:
    """How many words that only one of the two has differ at the end alone, as *price*, *prices* and *pricing* do."""
    beginnings: dict[str, list[str]] = {}
    for word in theirs:
        if word.isalpha():
            beginnings.setdefault(word[:_SAME_LETTERS], []).append(word)
    found: Counter[str] = Counter()
    for word in ours:
        for other in beginnings.get(word[:_SAME_LETTERS], ())[:_MOST_OTHER]:
            if word.isalpha() and _differ_at_the_end(word, other):
                found[other] = 1
                break
    return len(found)


def _differ_at_the_end(one: str, other: str) -> bool:
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shorter, longer = sorted((len(one), len(other)))
    least = max(_SAME_LETTERS, longer - _MOST_OTHER)
    return shared >= (least if shorter - shared < 2 else max(least, _SAME_LETTERS + 1, shorter - 2))
