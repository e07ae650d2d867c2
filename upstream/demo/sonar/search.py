"""POST /search: ranked results without an answer, in a flat list also for several queries."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from upstream.demo.documents import library
from upstream.demo.documents.filters import filters_of
from upstream.demo.sonar.usage import CHARACTERS_PER_TOKEN, tokens

_LOOKED_AT = 80  # passages; several of them can have one address


def search_results(body: Mapping[str, Any], *, documents_url: str) -> dict[str, Any]:
    """The response to a checked request. Belongs in a thread."""
    where = filters_of(body)
    left = body.get("max_tokens") or 10_000
    per_page = body.get("max_tokens_per_page") or 4096
    results: dict[str, dict[str, Any]] = {}
    for query in [body["query"]] if isinstance(body["query"], str) else body["query"]:
        most = len(results) + (body.get("max_results") or 10)
        hits = library.shared(documents_url).search(library.search_words(query), limit=_LOOKED_AT, accept=where.allows)
        for passage in (hit.passage for hit in hits):
            url, snippet = where.url(passage), passage.plain[: min(left, per_page) * CHARACTERS_PER_TOKEN]
            if snippet and url not in results and len(results) < most:
                left -= tokens(snippet)
                dates = {"date": where.date(passage), "last_updated": where.last_updated(passage)}
                results[url] = {"title": passage.full_title, "url": url, "snippet": snippet, **dates}
    now = datetime.now(UTC).isoformat() if body.get("display_server_time") else None
    return {"id": str(uuid.uuid4()), "results": list(results.values()), "server_time": now}
