"""Takes requests of the Agent API: answers them, keeps the answers, works in the background, stops."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from upstream.demo.agent import checks
from upstream.demo.agent.events import events_of
from upstream.demo.agent.runs import Run, compose_run, messages_of
from upstream.demo.calls import Calls
from upstream.demo.faults import plain
from upstream.demo.responses import json_response, stream_response
from upstream.demo.sonar.chunks import pieces
from upstream.demo.sonar.messages import last_prompt
from upstream.demo.streaming import Stream, line_end
from upstream.demo.switches import Switches

PATHS = ("/v1/agent", "/v1/responses", "/responses")
_MOST_KEPT = 500
_WAITS, _WORKS = 0.5, 2.5  # seconds until work in the background is begun, and until it is done

Route = Callable[[httpx.Request], Awaitable[httpx.Response]]


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
        if self.in_background and age < _WORKS and "fast" not in self.switches:
            return "in_progress" if age >= _WAITS else "queued"
        return str(self.run.ended(self.switches)["status"])

    def response(self) -> dict[str, Any]:
        """The response object as it is now."""
        status = self.status
        unfinished = self.cancelled or status in ("queued", "in_progress")
        return self.run.response(status) if unfinished else self.run.ended(self.switches)


class Agent:
    """The Agent API's part of a demo. `note_end` gets the switches of every call."""

    def __init__(
        self, calls: Calls, *, models: Collection[str], documents_url: str, note_end: Callable[[Switches], None]
    ) -> None:
        self._calls = calls
        self._models = models
        self._documents_url = documents_url
        self._note_end = note_end
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def methods(self, path: str) -> Mapping[str, Route] | None:
        """What can be done at the path; None where nothing of this API is there."""
        if path in PATHS:
            return {"POST": self._create}
        above, _, last = path.rpartition("/")
        if above in PATHS:
            return {"GET": self._retrieve}
        return {"POST": self._cancel} if last == "cancel" and above.rpartition("/")[0] in PATHS else None

    async def _create(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, question = self._calls.record(request, _prompt(body), body)
        self._note_end(switches)
        fault = await self._calls.fault(request, switches, question)
        if fault is not None:
            return fault
        checks.check(body, extra_models=self._models)
        messages = [*self._before(body.get("previous_response_id")), *messages_of(body)]
        run = await asyncio.to_thread(
            compose_run, body, question=question, history=messages, switches=switches, documents=self._documents_url
        )
        messages.append({"role": "assistant", "content": run.text})
        kept = Kept(run, messages, switches, bool(body.get("background")), body.get("store") is False)
        self._kept[run.id] = kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        if not body.get("stream"):
            return json_response(kept.response())
        return stream_response(_stream(run, switches, self._calls.pause(switches), request))

    async def _retrieve(self, request: httpx.Request) -> httpx.Response:
        kept = self._kept.get(request.url.path.rstrip("/").rpartition("/")[2])
        return plain(404) if kept is None or kept.hidden else json_response(kept.response())

    async def _cancel(self, request: httpx.Request) -> httpx.Response:
        kept = self._kept.get(request.url.path.rstrip("/").split("/")[-2])
        if kept is None or kept.hidden:
            return plain(404)
        if kept.status not in ("queued", "in_progress"):
            checks.refuse(f"response {kept.run.id} is already {kept.status}")
        kept.cancelled = True
        return json_response({"response_id": kept.run.id, "status": "cancelling"})

    def _before(self, response_id: Any) -> Sequence[Mapping[str, Any]]:
        """The conversation that a request continues. Raises Refusal where there is none to continue."""
        if response_id is None:
            return ()
        kept = self._kept.get(str(response_id))
        if kept is None or kept.status != "completed":
            checks.refuse(f"previous response '{response_id}' not found", param="previous_response_id")
        return [message for message in kept.messages if message["role"] != "system"]


def _stream(run: Run, switches: Switches, pause: float, request: httpx.Request) -> AsyncGenerator[bytes, None]:
    parts = pieces(run.text)
    events = list(events_of(run, parts, switches))
    first = next((number for number, (kind, _) in enumerate(events) if kind.endswith("text.delta")), 0)
    named = "named_events" in switches
    names = [b"event: " + kind.encode() + line_end(switches) if named else b"" for kind, _ in events]
    stream = Stream(
        messages=(name + b"data: " + data for name, (_, data) in zip(names, events, strict=True)),
        switches=switches,
        pause=pause,
        request=request,
        length=len(events),
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


def _prompt(body: Mapping[str, Any]) -> str:
    """The last message's text; empty for input that the checks will refuse."""
    try:
        return last_prompt({"messages": messages_of(body)})
    except (AttributeError, IndexError, KeyError, TypeError):
        return ""
