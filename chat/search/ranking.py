"""What the two databases have in common: what a document of the index is, and which of those found come first."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

TITLES = 200
TEXTS = 500
"""How many titles and how many other texts are ranked: those with the words that are the newest.

A word that stands in every second text has no best place that anybody could name, and ranking all of them is what
makes a search slow. A word that stands in fewer texts than this is ranked over all of them.
"""


class HitKind(StrEnum):
    """What of a conversation a document of the index holds."""

    TITLE = "title"
    QUESTION = "question"
    ANSWER = "answer"


_WEIGHTS = {HitKind.TITLE: 2.5, HitKind.QUESTION: 1.2, HitKind.ANSWER: 1.0}
_FRESHNESS = 0.3
_FRESH_DAYS = 30.0


@dataclass(frozen=True)
class RankedHit:
    """A document with the words in it: the id of its conversation, question or answer, how well the words match in
    the database's own measure, greater being better, and when it was written in seconds since 1970."""

    kind: HitKind
    id: UUID
    relevance: float
    at: float


def rank_hits(found: Iterable[RankedHit], *, now: float) -> list[RankedHit]:
    """The best first: titles before questions before answers when they match alike, and what is new a little up."""

    def score(one: RankedHit) -> float:
        age = max(0.0, now - one.at) / 86_400
        return one.relevance * _WEIGHTS[one.kind] * (1 + _FRESHNESS * math.exp(-age / _FRESH_DAYS))

    return sorted(found, key=lambda one: (-score(one), -one.at, one.id))
