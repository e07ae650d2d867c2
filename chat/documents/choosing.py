"""Which passages go with a question: the best of those that the index found, within a number and a budget of tokens.

The index says which passages have some of the words; here they are held against the whole question. How the score is
made up is told in docs/documents.md, "Which passages go along". Nothing in here knows a database row.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Protocol, TypeVar

from chat.documents.terms import query_terms
from chat.search.query import Term
from chat.search.words import fold_text, plain_signs

__all__ = ["MOST_PASSAGES", "MOST_TOKENS", "Candidate", "choose", "query_terms", "tokens_of"]

MOST_PASSAGES = 8
"""Passages that go with one question, unless somebody sets another number."""
MOST_TOKENS = 3_000
"""Tokens of all of them, about, unless somebody sets another budget."""
MOST_CANDIDATES = 100
"""Of what the index found, how many are looked at here: the first."""

_SATURATION, _LENGTH_WEIGHT = 1.5, 0.4  # as k1 and b in BM25
_FLATTER = 0.8  # added to what each term weighs: among candidates, which all have a rare one, those look too common
_OF_LABEL, _OF_NAME = 1.5, 0.5  # how often a word counts that stands in the heading, or in the document's name
_PHRASE = 0.35  # of the weight of two words that stand next to each other in both
_OF_INDEX = 0.3  # of the best score, for the first place in what the index found
_FIRST_PLACES = 10  # after how many places it is half of that
_NEIGHBOUR = 0.12  # of the best score, for a passage right beside a good one
_SAME_DOCUMENT = 0.02  # of the best score, for each passage of the same document that is chosen already
_FLOOR = 0.12  # of the best score; what has less goes along with no question
_ALIKE = 0.85  # of their words that two passages share when they count as the same
_SHORT, _LONGEST_ENDING = 4, 8  # letters of a short beginning of a word, after which two may come; else so many
_NEXT_TO = 8  # characters at most between two terms, endings included, that stand next to each other
_FIRST_DENSE = "\u2e80"
_AROUND = 30  # tokens for what is said around each passage in a request


class Candidate(Protocol):
    """A passage that the index found. Ids count up within a document."""

    @property
    def id(self) -> int: ...
    @property
    def document(self) -> Hashable: ...
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...


C = TypeVar("C", bound=Candidate)


def choose(candidates: Sequence[C], *, question: str, most: int = MOST_PASSAGES, tokens: int = MOST_TOKENS) -> list[C]:
    """The passages that go with the question, the best first: at most so many, and about so many tokens together.
    `candidates` are in the order of the index, the best first.

    Empty when none of them has anything to do with it. Takes a few milliseconds.
    """
    terms = query_terms(question)
    if not terms or not candidates:
        return []
    matcher = _Matcher(terms)
    judged = [_judge(number, one, matcher) for number, one in enumerate(candidates[:MOST_CANDIDATES])]
    _score(judged, terms, _pairs(matcher.places(question)))
    return [candidates[one.number] for one in _pick(judged, most, tokens)]


def tokens_of(text: str) -> int:
    """About how many tokens a text is: a sign of Chinese, Japanese or Korean is one, of other scripts four are."""
    if text.isascii():
        return len(text) // 4 + 1
    dense = sum(sign >= _FIRST_DENSE for sign in text)
    return dense + (len(text) - dense) // 4 + 1


@dataclass(slots=True)
class _Judged:
    """A candidate, the terms that count for it and how often each does, and those that stand next to each other."""

    number: int
    candidate: Candidate
    counts: dict[Term, float]
    pairs: frozenset[tuple[Term, Term]]
    score: float = 0.0


def _judge(number: int, one: Candidate, matcher: "_Matcher") -> _Judged:
    text, label, name = matcher.places(one.text), matcher.places(one.label), matcher.places(one.name)
    counts: dict[Term, float] = dict(Counter(term for _, _, term in text))
    for places, worth in ((label, _OF_LABEL), (name, _OF_NAME)):
        for term in {term for _, _, term in places}:
            counts[term] = counts.get(term, 0.0) + worth
    return _Judged(number, one, counts, _pairs(text))


def _score(judged: Sequence[_Judged], terms: Sequence[Term], asked: frozenset[tuple[Term, Term]]) -> None:
    """Give each its score, made of the words that stand in it, in its heading and in its document's name."""
    weights = _weights(judged, terms)
    whole = sum(weights.values()) or 1.0
    usual = sum(len(one.candidate.text) for one in judged) / len(judged) or 1.0
    for one in judged:
        longer = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(one.candidate.text) / usual
        found = sum(
            weights[term] * count * (_SATURATION + 1) / (count + _SATURATION * longer)
            for term, count in one.counts.items()
        )
        found += sum(_PHRASE * (weights[first] + weights[second]) for first, second in asked & one.pairs)
        covered = sum(weights[term] for term in one.counts) / whole
        one.score = found * (0.4 + 0.6 * covered) * _use_of(one.candidate.text)
    best = max(one.score for one in judged)
    for one in judged:
        if one.score:
            one.score += _OF_INDEX * best * _FIRST_PLACES / (_FIRST_PLACES + one.number)


