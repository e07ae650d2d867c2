"""Documents among what a search finds: the passages with the words, of the documents that somebody may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.safestring import SafeString

from accounts.models import Membership
from chat import access
from chat.documents.find import FoundPassage, with_texts
from chat.documents.index import backend_for
from chat.models import DocumentVersion
from chat.search import snippets
from chat.search.query import Query, parse_query
from core.cpu_budget import CpuBudget
from core.web.statement_limit import limited_statements

PER_DOCUMENT = 2
"""Passages of a document that are shown."""
_LOOKED_AT = 120
MOST_SECONDS = 0.4
MOST_HITS = 2_000
"""Passages of one document through which somebody can go."""


@dataclass(frozen=True, slots=True)
class DocumentHits:
    """A document with the best of its passages that have all the words: each with a snippet, safe HTML with marks."""

    document: UUID
    name: str
    passages: list[tuple[FoundPassage, SafeString]]
    more: int


def search_documents(
    membership: Membership, words: str, *, spaces: Sequence[UUID] = (), limit: int = 20
) -> list[DocumentHits]:
    """The documents that the person may read right now, of these spaces or of all, with the words in one of their
    passages; the best first. Raises StatementTooLong for words that stand in so much that it takes too long."""
    query = parse_query(words)
    readable = access.readable_spaces(membership)
    allowed = list((readable.filter(pk__in=spaces) if spaces else readable).values_list("pk", flat=True))
    if not query or not allowed:
        return []
    with limited_statements(MOST_SECONDS):
        ranked = backend_for(connection).matching(connection, allowed, query, most=_LOOKED_AT)
        found = with_texts(dict(ranked), spaces=allowed)
    return _by_document(found, query)[:limit]


def hits_in(version: DocumentVersion, query: Query, *, space: UUID) -> list[int]:
    """The ids of the passages of the version that have all the words, in their order; at most MOST_HITS. Only what is
    in the index is found: the current version."""
    if not query:
        return []
    with limited_statements(MOST_SECONDS):
        return backend_for(connection).in_version(connection, space, version.pk, query)[:MOST_HITS]


def _by_document(found: Sequence[FoundPassage], query: Query) -> list[DocumentHits]:
    grouped: dict[UUID, list[FoundPassage]] = {}
    for one in found:
        grouped.setdefault(one.document, []).append(one)
    budget = CpuBudget(MOST_SECONDS)
    return [
        DocumentHits(
            document=document,
            name=passages[0].name,
            passages=[(one, snippets.snippet(one.text, query, budget=budget)) for one in passages[:PER_DOCUMENT]],
            more=max(0, len(passages) - PER_DOCUMENT),
        )
        for document, passages in grouped.items()
    ]
