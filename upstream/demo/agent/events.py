"""The events of a streamed run as JSON, in the order and with the gaps in their numbers that were recorded."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from upstream.demo.agent.besides import Item
from upstream.demo.agent.runs import Run, dumped
from upstream.demo.switches import Switches

_TOKENS = re.compile(r"\s?[^\W_]{1,8}|\s?[^\w\s]{1,2}|\s+|_")
_ENDS = {"failed": "response.failed", "incomplete": "response.incomplete", "cancelled": "response.cancelled"}
_NULLABLE = ("thought", "contents", "results", "text", "content_index", "sequence_number")
_HOLE = ""  # the kind of an event that is never sent
_CALLED = {"search_results": "search_web", "people_search_results": "search_people"}  # functions of the service's own
_FOUND = {  # the family of events that tell of an item, and its field that they repeat
    "search_results": ("search", "results"),
    "people_search_results": ("search", "results"),
    "image_search_results": ("image_search", "results"),
    "finance_results": ("finance_search", "results"),
    "fetch_url_results": ("fetch_url", "contents"),
}


class Event(NamedTuple):
    """An event: its number, its type, its data, and whether it is a part of the text."""

    number: int
    kind: str
    data: bytes
    is_text: bool


_Told = tuple[str, Mapping[str, Any]]


def pieces(text: str) -> list[str]:
    """The text in portions of about one token, which cut marks and words."""
    return _TOKENS.findall(text)


def events_of(run: Run) -> list[Event]:
    """Every event of the run in order."""
    switches, events = run.switches, []
    step = max(int(switches.number("holes", 7, most=1000)), 1) if "holes" in switches else 1
    for number, (kind, fields) in enumerate(_events(run)):
        if kind != _HOLE:
            events.append(_event(number * step, kind, fields, switches))
    return events


def end_of(run: Run, number: int) -> Event:
    """The event that ends the run as it is now."""
    response = run.final()
    if not (run.body.get("stream_options") or {}).get("include_usage", True):
        response["usage"] = None
    kind = _ENDS.get(response["status"], "response.completed")
    if "status_in_completed" in run.switches:
        kind = "response.completed"
    fields: Mapping[str, Any] = {"response": response}
    if kind == "response.failed" and "failed_inside" not in run.switches:
        fields = {"error": response["error"]}
    return _event(number, kind, fields, run.switches)


def _event(number: int, kind: str, fields: Mapping[str, Any], switches: Switches) -> Event:
    told = {"type": kind, "sequence_number": number, **fields}
    if "null_fields" in switches:
        told |= {name: None for name in _NULLABLE if name in told}
    return Event(number, kind, dumped(told), kind == "response.output_text.delta")


def _events(run: Run) -> Iterator[_Told]:
    switches = run.switches
    begun = None if "null_response" in switches else run.response("in_progress")
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    yield _HOLE, {}
    if "reasoning_events" in switches:
        yield "response.reasoning.started", {"thought": "Thinking about the question..."}
    yield from _working(run)
    if "reasoning_events" in switches:
        yield "response.reasoning.stopped", {}
    if run.work.text is not None:
        yield from _writing(run, run.work.text)


def _working(run: Run) -> Iterator[_Told]:
    """What happens before the first word: searches begin one after the other and end as the output has them."""
    items, calls = run.work.items, {place: f"call_{uuid4()}" for place in range(len(run.work.items))}
    for place in run.work.starts:
        yield from _begun(place, items[place], calls[place])
    for place, item in enumerate(items):
        if place not in run.work.starts:
            yield from _begun(place, item, calls[place])
        yield from _found(item, calls[place])
        yield "response.output_item.done", {"output_index": place, "item": item}


def _begun(place: int, item: Item, call: str) -> Iterator[_Told]:
    """That something is being looked for: the query, in what looks like a function call where it is a search."""
    queries = item.get("queries")
    if (name := _CALLED.get(item["type"])) and queries is not None:
        arguments = orjson.dumps({"queries": queries}).decode()
        made = {"id": f"fc_{uuid4()}", "call_id": call, "arguments": arguments, "status": "completed"}
        yield (
            "response.output_item.added",
            {
                "output_index": place,
                "item": {"type": "function_call", "name": name, **made},
            },
        )
    if item["type"] == "function_call":
        yield "response.output_item.added", {"output_index": place, "item": item}
    family, _ = _FOUND.get(item["type"], ("", ""))
    if family == "fetch_url":
        urls = [page["url"] for page in item["contents"]]
        yield "response.reasoning.fetch_url_queries", {"urls": urls, "thought": "Fetching content from the web..."}
    elif item["type"] == "finance_results":
        yield "response.reasoning.finance_search_queries", {"call_id": call, "queries": item["categories"]}
    elif family and queries is not None:
        thought = "Searching the web..." if family == "search" else "Searching for images..."
        yield f"response.reasoning.{family}_queries", {"call_id": call, "queries": queries, "thought": thought}


def _found(item: Item, call: str) -> Iterator[_Told]:
    """What came back."""
    if item["type"] == "skill_loaded":
        yield "response.skill.loaded", {"name": item["name"]}
    family, name = _FOUND.get(item["type"], ("", ""))
    if not family or (name == "results" and item.get("queries", True) is None):
        return
    found = item[name]
    if family == "fetch_url":
        thought = f"Fetched content from {len(found)} URLs"
        yield "response.reasoning.fetch_url_results", {"contents": found, "thought": thought}
    else:
        told = {"call_id": call, "results": found, "thought": f"Found {len(found)} results"}
        yield f"response.reasoning.{family}_results", told


def _writing(run: Run, text: str) -> Iterator[_Told]:
    index = len(run.work.items)
    at = {"item_id": run.message_id, "output_index": index, "content_index": 0}
    yield "response.output_item.added", {"output_index": index, "item": run.message(None)}
    for piece in pieces(text):
        yield "response.output_text.delta", {**at, "delta": piece}
    yield _HOLE, {}
    if "text_once" not in run.switches:
        yield "response.output_text.done", {**at, "text": text}
        yield "response.output_item.done", {"output_index": index, "item": run.message(text)}
