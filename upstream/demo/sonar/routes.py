"""Sonar's paths: chat completions, the queue beside them, and search."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from typing import Any

import httpx

from upstream.demo.calls import Calls
from upstream.demo.responses import Refusal, envelope, json_response, plain, stream_response, unprocessable
from upstream.demo.sonar import answers, checks, chunks, search
from upstream.demo.sonar.messages import last_prompt
from upstream.demo.sonar.queue import Job, Queue
from upstream.demo.streaming import Stream
from upstream.demo.switches import HEADER, Switches, read_switches

CHAT = "(/v1)?/chat/completions|/v1/sonar"
QUEUE = "(/async/chat/completions|/v1/async/sonar)"
SEARCH = "(/v1)?/search"
_GONE = (404, 405, 410)
_PLACE = "Sonar is now the Agent API. Use"
_ENDS = {  # how a service that has ended says so in 403: the type, and the sentence
    "ended": (
        "chat_completions_not_available",
        f"{_PLACE} /v1/responses instead of /v1/sonar. Migrate here: "
        "https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/overview",
    ),
    "migration": ("agent_api_migration_required", f"{_PLACE} `/v1/responses` instead of `/chat/completions`."),
}
ANSWERS = "answers"
ENDS = (*_ENDS, *map(str, _GONE), ANSWERS)
_RESEARCH_WAITS, _RESEARCH_HASTE = 60, 4  # deep research thinks as long as others write 60 chunks, and then writes fast

Route = tuple[str, str, Callable[[httpx.Request], Awaitable[httpx.Response]]]  # a method, paths, and who answers


class Sonar:
    """Sonar's part of a demo. `end` is one of `ENDS`: how its paths say that it is over, or that it answers."""

    def __init__(self, calls: Calls, queue: Queue, *, models: Collection[str], documents_url: str, end: str) -> None:
        self._queue = queue
        self._end = end
        self._calls = calls
        self._models = models
        self._documents_url = documents_url
        self.routes: tuple[Route, ...] = (
            ("POST", CHAT, self._chat),
            ("POST", SEARCH, self._search),
            ("POST", QUEUE, self._enqueue),
            ("GET", QUEUE, self._list),
            ("GET", f"{QUEUE}/[^/]+", self._poll),
        )

    def has_ended(self, path: str) -> bool:
        """Whether a path is one of the service's, which has ended. Search goes on."""
        return self._end != ANSWERS and bool(re.fullmatch(f"{CHAT}|{QUEUE}(/[^/]+)?", path))

    def refuse_if_ended(self) -> None:
        """Raise Refusal when the service has ended."""
        if self._end in _ENDS:
            raise Refusal(envelope(403, *_ENDS[self._end]))
        if self._end != ANSWERS:
            raise Refusal(plain(int(self._end)))

    def note_end(self, switches: Switches) -> None:
        """End the service, or bring it back, where the switches of a call to any service want that."""
        if "withdrawn" in switches:
            wanted = switches.values["withdrawn"] or "410"
            self._end = ANSWERS if wanted == "0" else wanted if wanted in ENDS else "410"

    async def _chat(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, question = self._record(request, body)
        await self._calls.fail(request, switches, question)
        result = await asyncio.to_thread(self._compose, body, switches, question)
        if not body.get("stream"):
            return json_response(chunks.completion(result, switches))
        concise = body.get("stream_mode") == "concise"
        return stream_response(_stream(result, switches, self._calls.pause(switches), request, concise=concise))

    async def _search(self, request: httpx.Request) -> httpx.Response:
        body = checks.parse(request.content)
        switches, _ = read_switches("", request.headers.get(HEADER, ""))
        query = str(body.get("query"))
        self._calls.count(query, body)
        await self._calls.fail(request, switches, query)
        checks.check_search(body)
        return json_response(await asyncio.to_thread(search.search_results, body, documents_url=self._documents_url))

    async def _enqueue(self, request: httpx.Request) -> httpx.Response:
        wrapped = checks.parse(request.content)
        body = wrapped.get("request")
        if not isinstance(body, dict):
            return unprocessable("request")
        switches, question = self._record(request, body)
        if "no_queue" in switches:
            return plain(404)
        await self._calls.fail(request, switches, question)
        await asyncio.to_thread(checks.check, body, extra_models=self._models)

        def compose() -> bytes:
            return chunks.completion(self._compose(body, switches, question), switches)

        job = Job(body["model"], compose, switches, str(wrapped.get("idempotency_key") or ""), question)
        job = self._queue.add(job)
        await self._calls.hold_reply(request, switches, question)
        return json_response(job.whole())

    async def _poll(self, request: httpx.Request) -> httpx.Response:
        job = self._queue.get(request.url.path.rstrip("/").rpartition("/")[2])
        job.look(request)
        return json_response(await asyncio.to_thread(job.whole))

    async def _list(self, request: httpx.Request) -> httpx.Response:
        return json_response(self._queue.page(request.url.params))

    def _record(self, request: httpx.Request, body: Mapping[str, Any]) -> tuple[Switches, str]:
        """The switches and the question of a chat, counted. Raises Refusal where that question ends the service."""
        switches, question = self._calls.record(request, last_prompt(body), body)
        self.note_end(switches)
        self.refuse_if_ended()
        return switches, question

    def _compose(self, body: Mapping[str, Any], switches: Switches, question: str) -> answers.Answer:
        checks.check(body, extra_models=self._models)
        return answers.compose_answer(body, question=question, switches=switches, documents_url=self._documents_url)


def _stream(
    result: answers.Answer, switches: Switches, pause: float, request: httpx.Request, *, concise: bool
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
    interludes = {
        "bad_json_line": b'{"id":"' + result.id.encode() + b'","choices":[{"delta":{"content":"bro',
        "empty_choices": chunks.interim(result, choices=[]),
        "null_delta": chunks.interim(result, choices=[{"index": 0, "finish_reason": None, "delta": None}]),
    }
    stream.interludes = [b"data: " + line for name, line in interludes.items() if name in switches]
    return stream.sent()
