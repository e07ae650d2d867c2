"""Sonar's paths: chat completions, the queue beside them, and search."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from typing import Any

import httpx

from upstream.demo.calls import SLOWEST, Calls
from upstream.demo.faults import Refusal, plain, unprocessable
from upstream.demo.responses import json_response, stream_response
from upstream.demo.sonar import answers, checks, chunks, search
from upstream.demo.sonar.messages import last_prompt
from upstream.demo.sonar.queue import Job, Queue
from upstream.demo.streaming import Stream
from upstream.demo.switches import HEADER, Switches, read_switches

CHAT = ("/chat/completions", "/v1/chat/completions", "/v1/sonar")
QUEUE = ("/async/chat/completions", "/v1/async/sonar")
SEARCH = ("/search", "/v1/search")
_GONE = (0, 404, 405, 410)
_RESEARCH_WAITS, _RESEARCH_HASTE = 60, 4  # deep research thinks as long as others write 60 chunks, and then writes fast

Route = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Sonar:
    """Sonar's part of a demo. `withdrawn`: the status that its paths answer with, 0 while they work."""

    def __init__(
        self, calls: Calls, queue: Queue, *, models: Collection[str], documents_url: str, withdrawn: int
    ) -> None:
        self._queue = queue
        self.withdrawn = withdrawn
        self._calls = calls
        self._models = models
        self._documents_url = documents_url

    def methods(self, path: str) -> Mapping[str, Route] | None:
        """What can be done at the path; None where nothing of Sonar's is there. Raises Refusal when it has ended."""
        above = path.rpartition("/")[0]
        if self.withdrawn and (path in (*CHAT, *QUEUE) or above in QUEUE):
            raise Refusal(plain(self.withdrawn))
        if path in CHAT:
            return {"POST": self._chat}
        if path in SEARCH:
            return {"POST": self._search}
        if path in QUEUE:
            return {"POST": self._enqueue, "GET": self._list}
        return {"GET": self._poll} if above in QUEUE else None

    def note_end(self, switches: Switches) -> None:
        """End the service, or bring it back, where the switches of a call to any service want that."""
        if "withdrawn" in switches:
            status = int(switches.number("withdrawn", 410, most=999))
            self.withdrawn = status if status in _GONE else 410

    async def _chat(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, question = self._read(request, body)
        fault = await self._calls.fault(request, switches, question)
        if fault is not None:
            return fault
        result = await asyncio.to_thread(self._compose, body, switches, question)
        if not body.get("stream"):
            return json_response(chunks.completion(result, switches))
        concise = body.get("stream_mode") == "concise"
        pause = self._calls.pause(switches)
        return stream_response(_stream(result, switches=switches, concise=concise, pause=pause, request=request))

    async def _search(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, _ = read_switches("", request.headers.get(HEADER, ""))
        query = str(body.get("query"))
        self._calls.count(query, body)
        fault = await self._calls.fault(request, switches, query)
        if fault is not None:
            return fault
        checks.check_search(body)
        return json_response(await asyncio.to_thread(search.search_results, body, documents_url=self._documents_url))

    async def _enqueue(self, request: httpx.Request) -> httpx.Response:
        wrapped = checks.parse(request.content)
        body = wrapped.get("request")
        if not isinstance(body, dict):
            return unprocessable(["body", "request"], "Field required")
        switches, question = self._read(request, body)
        fault = plain(404) if "no_queue" in switches else await self._calls.fault(request, switches, question)
        if fault is not None:
            return fault
        await asyncio.to_thread(checks.check, body, extra_models=self._models)

        def compose() -> bytes:
            return chunks.completion(self._compose(body, switches, question), switches)

        job = Job(body["model"], compose, switches, str(wrapped.get("idempotency_key") or ""), question)
        job = self._queue.add(job)
        if "lost_reply" in switches and self._calls.count_of(question) <= switches.number("lost_reply", 1, most=1e6):
            raise httpx.ReadError("the demo was asked to break the connection", request=request)
        if "late_reply" in switches:
            await asyncio.sleep(switches.number("late_reply", 3000, most=SLOWEST) / 1000)
        return json_response(job.whole())

    async def _poll(self, request: httpx.Request) -> httpx.Response:
        job = self._queue.get(request.url.path.rstrip("/").rpartition("/")[2])
        if job is None:
            return plain(404)
        return job.fault(request) or json_response(await asyncio.to_thread(job.whole))

    async def _list(self, request: httpx.Request) -> httpx.Response:
        return json_response(self._queue.page(request.url.params))

    def _read(self, request: httpx.Request, body: Mapping[str, Any]) -> tuple[Switches, str]:
        """The switches and the question of a chat, counted. Raises Refusal where that question ends the service."""
        switches, question = self._calls.record(request, last_prompt(body), body)
        self.note_end(switches)
        if self.withdrawn:
            raise Refusal(plain(self.withdrawn))
        return switches, question

    def _compose(self, body: Mapping[str, Any], switches: Switches, question: str) -> answers.Answer:
        checks.check(body, extra_models=self._models)
        return answers.compose_answer(body, question=question, switches=switches, documents_url=self._documents_url)


def _stream(
    result: answers.Answer, *, switches: Switches, concise: bool, pause: float, request: httpx.Request
) -> AsyncGenerator[bytes, None]:
    parts = chunks.pieces(result.text, split_tags="think_split" in switches)
    payloads = (chunks.concise if concise else chunks.full)(result, parts, switches)
    research = result.model == answers.RESEARCH
    stream = Stream(
        messages=(b"data: " + payload for payload in payloads),
        switches=switches,
        pause=pause / _RESEARCH_HASTE if research and "slow" not in switches else pause,
        request=request,
        length=len(parts),
        silence=pause * _RESEARCH_WAITS if research else None,
    )
    if "bad_json_line" in switches:
        stream.interludes.append(b'data: {"id":"' + result.id.encode() + b'","choices":[{"delta":{"content":"bro')
    if "empty_choices" in switches:
        stream.interludes.append(b"data: " + chunks.without_choices(result))
    if "null_delta" in switches:
        stream.interludes.append(b"data: " + chunks.without_delta(result))
    return stream.sent()
