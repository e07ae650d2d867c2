"""The events of a streamed run as JSON, one bytes object each."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import orjson

from upstream.demo.agent.runs import Run

Event = tuple[str, bytes]  # the event's type and its data

_ENDS = {"failed": "response.failed", "incomplete": "response.incomplete", "cancelled": "response.cancelled"}


def events_of(run: Run, parts: Sequence[str]) -> Iterator[Event]:
    """Every event of the run in order, its text in these parts."""
    for number, (kind, fields) in zip(count(), _events(run, parts), strict=False):
        yield kind, orjson.dumps({"type": kind, "sequence_number": number, **fields})


def _events(run: Run, parts: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    switches = run.switches
    null = "null_response" in switches
    yield "response.created", {"response": None if null else run.response("in_progress")}
    yield "response.in_progress", {"response": None if null else run.response("in_progress")}
    yield from _searching(run)
    index = len(run.output(run.text)) - 1
    at = {"item_id": run.message_id, "output_index": index, "content_index": 0}
    message = {**run.message(""), "status": "in_progress", "content": []}
    yield "response.output_item.added", {"output_index": index, "item": message}
    for part in parts:
        yield "response.output_text.delta", {**at, "delta": part}
    if "text_once" not in switches:
        yield "response.output_text.done", {**at, "text": run.text}
        yield "response.output_item.done", {"output_index": index, "item": run.message(run.text)}
    if "no_done_marker" in switches:
        return
    response = run.ended()
    kind = _ENDS.get(response["status"], "response.completed")
    yield kind, {"error": response["error"]} if kind == "response.failed" else {"response": response}


def _searching(run: Run) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What happens before the first word."""
    yield "response.reasoning.started", {"thought": "Looking at the question."}
    for search in run.searches:
        found = [source for source in run.sources if source.get("title") in search.found]
        thought = f"Look for “{' '.join(search.words)}”."
        yield "response.reasoning.search_queries", {"queries": [" ".join(search.words)], "thought": thought}
        yield "response.reasoning.search_results", {"results": found or list(run.sources)}
    if not run.searches and run.sources:
        yield "response.reasoning.search_results", {"results": list(run.sources)}
    if run.pages:
        yield "response.reasoning.fetch_url_queries", {"urls": [page["url"] for page in run.pages]}
        yield "response.reasoning.fetch_url_results", {"contents": list(run.pages)}
    if run.images:
        call = {"call_id": "call_1"}
        yield "response.reasoning.image_search_queries", {**call, "queries": run.queries[:1]}
        yield "response.reasoning.image_search_results", {**call, "results": list(run.images)}
    yield "response.reasoning.stopped", {}
    for number, item in enumerate(run.output(run.text)[:-1]):
        yield "response.output_item.done", {"output_index": number, "item": item}
