"""Takes requests of the Agent API: answers them, keeps the answers, works in the background, stops."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence
from time import time
from typing import Any
from urllib.parse import quote

import httpx

from upstream.demo.agent import checks
from upstream.demo.agent.besides import FILE_NAME
from upstream.demo.agent.conversation import messages_of, question_of
from upstream.demo.agent.events import Event, end_of, events_of
from upstream.demo.agent.refusals import agent_fault
from upstream.demo.agent.runs import UNFINISHED, Run, compose_run, dumped
from upstream.demo.agent.work import Asked
from upstream.demo.calls import Calls, Recent
from upstream.demo.faults import fail_look
from upstream.demo.responses import Refusal, envelope, json_response, stream_response
from upstream.demo.sonar.queue import MOST_KEPT
from upstream.demo.sonar.routes import Route
from upstream.demo.streaming import Stream, line_end
from upstream.demo.switches import Switches

PATHS = "(/v1/agent|/v1/responses|/responses)"
_ID = re.compile(r"resp_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKENS_AT_ONCE = 4  # portions of the text that take as long as one chunk of Sonar's, which has as many words
_LONGEST = 15.0  # seconds that an answer takes to be written, if no switch wants it slower
_BREAKS = ("drop_midway", "close_midway", "stall", "no_done_marker", "error_event", "error_data", "error_flat")
_INTERLUDES = {
    "bad_json_line": (b'{"type":"response.output_text.delta","delta":"bro',),
    "unknown_events": (
        b'{"sequence_number":null,"type":"response.keepalive"}',
        b'{"name":"office","sequence_number":0,"type":"response.skill.loaded"}',
        b'{"delta":"no text","sequence_number":0,"type":"response.of_tomorrow"}',
    ),
}


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
            ("GET", "/v1/responses/[^/]+/files", self._files),
            ("GET", "/v1/responses/[^/]+/files/[^/]+/content", self._file),
        )

    def count(self, question: str | None, *, in_background: bool) -> int:
        """How many runs there were, of all questions or of this one: each was paid for."""
        runs = [run for run in self._runs.values() if question is None or run.question == question]
        return sum(run.in_background or not in_background for run in runs)

    async def _create(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request)
        switches, question = self._calls.record(request, question_of(body), body)
        self._note_end(switches)
        await self._calls.fail(request, switches, question, fault=agent_fault)
        checks.check(body, extra_models=self._models, files="input_file" in switches)
        before = self._before(body.get("previous_response_id"))
        asked = Asked(
            body=body,
            question=question,
            history=[*(before.messages if before else ()), *messages_of(body)],
            carried=before.sources if before else (),
            switches=switches,
            documents=self._documents_url,
        )
        run = await asyncio.to_thread(compose_run, asked)
        self._runs[run.id] = run
        await self._calls.hold_reply(request, switches, question)
        response = self._begun(run, request) if body.get("stream") else json_response(dumped(run.submitted()))
        response.headers["X-Request-ID"] = run.id.removeprefix("resp_")
        if "remaining" in switches:
            response.headers["X-RateLimit-Remaining"] = f"{switches.number('remaining', 0, most=50):.0f}"
        return response

    def _begun(self, run: Run, request: httpx.Request) -> httpx.Response:
        """The stream of a new run. One in the background goes on by the clock when nobody reads."""
        events, pause = events_of(run), self._calls.pause(run.switches)
        if "slow" not in run.switches:
            pause = min(pause / _TOKENS_AT_ONCE, _LONGEST / (len(events) + 1))
        if run.in_background:
            run.pause, run.waits, run.works = pause, 0.0, pause * len(events)
        return stream_response(_stream(run, events, run.switches, pause, request))

    async def _retrieve(self, request: httpx.Request) -> httpx.Response:
        run, query = self._named(request.url.path.rstrip("/").split("/")[-1]), request.url.params
        run.looks += 1
        fail_look(run.switches, run.looks, request, done=run.status not in UNFINISHED)
        if query.get("format", "default") not in ("default", "short"):
            checks.refuse("invalid request")
        if query.get("stream", "false") != "true":
            return json_response(dumped(run.current()))
        after = query.get("starting_after", "")
        if not after.isdecimal() or run.pause is None:
            checks.refuse("invalid request")
        if "resume_expired" in run.switches:
            checks.refuse("the cursor has expired")
        return _resumed(run, int(after), run.pause, request)

    async def _cancel(self, request: httpx.Request) -> httpx.Response:
        name = _checked(request.url.path.rstrip("/").split("/")[-2])
        run = self._runs.get(name)
        if run is None or run.status not in UNFINISHED:
            checks.refuse("the run is already terminal and cannot be cancelled")
        run.cancel()
        return json_response({"response_id": run.id, "status": "cancelling"})

    async def _files(self, request: httpx.Request) -> httpx.Response:
        run = self._named(request.url.path.rstrip("/").split("/")[-2])
        listed = [
            {
                "id": item["file_id"],
                "object": "file",
                "filename": item["filename"],
                "bytes": item["size_bytes"],
                "created_at": int(run.created),
            }
            for item in _shared_by(run)
        ]
        return json_response({"object": "list", "data": listed})

    async def _file(self, request: httpx.Request) -> httpx.Response:
        *_, name, _, file_id, _ = request.url.path.rstrip("/").split("/")
        run = self._named(name)
        if file_id not in [item["file_id"] for item in _shared_by(run)]:
            raise Refusal(envelope(404, "not_found", "resource not found"))
        headers = {
            "Content-Type": "text/markdown",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(FILE_NAME)}",
        }
        return httpx.Response(200, headers=headers, content=(run.work.text or "").encode())

    def _named(self, response_id: str) -> Run:
        run = self._runs.get(_checked(response_id))
        if run is None or run.body.get("store") is False:
            raise Refusal(envelope(404, "not_found", "resource not found"))
        return run

    def _before(self, response_id: str | None) -> Run | None:
        """The run that a request goes on from. Raises Refusal where there is none to go on from."""
        run = self._runs.get(response_id or "")
        if response_id is not None and (run is None or run.status != "completed"):
            checks.refuse("invalid request")
        return run


def _checked(response_id: str) -> str:
    if not _ID.fullmatch(response_id):
        checks.refuse("invalid response id")
    return response_id


def _shared_by(run: Run) -> Sequence[Mapping[str, Any]]:
    return [item for item in run.work.items if item["type"] == "share_file"]


def _resumed(run: Run, after: int, pause: float, request: httpx.Request) -> httpx.Response:
    """The events of a run after the one with this number."""
    every, switches = events_of(run), run.switches
    skipped = sum(event.number <= after for event in every)
    if "resume_overlap" in switches:
        skipped = max(skipped - 3, 0)
    run.resumes += 1
    if not switches.still("resume_drop", run.resumes, 1):
        switches = switches.without(*_BREAKS)
    return stream_response(_stream(run, every, switches, pause, request, skipped=skipped))


def _told(run: Run, events: Sequence[Event], last: int, switches: Switches) -> Iterator[Event]:
    """The events up to the end of the run, numbered `last`, which may be that somebody stops it."""
    for event in events:
        if run.is_stopped:
            last = event.number
            break
        yield event
    else:
        run.works = 0.0
    if "no_done_marker" not in switches:
        yield end_of(run, last)


def _stream(
    run: Run, every: Sequence[Event], switches: Switches, pause: float, request: httpx.Request, *, skipped: int = 0
) -> AsyncGenerator[bytes, None]:
    """The events without those `skipped`. What was due before now comes at once."""
    end, events = line_end(switches), every[skipped:]
    due = int((time() - run.created) / pause) if pause else len(every)
    texts = [place for place, event in enumerate(events) if event.is_text]

    def framed(event: Event) -> bytes:
        name = b"event: " + event.kind.encode() + end if "named_events" in switches else b""
        return name + b"data: " + event.data

    stream = Stream(
        messages=(framed(event) for event in _told(run, events, every[-1].number + 1, switches)),
        switches=switches,
        pause=pause,
        request=request,
        length=len(events) + 1,
        middle=texts[len(texts) // 2] if texts else 0,
        hurry=max(due - skipped, 0),
        mark=b"data: [DONE]" if "done_marker" in switches else b"",
        error={"type": "error"},
    )
    stream.interludes = [b"data: " + line for name, lines in _INTERLUDES.items() if name in switches for line in lines]
    return stream.sent()
