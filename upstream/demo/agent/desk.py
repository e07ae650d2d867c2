"""Takes requests of the Agent API: answers them, keeps the answers, works in the background, stops (contract G)."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from upstream.demo import chat, frames, streams
from upstream.demo.agent import checks
from upstream.demo.agent.composing import Run, compose, messages_of
from upstream.demo.agent.frames import frames as frames_of
from upstream.demo.failures import plain
from upstream.demo.streams import Stream
from upstream.demo.switches import Switches

PATHS = ("/v1/agent", "/v1/responses", "/responses")
_MOST_KEPT = 500
_WAITS, _WORKS = 0.5, 2.5  # seconds until work in the background is begun, and until it is done

Handle = Callable[[httpx.Request], Awaitable[httpx.Response]]
Prompted = Callable[[httpx.Request, Mapping[str, Any], str], Awaitable[tuple[Switches, str, httpx.Response | None]]]


@dataclass(slots=True)
class Kept:
    """An answer that can be asked for again, with the conversation that it ends."""

    run: Run
    messages: Sequence[Mapping[str, Any]]
    switches: Switches
    in_background: bool = False
    hidden: bool = False
    begun: float = field(default_factory=time.monotonic)
    cancelled: bool = False

    @property
    def status(self) -> str:
        """How far it is."""
        if self.cancelled:
            return "cancelled"
        age = time.monotonic() - self.begun
        waits, works = (0.0, 0.0) if "fast" in self.switches else (_WAITS, _WORKS)
        if self.in_background and age < works:
            return "in_progress" if age >= waits else "queued"
        return str(self.run.ended(self.switches)["status"])

    def response(self) -> dict[str, Any]:
        """The response object as it is now."""
        status = self.status
        if self.cancelled or status in ("queued", "in_progress"):
            return self.run.response(status)
        return self.run.ended(self.switches)


class Desk:
    """The Agent API of one demo. `prompted` counts a request and tells its switches, its question, and the failure
    that the switches want; `pause_of` the seconds between chunks.
    """

    def __init__(
        self, *, prompted: Prompted, pause_of: Callable[[Switches], float], documents_url: str, models: Collection[str]
    ) -> None:
        self._prompted = prompted
        self._pause_of = pause_of
        self._documents_url = documents_url
        self._models = models
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def methods(self, path: str) -> Mapping[str, Handle] | None:
        """What can be done at the path; None where nothing of this desk is there."""
        if path in PATHS:
            return {"POST": self._create}
        above, _, last = path.rpartition("/")
        if above in PATHS:
            return {"GET": self._retrieve}
        return {"POST": self._cancel} if last == "cancel" and above.rpartition("/")[0] in PATHS else None

    async def _create(self, request: httpx.Request) -> httpx.Response:
        body = _parsed(request.content)
        switches, question, failure = await self._prompted(request, body, _last_prompt(body))
        if failure is not None:
            return failure
        checks.check(body, extra_models=self._models)
        messages = [*self._before(body.get("previous_response_id")), *messages_of(body)]
        run = await asyncio.to_thread(
            compose, body, question=question, history=messages, switches=switches, documents=self._documents_url
        )
        kept = Kept(
            run,
            [*messages, {"role": "assistant", "content": run.text}],
            switches,
            in_background=bool(body.get("background")),
            hidden=body.get("store") is False,
        )
        self._keep(kept)
        if not body.get("stream"):
            return _json(kept.response())
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        return httpx.Response(200, headers=headers, stream=streams.Body(self._stream(run, switches, request)))

    async def _retrieve(self, request: httpx.Request) -> httpx.Response:
        kept = self._kept.get(request.url.path.rstrip("/").rpartition("/")[2])
        return plain(404) if kept is None or kept.hidden else _json(kept.response())

    async def _cancel(self, request: httpx.Request) -> httpx.Response:
        kept = self._kept.get(request.url.path.rstrip("/").split("/")[-2])
        if kept is None or kept.hidden:
            return plain(404)
        if kept.status not in ("queued", "in_progress"):
            checks.refuse(f"response {kept.run.id} is already {kept.status}")
        kept.cancelled = True
        return _json({"response_id": kept.run.id, "status": "cancelling"})

    def _stream(self, run: Run, switches: Switches, request: httpx.Request) -> AsyncGenerator[bytes, None]:
        parts = frames.pieces(run.text)
        eol = streams.line_end(switches)
        named = "named_events" in switches
        told = list(frames_of(run, parts, switches))
        first = next((number for number, (kind, _) in enumerate(told) if kind.endswith("text.delta")), 0)
        stream = Stream(
            (b"event: " + kind.encode() + eol + b"data: " + data if named else b"data: " + data for kind, data in told),
            switches=switches,
            pause=self._pause_of(switches),
            request=request,
            length=len(told),
            middle=first + len(parts) // 2,
            mark=b"data: [DONE]" if "done_marker" in switches else b"",
            error={"type": "error"},
        )
        if "bad_json_line" in switches:
            stream.interludes.append(b'data: {"type":"response.output_text.delta","delta":"bro')
        if "unknown_events" in switches:
            stream.interludes.append(b'data: {"type":"response.skill.loaded","sequence_number":0,"name":"office"}')
            stream.interludes.append(b'data: {"type":"response.of_tomorrow","sequence_number":0,"delta":"no text"}')
        return stream.sent()

    def _before(self, response_id: Any) -> Sequence[Mapping[str, Any]]:
        """The conversation that a request continues. Raises Refusal where there is none to continue."""
        if response_id is None:
            return ()
        kept = self._kept.get(str(response_id))
        if kept is None or kept.status != "completed":
            checks.refuse(f"previous response '{response_id}' not found", param="previous_response_id")
        return [message for message in kept.messages if message["role"] != "system"]

    def _keep(self, kept: Kept) -> None:
        self._kept[kept.run.id] = kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        checks.refuse("invalid request body: json: not an object")
    return body


def _last_prompt(body: Mapping[str, Any]) -> str:
    """The last message's text; empty for input that the checks will refuse."""
    try:
        return chat.text_of(messages_of(body)[-1])
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""


def _json(body: Any) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=orjson.dumps(body))
