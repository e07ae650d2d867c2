"""An answer as the gateway streams it: whole snapshots, again and again, then one last object."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import orjson

from upstream.demo.gateway.answers import SECONDS, Reply
from upstream.demo.gateway.errors import PERPLEXITY, TIMEOUT, Refused
from upstream.demo.switches import Switches

KEEP_ALIVE = b":\n\n"
_BREAKS = ("drop_midway", "idle_timeout", "error_event", "close_without_done")  # in the middle
_PIECE = 60  # characters that a snapshot has more than the one before


def frame(event: str, data: Any) -> bytes:
    """One event: its name, then compact JSON in one line."""
    return b"event: " + event.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


async def snapshot_stream(
    reply: Reply, *, switches: Switches, pause: float, request: httpx.Request
) -> AsyncGenerator[bytes, None]:
    """The stream as bytes; `pause` in seconds between snapshots. Raises httpx.ReadError where a switch wants that."""
    if "empty_stream" in switches:
        yield frame("error", Refused(PERPLEXITY, "the stream closed before any events came through").body)
        return
    snapshots = list(_snapshots(reply, switches))
    broken = switches.any_of(*_BREAKS)
    for number, snapshot in enumerate(snapshots[: len(snapshots) // 2] if broken else snapshots):
        if number:
            await asyncio.sleep(pause)
        if "keepalive" in switches and number % 2:
            yield KEEP_ALIVE
        yield frame("message", snapshot)
    if not broken:
        yield frame("done", reply.body(empty="done_null_answer" in switches))
    elif broken == "drop_midway":
        raise httpx.ReadError("the demo was asked to drop the connection", request=request)
    elif broken == "idle_timeout":
        message = f"the stream took longer than {SECONDS[reply.mode]}s"
        yield frame("error", Refused(TIMEOUT, message).body)
    elif broken == "error_event":
        yield frame("error", Refused(PERPLEXITY, "perplexity returned 429: Too Many Requests").body)


def _snapshots(reply: Reply, switches: Switches) -> Iterator[dict[str, Any]]:
    yield {"answer": None, "web_results": []}
    texts = list(_growing(reply.answer))
    if "single_late_snapshot" in switches:
        yield {"answer": None, "web_results": []}
        texts = texts[-1:]
    for number, text in enumerate(texts):
        results = list(reply.results) if number or len(texts) == 1 else []
        if "shrinking_results" in switches and number > len(texts) // 2:
            results = results[:1] if number % 2 else []
        if "rewrite" in switches and number == len(texts) // 2:
            yield {"answer": f"Let me say that differently. {text[:40]}", "web_results": results}
        yield {"answer": text, "web_results": results}
        if number == 1:
            yield {"answer": text, "web_results": results}  # the same once more, as happens


def _growing(text: str) -> Iterator[str]:
    """The text cut at blanks, each time a little longer."""
    shown = 0
    for blank in re.finditer(r"\s+", text):
        if blank.end() - shown >= _PIECE:
            shown = blank.end()
            yield text[:shown].rstrip()
    yield text
