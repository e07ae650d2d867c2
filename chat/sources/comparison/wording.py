"""The words of a sentence, and which of them differ between two."""

import re
from collections.abc import Sequence

from chat.sources.comparison.difference import Piece

_EAST_ASIAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # written without blanks: each character counts
_WORD = re.compile(
    rf"[{_EAST_ASIAN}]|\d+(?:[.,'’\u00a0\u202f:/-]\d+)*|[^\W\d_{_EAST_ASIAN}]+(?:['’-][^\W\d_{_EAST_ASIAN}]+)*|[^\w\s]|_"
)
_ENDS = " \t\n.,;:!?…。．！？、，；：؟،"
_NEGATION = re.compile(
    "not|no|never|none|nor|neither|without|cannot|(?:is|are|was|were|do|does|did|wo|ca|could|should|would|has|have|had)n't"
    "|nicht|kein(?:e[nrms]?)?|nie|niemals|weder|ohne|nunca|ning[uú]n[ao]?|tampoco|sin|pas|jamais|aucune?|sans"
    "|não|nem|nenhuma?|sem|لا|ليس|ليست|لم|لن|غير|بدون|[不没沒無无未非]"
)
_PORTUGUESE = frozenset({"ao", "da", "em", "não", "os", "um", "uma"})  # in which *no* is a place and denies nothing
_JAPANESE_NEGATION = re.compile(r"ない|なかった|ません|なく|ず(?:に|、|。|$)")
_KANA = re.compile("[\u3040-\u30ff]")


class Budget:
    """How many cells tables of common words may still have for one comparison, of `LONGEST` each."""

    LONGEST = 120_000

    def __init__(self, cells: int = 500_000) -> None:
        self._left = cells

    def allows(self, cells: int) -> bool:
        """Whether a table of so many can be made; if so, it is counted."""
        if cells > min(self._left, self.LONGEST):
            return False
        self._left -= cells
        return True


def key_of(sentence: str) -> str:
    """What equal sentences have in common: their words, whatever the case, the blanks and the end."""
    return " ".join(sentence.casefold().replace("’", "'").split()).strip(_ENDS)


def words_of(sentence: str) -> frozenset[str]:
    """The words and figures of a sentence, in lower case."""
    return frozenset(word for word in map(_plain, _WORD.findall(sentence)) if word[:1].isalnum())


def denies(sentence: str) -> bool:
    """Whether the sentence has a word that denies, in one of the languages that these are known of."""
    if _KANA.search(sentence):
        return _JAPANESE_NEGATION.search(sentence) is not None
    words = {_plain(word) for word in _WORD.findall(sentence)}
    if not words.isdisjoint(_PORTUGUESE):
        words.discard("no")
    return any(_NEGATION.fullmatch(word) for word in words)


def pieces_of(old: str, new: str, budget: Budget) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Both sentences in stretches that the other has or has not. Where they are too long to tell, what lies between the
    words that both begin and end with."""
    ours, theirs = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    left, right = [_plain(found[0]) for found in ours], [_plain(found[0]) for found in theirs]
    begin = 0
    while begin < min(len(left), len(right)) and left[begin] == right[begin]:
        begin += 1
    end = 0
    while end < min(len(left), len(right)) - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    middle, other = left[begin : len(left) - end], right[begin : len(right) - end]
    shared = _common(middle, other) if budget.allows(len(middle) * len(other)) else []
    ours_differ = set(range(begin, len(left) - end)) - {begin + place for place, _other in shared}
    theirs_differ = set(range(begin, len(right) - end)) - {begin + place for _other, place in shared}
    return _stretches(old, ours, ours_differ), _stretches(new, theirs, theirs_differ)


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def _common(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The places of the most words that both have in the same order."""
    rows = [[0] * (len(right) + 1)]
    for word in reversed(left):
        below, row = rows[-1], [0] * (len(right) + 1)
        for at in range(len(right) - 1, -1, -1):
            row[at] = below[at + 1] + 1 if word == right[at] else max(below[at], row[at + 1])
        rows.append(row)
    rows.reverse()
    found, at, other = [], 0, 0
    while at < len(left) and other < len(right):
        if left[at] == right[other]:
            found.append((at, other))
            at, other = at + 1, other + 1
        elif rows[at + 1][other] >= rows[at][other + 1]:
            at += 1
        else:
            other += 1
    return found


def _stretches(text: str, words: Sequence[re.Match[str]], differing: set[int]) -> Sequence[Piece]:
    """The text cut where it begins and ends to differ; blanks between two words that differ belong to them."""
    pieces: list[Piece] = []
    begin, place = 0, 0
    while place < len(words):
        if place not in differing:
            place += 1
            continue
        first = place
        while place + 1 < len(words) and place + 1 in differing:
            place += 1
        start, end = words[first].start(), words[place].end()
        if start > begin:
            pieces.append(Piece(text[begin:start]))
        pieces.append(Piece(text[start:end], differs=True))
        begin, place = end, place + 1
    if begin < len(text):
        pieces.append(Piece(text[begin:]))
    return pieces