def _weights(judged: Sequence[_Judged], terms: Sequence[Term]) -> dict[Term, float]:
    """How much each term says: the fewer of the candidates have it, the more."""
    having = Counter(term for one in judged for term in one.counts)
    return {
        term: math.log(1 + (len(judged) - having[term] + 0.5) / (having[term] + 0.5)) + _FLATTER
        for term in terms
        if having[term]
    }


def _use_of(text: str) -> float:
    """How much a passage is likely to tell: lists of contents and registers name everything and say nothing."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 6:
        return 1.0
    ending_in_number = sum(line.rstrip()[-1:].isdigit() and (" … " in line or len(line) < 90) for line in lines)
    leaders = sum(" … " in line for line in lines)
    return 0.4 if leaders > len(lines) * 0.4 or (ending_in_number > len(lines) * 0.7 and " | " not in text) else 1.0


class _Matcher:
    """Finds terms in texts."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._wanted = [(term, "".join(map(plain_signs, term.tokens))) for term in terms]

    def places(self, text: str) -> list[tuple[int, int, Term]]:
        """Where each term begins and ends in the folded text, in the order of the text."""
        folded = fold_text(text)
        found = [
            (start, start + len(word), term)
            for term, word in self._wanted
            for start in _starts(folded, word)
            if _stands_there(term, folded, start, start + len(word))
        ]
        found.sort(key=itemgetter(0))
        return found


def _starts(folded: str, word: str) -> Iterator[int]:
    start = folded.find(word)
    while start >= 0:
        yield start
        start = folded.find(word, start + len(word))


def _stands_there(term: Term, folded: str, start: int, end: int) -> bool:
    """Whether it is that word, or one that begins like this; scripts without blanks have no words to look at."""
    if len(term.tokens) > 1 or folded[start] >= _FIRST_DENSE:
        return True
    if start and folded[start - 1].isalnum():
        return False
    longest = (_LONGEST_ENDING if len(term.tokens[0]) > _SHORT else 2) if term.grows else 0
    return not folded[end : end + longest + 1].isalnum() or len(folded) - end <= longest


def _pairs(places: Sequence[tuple[int, int, Term]]) -> frozenset[tuple[Term, Term]]:
    """Terms with no more than a short word between them."""
    return frozenset(
        (first, second)
        for (_, end, first), (start, _, second) in pairwise(places)
        if start - end <= _NEXT_TO and first != second
    )


def _pick(judged: list[_Judged], most: int, tokens: int) -> list[_Judged]:
    """One after the other: what has the highest score, a little more of it right beside what was picked, a little less
    in a document of which much was picked already."""
    best = max(one.score for one in judged)
    left = [one for one in judged if one.score > _FLOOR * best]
    standing = _Standing()
    picked: list[_Judged] = []
    while left and len(picked) < most:
        chosen = max(left, key=lambda one: one.score + best * standing.of(one.candidate))
        left.remove(chosen)
        cost = tokens_of(chosen.candidate.text) + _AROUND
        if cost > tokens or any(_alike(chosen, other) for other in picked):
            continue
        tokens -= cost
        picked.append(chosen)
        standing.note(chosen.candidate)
    return picked


class _Standing:
    """What a passage gains, or loses, by those that were picked before it, as a share of the best score."""

    def __init__(self) -> None:
        self._of_document: Counter[Hashable] = Counter()
        self._beside: set[tuple[Hashable, int]] = set()

    def note(self, picked: Candidate) -> None:
        self._of_document[picked.document] += 1
        self._beside |= {(picked.document, picked.id - 1), (picked.document, picked.id + 1)}

    def of(self, one: Candidate) -> float:
        same = self._of_document[one.document]
        if not same:
            return 0.0
        return _NEIGHBOUR * ((one.document, one.id) in self._beside) - _SAME_DOCUMENT * same


def _alike(one: _Judged, other: _Judged) -> bool:
    first, second = (frozenset(judged.candidate.text.split()) for judged in (one, other))
    return len(first & second) >= _ALIKE * max(len(first | second), 1)
