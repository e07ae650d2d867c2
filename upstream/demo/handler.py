"""The demo's HTTP face: the paths of the real service, its keys, its refusals (contract A2, A12, F1).

`handle` is one demo for the whole process, for httpx's transport seam. A `Demo` of its own has its own pace, queue
and counters.
"""

import asyncio
import uuid
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import httpx
import orjson

from upstream.demo import chat, search, streams, validation
from upstream.demo.agent import checks as agent_checks
from upstream.demo.agent.desk import Desk
from upstream.demo.failures import Refusal, envelope, on_demand, plain, unprocessable
from upstream.demo.queued import Queue
from upstream.demo.switches import HEADER, SwitchError, Switches, read, without

BAD_KEYS = ("pplx-bad", "pplx-no-credits")  # refused; the second one stands for used-up credits
CHUNKS_PER_SECOND = 25.0
DOCUMENTS_URL = "https://parley.example"
LARGEST_BODY = 120 * 1024 * 1024
_KEPT_TEXT = 100_000  # characters of each text in the request that /demo/calls shows
_KEPT_DEPTH = 50
_COUNTED = 1000  # questions
_SLOWEST = 60_000  # milliseconds

_GONE = (0, 404, 405, 410)
_SONAR = ("/chat/completions", "/v1/chat/completions", "/v1/sonar")
_QUEUE = ("/async/chat/completions", "/v1/async/sonar")

