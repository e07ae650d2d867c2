"""How the streams of the benchmark's upstream read, as bytes.

Sonar's default mode (docs/sonar.md, "Streams") repeats the text so far, the usage and the sources in every chunk. The
Agent API (docs/agent.md, "Streams") says what it found once, and then only what is new. Everything that stays the same
is serialised beforehand, so that thousands of chunks a second cost a fraction of a core.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Face(NamedTuple):
    """One service's stream: its first frames, one for each chunk (the text so far, what is new, the number from 0), and
    the last ones (the text, the number of chunks). Text is escaped as in a JSON string."""

    begin: Callable[[], bytes]
    chunk: Callable[[bytes, bytes, int], bytes]
    end: Callable[[bytes, int], bytes]


_SOURCES = [
    {
        "title": f"On lights and harbours, part {number}",
        "url": f"https://lights.example/history/part-{number}",
        "date": "2025-02-03",
        "last_updated": "2025-06-01",
        "snippet": f"Part {number} tells how the towers were built, who kept them and what became of the crews.",
        "source": "web",
    }
    for number in range(1, 7)
]
_REPEATED = (
    b'"citations":'
    + json.dumps([source["url"] for source in _SOURCES]).encode()
    + b',"search_results":'
    + json.dumps(_SOURCES).encode()
)

# --- Sonar ------------------------------------------------------------------------------------------

_HEAD = b'data: {"id":"bench","model":"sonar","created":1757000100,"usage":{"prompt_tokens":12,'
_USAGE = b'"completion_tokens":%d,"total_tokens":%d,"search_context_size":"low","cost":{"input_tokens_cost":%b,'
_COSTS = b'"output_tokens_cost":%b,"total_cost":%b}},'
_CHOICE = b',"object":"%b","choices":[{"index":0,"finish_reason":%b,"message":{"role":"assistant","content":"'
_DELTA = b'"},"delta":{"role":"assistant","content":"'
_TAIL = b'"}}]}\n\n'
_ZEROS = (_USAGE.replace(b"%b", b"0.0") + _COSTS.replace(b"%b", b"0.0")) + _REPEATED.replace(b"%", b"%%")
_ON_THE_WAY = _CHOICE % (b"chat.completion.chunk", b"null")


def _sonar_chunk(said: bytes, delta: bytes, number: int) -> bytes:
    figures = _ZEROS % (4 * number + 4, 4 * number + 16)
    return b"".join((_HEAD, figures, _ON_THE_WAY, said, _DELTA, delta, _TAIL))


def _sonar_end(said: bytes, count: int) -> bytes:
    figures = _USAGE % (4 * count, 4 * count + 12, b"0.00001") + _COSTS % (b"0.00002", b"0.00503")
    end = _CHOICE % (b"chat.completion.done", b'"stop"')
    return b"".join((_HEAD, figures, _REPEATED, end, said, _DELTA, _TAIL, b"data: [DONE]\n\n"))


sonar = Face(begin=bytes, chunk=_sonar_chunk, end=_sonar_end)


# --- the Agent API ----------------------------------------------------------------------------------


def _event(kind: str, number: int, **fields: Any) -> bytes:
    return b"data: " + json.dumps({"type": kind, "sequence_number": number, **fields}).encode() + b"\n\n"


def _response(status: str, output: list[dict[str, Any]], usage: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": "resp_bench",
        "object": "response",
        "created_at": 1757000100,
        "status": status,
        "model": "openai/gpt-6-luna" if usage else "fast",
        "error": None,
        "incomplete_details": None,
        "output": output,
        "usage": usage,
    }


_FOUND = {
    "type": "search_results",
    "queries": ["lights"],
    "results": [{"id": number, **source} for number, source in enumerate(_SOURCES, start=1)],
}
_TEXT = "@the text@"  # where it goes in the frames of the end
_MESSAGE = {
    "type": "message",
    "id": "msg_bench",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": _TEXT, "annotations": []}],
}
_AT = {"item_id": "msg_bench", "output_index": 1, "content_index": 0}
_BEGUN = b"".join(
    (
        _event("response.created", 0, response=_response("in_progress", [], None)),
        _event("response.in_progress", 1, response=_response("in_progress", [], None)),
        _event("response.reasoning.search_queries", 2, call_id="call_1", queries=["lights"], thought="Searching..."),
        _event("response.reasoning.search_results", 3, call_id="call_1", results=_FOUND["results"], thought="Found 6"),
        _event("response.output_item.done", 4, output_index=0, item=_FOUND),
        _event("response.output_item.added", 5, output_index=1, item=_MESSAGE | {"content": []}),
    )
)
_NUMBER = 987_654_321  # where that of an event goes
_AGENT_DELTA = tuple(
    _event("response.output_text.delta", _NUMBER, delta=_TEXT, **_AT)
    .replace(b"%d" % _NUMBER, _TEXT.encode())
    .split(_TEXT.encode())
)


def _agent_chunk(said: bytes, delta: bytes, number: int) -> bytes:
    before, between, after = _AGENT_DELTA
    return b"".join((before, b"%d" % (number + 6), between, delta, after))


def _agent_end(said: bytes, count: int) -> bytes:
    tokens = {"input_tokens": 12, "output_tokens": 4 * count, "total_tokens": 4 * count + 12}
    usage = tokens | {"cost": {"currency": "USD", "total_cost": 0.00503}}
    frames = (
        _event("response.output_text.done", count + 7, text=_TEXT, **_AT),
        _event("response.output_item.done", count + 8, output_index=1, item=_MESSAGE),
        _event("response.completed", count + 9, response=_response("completed", [_FOUND, _MESSAGE], usage)),
    )
    return b"".join(frames).replace(_TEXT.encode(), said)


agent = Face(begin=lambda: _BEGUN, chunk=_agent_chunk, end=_agent_end)
