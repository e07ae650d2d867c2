"""Documents among the results of the search over everything."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from chat.documents.search import DocumentHits, search_documents
from chat.models import DocumentVersion
from chat.search import snippets
from chat.search.query import parse_query
from core.web.search_providers import MOST_HITS, OtherHit, OtherHits, SearchWish
from core.web.statement_limit import StatementTooLong

_LOOKED_AT = 60


def document_hits(wish: SearchWish) -> OtherHits | None:
    """The documents with these words that the person may read, the best first; None where they are not asked for."""
    if not (wish.words.strip() and wish.asks_for("document") and isinstance(wish.membership, Membership)):
        return None
    try:
        found = search_documents(wish.membership, wish.words, spaces=list(wish.spaces), limit=_LOOKED_AT)
    except StatementTooLong:
        return None
    versions = _versions(wish, [one.passages[0][0].version for one in found])
    kept = [(one, versions[one.passages[0][0].version]) for one in found if one.passages[0][0].version in versions]
    return OtherHits(
        kind="document",
        label=_("Documents"),
        icon="file",
        hits=[_hit(one, version, wish.words) for one, version in kept[:MOST_HITS]],
    )


def _versions(wish: SearchWish, ids: list[UUID]) -> dict[UUID, DocumentVersion]:
    """Those of the versions that somebody wished for uploaded, and then, with all that is said of them."""
    found: QuerySet[DocumentVersion] = DocumentVersion.objects.filter(pk__in=ids)
    if wish.people:
        found = found.filter(uploaded_by__in=list(wish.people))
    if wish.since:
        found = found.filter(created_at__gte=wish.since)
    if wish.until:
        found = found.filter(created_at__lt=wish.until)
    return found.select_related("uploaded_by", "document__space").in_bulk()


def _hit(one: DocumentHits, version: DocumentVersion, words: str) -> OtherHit:
    passage, snippet = one.passages[0]
    address = reverse("chat:space_document", args=[version.document.space_id, one.document])
    return OtherHit(
        title=snippets.mark_hits(one.name, parse_query(words)),
        address=f"{address}?{urlencode({'passage': passage.id})}#cited",
        by=version.uploaded_by.display_name,
        at=version.created_at,
        snippet=snippet,
        note=version.document.space.name,
    )
