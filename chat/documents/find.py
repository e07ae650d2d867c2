"""Finding the passages of a space that fit a question: the index proposes, the rows decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from chat.documents.index import backend_for
from chat.models import DocumentVersion, Passage
from chat.search.query import Term

CANDIDATES = 100
_FURTHER = 2
"""How many times as many are asked for when some of those found were not to be found any more."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with some of the words. `rank` is how well it matches in the database's own measure, greater being
    better; `page` counts in `unit`; `name` is its document's."""

    id: int
    document: UUID
    version: UUID
    name: str
    unit: str
    number: int
    page: int
    label: str
    text: str
    rank: float


def current_versions(spaces: Sequence[UUID]) -> QuerySet[DocumentVersion]:
    """The current versions of documents that nobody removed, from those of the spaces that nobody deleted."""
    return DocumentVersion.objects.filter(
        pk=F("document__current"),
        document__deleted_at=None,
        document__space__deleted_at=None,
        document__space__in=spaces,
    )


def find_passages(space: UUID, terms: Sequence[Term], *, limit: int = CANDIDATES) -> list[FoundPassage]:
    """The passages of the space in which some of the terms stand, best first. Says nothing about who may read it.

    Right after a version was replaced or a document removed its passages may still be in the index; then more are asked
    for, so that they take nobody's place.
    """
    wanted = list(dict.fromkeys(terms))
    found: list[FoundPassage] = []
    for most in (limit, limit * _FURTHER, limit * _FURTHER**3):
        ranked = backend_for(connection).best(connection, space, wanted, most=most)
        found = with_texts(dict(ranked), spaces=[space])
        if len(found) >= limit or len(ranked) < most or len(found) == len(ranked):
            break
    return found[:limit]


def with_texts(ranks: dict[int, float], *, spaces: Sequence[UUID]) -> list[FoundPassage]:
    """Those of the passages that may be found in the spaces right now, in their order.

    In two queries by keys: of one that joins them, SQLite would begin with all documents of the space.
    """
    rows = Passage.objects.filter(pk__in=list(ranks)).values_list("pk", "version_id", "number", "page", "label", "text")
    passages = {row[0]: row for row in rows}
    versions = {
        version: (document, name, unit)
        for version, document, name, unit in current_versions(spaces)
        .filter(pk__in={row[1] for row in passages.values()})
        .values_list("pk", "document_id", "document__name", "unit")
    }
    found: list[FoundPassage] = []
    for key, rank in ranks.items():
        _key, version, number, page, label, text = passages.get(key, (0, None, 0, 0, "", ""))
        if version in versions:
            document, name, unit = versions[version]
            found.append(FoundPassage(key, document, version, name, unit, number, page, label, text, rank))
    return found
