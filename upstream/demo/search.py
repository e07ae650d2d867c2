"""POST /search: ranked results without an answer (contract A11)."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from upstream.demo import checks, library, scope
from upstream.demo.usage import CHARACTERS_PER_TOKEN
from upstream.demo.validation import refuse_all

_MOST_QUERIES = 5
_LOOKED_AT = 80  # passages; several of them can have one address


def check(body: Mapping[str, Any]) -> None:
    """Raise Refusal for a request that cannot be answered."""
    query = body.get("query")
    queries = [query] if isinstance(query, str) else query
    if query is None:
        refuse_all(["At body -> query: Field required"])
    if not isinstance(queries, list) or not queries or not all(isinstance(entry, str) and entry for entry in queries):
        refuse_all(["At body -> query: Input should be a valid string or list of strings"])
    if len(queries) > _MOST_QUERIES:
        refuse_all([f"At body -> query: List should have at most {_MOST_QUERIES} items"])
    problems = checks.problems(body, checks.SEARCH)
    if problems:
        refuse_all(problems)


def answer(body: Mapping[str, Any], *, documents_url: str) -> httpx.Response:
    """The results of a checked request, in a flat list also for several queries."""
    where = scope.of(body)
    shelves = library.shared(documents_url)
    left = body.get("max_tokens") or 10_000
    per_page = body.get("max_tokens_per_page") or 4096
    results: dict[str, dict[str, Any]] = {}
    queries = [body["query"]] if isinstance(body["query"], str) else body["query"]
    for query in queries:
        most = len(results) + (body.get("max_results") or 10)
        for hit in shelves.search(library.words(query), limit=_LOOKED_AT, accept=where.allows):
            url = where.url(hit.passage)
            snippet = hit.passage.plain[: min(left, per_page) * CHARACTERS_PER_TOKEN]
            if not snippet or url in results or len(results) == most:
                continue
            left -= -(-len(snippet) // CHARACTERS_PER_TOKEN)
            results[url] = {
                "title": hit.passage.full_title,
                "url": url,
                "snippet": snippet,
                "date": where.date(hit.passage),
                "last_updated": where.last_updated(hit.passage),
            }
    now = datetime.now(UTC).isoformat() if body.get("display_server_time") else None
    return httpx.Response(200, json={"id": str(uuid.uuid4()), "results": list(results.values()), "server_time": now})
