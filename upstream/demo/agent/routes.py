"""Takes requests of the Agent API: answers them, keeps the answers, works in the background, stops."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from typing import Any

import httpx

from upstream.demo.agent import checks
from upstream.demo.agent.events import events_of
from upstream.demo.agent.runs import UNFINISHED, Run, compose_run, messages_of
from upstream.demo.calls import Calls, Recent
from upstream.demo.responses import Refusal, json_response, plain, stream_response
from upstream.demo.sonar.chunks import pieces
from upstream.demo.sonar.messages import last_prompt
from upstream.demo.sonar.queue import MOST_KEPT
from upstream.demo.sonar.routes import Route
from upstream.demo.streaming import Stream, line_end
from upstream.demo.switches import Switches

PATHS = "(/v1/agent|/v1/responses|/responses)"


class Agent:
    """The Agent API's part of a demo. `note_end` gets the switches of every call."""

    def __init__(
        self, calls: Calls, *, models: Collection[str], documents_url: str, note_end: Callable[[Switches], None]
    ) -> None:
        self._calls = calls
        self._models = models
        self._documents_url = documents_url
        self._note_end = note_end
        self._runs: Recent[Run] = Recent(MOST_KEPT)
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
        history = [*self._before(body.get("previous_response_id")), *messages_of(body)]
        run = await asyncio.to_thread(
            compose_run, body, question=question, history=history, switches=switches, documents=self._documents_url
        )
        self._runs[run.id] = run
        if not body.get("stream"):
            return json_response(run.current())
        return stream_response(_stream(run, self._calls.pause(switches), request))

    async def _retrieve(self, request: httpx.Request) -> httpx.Response:
        return json_response(self._named(request.url.path.rstrip("/").split("/")[-1]).current())

    async def _cancel(self, request: httpx.Request) -> httpx.Response:
        run = self._named(request.url.path.rstrip("/").split("/")[-2])
        if run.status not in UNFINISHED:
            checks.refuse(f"response {run.id} is already {run.status}")
        run.cancelled = True
        return json_response({"response_id": run.id, "status": "cancelling"})

    def _named(self, response_id: str) -> Run:
        run = self._runs.get(response_id)
        if run is None or run.echoed.get("store") is False:
            raise Refusal(plain(404))
        return run

    def _before(self, response_id: Any) -> Sequence[Mapping[str, Any]]:
        """The conversation that a request continues. Raises Refusal where there is none to continue."""
        if response_id is None:
            return ()
        run = self._runs.get(str(response_id))
        if run is None or run.status != "completed":
            checks.refuse(f"previous response '{response_id}' not found", param="previous_response_id")
        return [message for message in run.messages if message["role"] != "system"]


def _stream(run: Run, pause: float, request: httpx.Request) -> AsyncGenerator[bytes, None]:
    parts, switches = pieces(run.text), run.switches
    events = list(events_of(run, parts))
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
