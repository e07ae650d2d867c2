"""What the Agent API says, for its tests: objects and events as docs/agent.md has them."""

import json
from collections.abc import Sequence
from typing import Any

from tests.upstream.conftest import frame
from upstream.agent.stream import AgentTranslation
from upstream.events import Event
from upstream.sse import Messages
from upstream.translation.base import StreamFailed

TEXT = "The Vårn 灯 was automated in 1998.[1][2]"
VARN = {
    "id": 1,
    "url": "https://harbour.example/varn",
    "title": "Varn harbour light",
    "snippet": "Automated in spring.",
    "date": "2025-02-03",
}
LIST = {"id": 2, "url": "https://lights.example/list", "title": "List of lights", "snippet": ""}
USAGE = {
    "input_tokens": 40,
    "output_tokens": 9,
    "total_tokens": 49,
    "input_tokens_details": {"cached_tokens": 12, "cache_read_input_tokens": 12},
    "output_tokens_details": {"reasoning_tokens": 4},
    "tool_calls_details": {
        "search_web": {"cost_usd": 0.002, "invocation": 2},
        "fetch_url": {"cost_usd": 0.003, "invocation": 1, "token_usage": [{"model": "maker/reader"}]},
    },
    "cost": {
        "currency": "USD",
        "input_cost": 0.00001,
        "output_cost": 0.00002,
        "tool_calls_cost": 0.005,
        "tool_calls_cost_details": {"search_web": 0.002, "fetch_url": 0.003},
        "total_cost": 0.00503,
    },
}


def message(text: str = TEXT, *, id: str = "msg_1") -> dict[str, Any]:
    """A message item."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "message", "id": id, "role": "assistant", "status": "completed", "content": content}


def response(status: str = "completed", *, output: Any = None, **more: Any) -> dict[str, Any]:
    """A response object."""
    found = {"type": "search_results", "queries": ["varn light", "varn automation"], "results": [VARN, LIST]}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1757000300,
        "model": "perplexity/sonar",
        "status": status,
        "output": [found, message()] if output is None else output,
        "usage": USAGE,
        "error": None,
        **more,
    }


def told(kind: str, **fields: Any) -> dict[str, Any]:
    """One event; `kind` is its type without the first word."""
    return {"type": f"response.{kind}", "sequence_number": 0, **fields}


def delta(text: str, *, item: str = "msg_1", index: int = 1) -> dict[str, Any]:
    """More text."""
    return told("output_text.delta", item_id=item, output_index=index, content_index=0, delta=text)


def created() -> dict[str, Any]:
    """The first event."""
    return told("created", response=response("in_progress", output=[], usage=None))


def completed(**more: Any) -> dict[str, Any]:
    """The last event."""
    return told("completed", response=response(**more))


def whole_stream() -> list[dict[str, Any]]:
    """A regular stream, in which the text comes four times."""
    at = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
    return [
        created(),
        told("in_progress", response=None),
        told("reasoning.started", thought="Look it up."),
        told("reasoning.search_queries", queries=["varn light", "varn automation"]),
        told("reasoning.search_results", results=[VARN]),
        told("reasoning.search_results", results=[VARN, LIST], usage=None),
        told("reasoning.stopped"),
        told("output_item.added", output_index=1, item={**message(""), "content": []}),
        delta("The Vårn 灯"),
        delta(" was automated"),
        delta(" in 1998.[1][2]"),
        told("output_text.done", **at, text=TEXT),
        told("output_item.done", output_index=1, item=message()),
        completed(),
    ]


def heard(*events: Any) -> list[Event]:
    """What the events become, up to the end of the connection. Raises StreamFailed."""
    messages, translation = Messages(), AgentTranslation(request_id="req-7")
    raw = b"".join(item if isinstance(item, bytes) else frame(item) for item in events)
    found: list[Event] = []
    failed = translation.take_all([*messages.feed(raw), *messages.close()], found)
    if failed:
        raise failed
    return found + translation.end()


def heard_whole(answer: Any) -> list[Event]:
    """What a response that comes in one piece becomes. Raises StreamFailed."""
    return AgentTranslation().whole(answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def kinds(events: Sequence[Event]) -> list[str]:
    """The kinds of the events, in order."""
    return [type(event).__name__ for event in events]


__all__ = ["StreamFailed"]
