"""Takes requests of the Agent API: answers them, keeps the answers, works in the background, stops."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from upstream.demo.agent import checks
from upstream.demo.agent.events import events_of
from upstream.demo.agent.runs import Run, compose_run, messages_of
from upstream.demo.calls import Calls, Recent
from upstream.demo.responses import Refusal, json_response, plain, stream_response
from upstream.demo.sonar.chunks import pieces
from upstream.demo.sonar.messages import last_prompt
from upstream.demo.sonar.queue import MOST_KEPT, WAITS, WORKS
from upstream.demo.sonar.routes import Route
from upstream.demo.streaming import Stream, line_end
from upstream.demo.switches import Switches

PATHS = "(/v1/agent|/v1/responses|/responses)"
_UNFINISHED = ("queued", "in_progress")


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
        age = time.monotonic() - self.begun
        if self.cancelled:
            return "cancelled"
        if self.in_background and age < WORKS and "fast" not in self.switches:
            return "in_progress" if age >= WAITS else "queued"
        return str(self.run.ended(self.switches)["status"])

    def response(self) -> dict[str, Any]:
        """The response object as it is now."""
        status = self.status
        return self.run.response(status) if self.cancelled or status in _UNFINISHED else self.run.ended(self.switches)


class Agent:
    """The Agent API's part of a demo. `note_end` gets the switches of every call."""

    def __init__(
        self, calls: Calls, *, models: Collection[str], documents_url: str, note_end: Callable[[Switches], None]
    ) -> None:
        self._calls = calls
        self._models = models
        self._documents_url = documents_url
        self._note_end = note_end
        self._kept: Recent[Kept] = Recent(MOST_KEPT)
        self.routes: tuple[Route, ...] = (
            ("POST", PATHS, self._create),
            ("GET", f"{PATHS}/[^/]+", self._retrieve),
            ("POST", f"{PATHS}/[^/]+/cancel", self._cancel),
        )

    async def _create(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, question = self._calls.record(request, _prompt(body), body)
        self._note_end(switches)
        await self._calls.fail(request, switches, question)
        checks.check(body, extra_models=self._models)
        messages = [*self._before(body.get("previous_response_id")), *messages_of(body)]
        run = await asyncio.to_thread(
            compose_run, body, question=question, history=messages, switches=switches, documents=self._documents_url
        )
        messages.append({"role": "assistant", "content": run.text})
        kept = Kept(run, messages, switches, bool(body.get("background")), body.get("store") is False)
        self._kept[run.id] = kept
        if not body.get("stream"):
            return json_response(kept.response())
        return stream_response(_stream(run, switches, self._calls.pause(switches), request))

    async def _retrieve(self, request: httpx.Request) -> httpx.Response:
        return json_response(self._named(request.url.path.rstrip("/").split("/")[-1]).response())

    async def _cancel(self, request: httpx.Request) -> httpx.Response:
        kept = self._named(request.url.path.rstrip("/").split("/")[-2])
        if kept.status not in _UNFINISHED:
            checks.refuse(f"response {kept.run.id} is already {kept.status}")
        kept.cancelled = True
        return json_response({"response_id": kept.run.id, "status": "cancelling"})

    def _named(self, response_id: str) -> Kept:
        kept = self._kept.get(response_id)
        if kept is None or kept.hidden:
            raise Refusal(plain(404))
        return kept

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
