"""What the two databases have in common: what a document of the index is, and which of those found come first."""

import math
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

TITLES = 150
TEXTS = 350
"""How many titles and how many other texts are ranked: those with the words that are the newest.

A word that stands in every second text has no best place that anybody could name, and ranking all of them is what
makes a search slow. A word that stands in fewer texts than this is ranked over all of them.
"""


class SearchOrder(StrEnum):
    """Which conversations come first: those that match best, or those with the newest text that matches."""

    BEST = ""
    NEWEST = "new"


class HitKind(StrEnum):
    """What is found: texts of conversations, which the index has as documents, and what others find besides
    (`core.web.search_providers`)."""

    TITLE = "title"
    QUESTION = "question"
    ANSWER = "answer"
    SOURCE = "source"
    DOCUMENT = "document"
    IMAGE = "image"


SOURCES = 120
"""How many sources are ranked."""

_WEIGHTS = {HitKind.TITLE: 2.5, HitKind.QUESTION: 1.2, HitKind.ANSWER: 1.0, HitKind.SOURCE: 0.6}
_FRESHNESS = 0.3
_FRESH_DAYS = 30.0
_VERIFIED = 0.2
"""How much further up stands what somebody vouches for: it passes what matches about as well, and no more."""


class RankedHit(NamedTuple):
    """A document with the words in it: the id of its conversation, question or answer, which is what sources have, too;
    that of the conversation it belongs to; how well the words match in the database's own measure, greater being
    better; and when it was written in seconds since 1970."""

    kind: HitKind
    id: UUID
    conversation: UUID
    relevance: float
    at: float


@dataclass(frozen=True)
class RankedConversation:
    """A conversation with its documents that match, the best first."""

    id: UUID
    hits: list[RankedHit]


def rank_hits(found: Iterable[RankedHit], *, now: float, verified: Container[UUID] = frozenset()) -> list[RankedHit]:
    """The best first: titles before questions before answers when they match alike, and what is new a little up, as
    are answers that are verified, and their questions."""

    def score(one: RankedHit) -> float:
        age = max(0.0, now - one.at) / 86_400
        preferred = 1 + _VERIFIED if one.id in verified else 1
        return one.relevance * _WEIGHTS[one.kind] * preferred * (1 + _FRESHNESS * math.exp(-age / _FRESH_DAYS))

    return sorted(found, key=lambda one: (-score(one), -one.at, one.id))


def rank_conversations(
    found: Iterable[RankedHit], *, now: float, order: SearchOrder, verified: Container[UUID] = frozenset()
) -> list[RankedConversation]:
    """Each conversation once, in the place of its best document, or by its newest."""
    grouped: dict[UUID, list[RankedHit]] = {}
    for one in rank_hits(found, now=now, verified=verified):
        grouped.setdefault(one.conversation, []).append(one)
    ranked = [RankedConversation(conversation, hits) for conversation, hits in grouped.items()]
    if order is SearchOrder.NEWEST:
        ranked.sort(key=lambda one: (-max(hit.at for hit in one.hits), one.id))
    return ranked