Route = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Demo:
    """The offline service. `chunks_per_second`: pace of streams, 0 for no pauses; `extra_models`: ids to accept
    besides the current ones; `documents_url`: where readers find our own documentation; `withdrawn`: the status that
    Sonar's paths answer with while the others work, 0 while they do too.
    """

    def __init__(
        self,
        *,
        chunks_per_second: float = CHUNKS_PER_SECOND,
        extra_models: Collection[str] = (),
        documents_url: str = DOCUMENTS_URL,
        withdrawn: int = 0,
    ) -> None:
        self._pause = 1 / chunks_per_second if chunks_per_second else 0.0
        self._extra_models = frozenset(extra_models)
        self._documents_url = documents_url.rstrip("/")
        self._withdrawn = withdrawn
        self._queue = Queue()
        self._calls = 0
        self._calls_by_question: Counter[str] = Counter()
        self._last: Any = None
        self._recent: deque[str] = deque()
        self._routes: dict[str, dict[str, Route]] = {
            "/v1/models": {"GET": self._models},
            "/demo/calls": {"GET": self._counted},
        }
        self._agent = Desk(
            prompted=self._prompted,
            pause_of=self._pause_of,
            documents_url=self._documents_url,
            models=self._extra_models,
        )
        for path in _SONAR:
            self._routes[path] = {"POST": self._chat}
        for path in ("/search", "/v1/search"):
            self._routes[path] = {"POST": self._search}
        for path in _QUEUE:
            self._routes[path] = {"POST": self._enqueue, "GET": self._list}

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request.

        Raises httpx.TransportError, here or while the response is read, where a switch wants the connection to fail.
        """
        path = request.url.path.rstrip("/") or "/"
        methods = self._routes.get(path) or self._agent.methods(path)
        if methods is None and path.rpartition("/")[0] in _QUEUE:
            methods = {"GET": self._poll}
        if methods is None:
            response = plain(404)
        elif self._withdrawn and path.startswith((*_SONAR, *_QUEUE)):
            response = plain(self._withdrawn)
        elif request.method not in methods:
            response = plain(405, headers={"Allow": ", ".join(methods)})
        elif path not in ("/v1/models", "/demo/calls") and not _has_good_key(request):
            response = plain(401)
        else:
            await request.aread()
            try:
                if len(request.content) > LARGEST_BODY:
                    raise Refusal(plain(413))
                response = await methods[request.method](request)
            except Refusal as refusal:
                response = refusal.response
            except SwitchError as exc:
                response = envelope(400, "bad_request", str(exc))
        response.headers["X-Request-ID"] = str(uuid.uuid4())
        return response

    async def _chat(self, request: httpx.Request) -> httpx.Response:
        body = validation.parsed(request.content)
        switches, question = await self._told(request, body)
        failure = await self._failure(request, switches, question)
        if failure is not None:
            return failure
        result = await asyncio.to_thread(self._composed, body, switches, question)
        if not body.get("stream"):
            content = chat.completion(result, switches)
            return httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)
        source = streams.events(
            result,
            switches=switches,
            concise=body.get("stream_mode") == "concise",
            pause=self._pause_of(switches),
            request=request,
        )
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        return httpx.Response(200, headers=headers, stream=streams.Body(source))

    def _composed(self, body: Mapping[str, Any], switches: Switches, question: str) -> chat.Answer:
        validation.check(body, extra_models=self._extra_models)
        return chat.answer(body, question=question, switches=switches, documents_url=self._documents_url)

    async def _told(self, request: httpx.Request, body: Mapping[str, Any]) -> tuple[Switches, str]:
        """The switches and the question, counted; a body that is not a chat has neither."""
        found = self._read(request, body, _last_prompt(body))
        if self._withdrawn:  # by this very question
            raise Refusal(plain(self._withdrawn))
        return found

    async def _prompted(
        self, request: httpx.Request, body: Mapping[str, Any], prompt: str
    ) -> tuple[Switches, str, httpx.Response | None]:
        """The switches and the question, counted, and the failure that the switches want."""
        switches, question = self._read(request, body, prompt)
        return switches, question, await self._failure(request, switches, question)

    def _read(self, request: httpx.Request, body: Mapping[str, Any], prompt: str) -> tuple[Switches, str]:
        switches, question = read(prompt, request.headers.get(HEADER, ""))
        self._count(question, body)
        if "withdrawn" in switches:
            status = int(switches.number("withdrawn", 410, most=999))
            self._withdrawn = status if status in _GONE else 410
        return switches, question

    async def _failure(self, request: httpx.Request, switches: Switches, question: str) -> httpx.Response | None:
        if "delay" in switches:
            await asyncio.sleep(switches.number("delay", 1000, most=_SLOWEST) / 1000)
        times = switches.number("times", float("inf"), most=float("inf"))
        return await on_demand(switches, request) if self._calls_by_question[question] <= times else None

    def _pause_of(self, switches: Switches) -> float:
        if "fast" in switches:
            return 0.0
        return switches.number("slow", 500, most=_SLOWEST) / 1000 if "slow" in switches else self._pause

    async def _search(self, request: httpx.Request) -> httpx.Response:
        body = validation.parsed(request.content)
        switches, _ = read("", request.headers.get(HEADER, ""))
        query = str(body.get("query"))
        self._count(query, body)
        failure = await self._failure(request, switches, query)
        if failure is not None:
            return failure
        search.check(body)
        return await asyncio.to_thread(search.answer, body, documents_url=self._documents_url)

    async def _enqueue(self, request: httpx.Request) -> httpx.Response:
        wrapped = validation.parsed(request.content)
        body = wrapped.get("request")
        if not isinstance(body, dict):
            return unprocessable([(["body", "request"], "Field required", "missing")])
        switches, question = await self._told(request, body)
        failure = plain(404) if "no_queue" in switches else await self._failure(request, switches, question)
        if failure is not None:
            return failure
        await asyncio.to_thread(validation.check, body, extra_models=self._extra_models)

        def compose() -> bytes:
            return chat.completion(self._composed(body, switches, question), switches)

        key = str(wrapped.get("idempotency_key") or "")
        job = self._queue.add(body["model"], compose, switches=switches, key=key, question=question)
        if "lost_reply" in switches and self._calls_by_question[question] <= switches.number("lost_reply", 1, most=1e6):
            raise httpx.ReadError("the demo was asked to break the connection", request=request)
        if "late_reply" in switches:
            await asyncio.sleep(switches.number("late_reply", 3000, most=_SLOWEST) / 1000)
        return _json(job.whole())

    async def _poll(self, request: httpx.Request) -> httpx.Response:
        job = self._queue.get(request.url.path.rstrip("/").rpartition("/")[2])
        if job is None:
            return plain(404)
        return job.trouble(request) or _json(await asyncio.to_thread(job.whole))

    async def _list(self, request: httpx.Request) -> httpx.Response:
        return _json(self._queue.page(request.url.params))

    async def _models(self, request: httpx.Request) -> httpx.Response:
        listed = [
            {"id": name, "object": "model", "created": 0, "owned_by": "perplexity"} for name in agent_checks.MODELS
        ]
        return _json({"object": "list", "data": listed})

    async def _counted(self, request: httpx.Request) -> httpx.Response:
        question = request.url.params.get("question")
        asked = None if question is None else without(question)
        calls = self._calls if asked is None else self._calls_by_question[asked]
        return _json({"calls": calls, "last": self._last, "jobs": self._queue.count(asked)})

    def _count(self, question: str, body: Any) -> None:
        self._calls += 1
        self._last = _shortened(body)
        if question not in self._calls_by_question:
            self._recent.append(question)
            if len(self._recent) > _COUNTED:
                del self._calls_by_question[self._recent.popleft()]
        self._calls_by_question[question] += 1


def _has_good_key(request: httpx.Request) -> bool:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip()) and key.strip() not in BAD_KEYS


def _last_prompt(body: Mapping[str, Any]) -> str:
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    try:
        return chat.text_of(last) if isinstance(last, dict) else ""
    except (AttributeError, KeyError, TypeError):  # malformed parts; validation will say so
        return ""


def _shortened(value: Any, depth: int = 0) -> Any:
    """The request with its very long texts (pictures) cut, so that showing the last call keeps little."""
    if depth > _KEPT_DEPTH:
        return "…"
    if isinstance(value, str):
        return value if len(value) <= _KEPT_TEXT else f"{value[:64]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {key: _shortened(entry, depth + 1) for key, entry in value.items()}
    return value


def _json(body: Any) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=orjson.dumps(body))


handle = Demo().handle
