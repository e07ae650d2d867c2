"""The gateway's HTTP face: its routes, keys and errors in its order (contract B2 to B8, F2)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from upstream.demo.gateway import bodies, images, models, replies, searching, snapshots, uploads
from upstream.demo.gateway.replies import PERPLEXITY, Plain, Refused
from upstream.demo.streams import Body
from upstream.demo.switches import HEADER, SwitchError, Switches, read

SNAPSHOTS_PER_SECOND = 12.0
DOCUMENTS_URL = "https://parley.example"
_LARGEST_BODY = 120 * 1024 * 1024
_SLOWEST = 60_000  # milliseconds

Route = Callable[[httpx.Request], Awaitable[httpx.Response]]


class DemoGateway:
    """The offline gateway. `key`: what callers have to present, nothing for everybody; `search` and `reason`: the
    default models; `limited`: whether a whole upload may have two MiB only; `base_url`: the address under which its
    own files are reached, by default the one that was asked.
    """

    def __init__(
        self,
        *,
        key: str = "",
        search: str = "sonar",
        reason: str = "sonar-reasoning",
        limited: bool = True,
        base_url: str = "",
        documents_url: str = DOCUMENTS_URL,
        snapshots_per_second: float = SNAPSHOTS_PER_SECOND,
    ) -> None:
        self._key = key
        self._defaults: Mapping[str, str] = {"search": search, "reason": reason}
        self._limited = limited
        self._base_url = base_url.rstrip("/")
        self._documents_url = documents_url.rstrip("/")
        self._pause = 1 / snapshots_per_second if snapshots_per_second else 0.0
        self._threads = searching.Threads()
        self._storage = uploads.Storage()
        self._calls: Counter[str] = Counter()
        self._last: Any = None
        self._routes: Mapping[str, tuple[str, Route]] = {
            "/v1/models": ("GET", self._models),
            "/v1/search": ("POST", self._search),
            "/v1/search/stream": ("POST", self._stream),
            "/v1/attachments": ("POST", self._attachments),
            "/v1/images": ("POST", self._images),
        }

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises httpx.TransportError where a switch wants the connection to fail."""
        path = request.url.path
        pretty = True
        try:
            if request.method == "OPTIONS":
                return httpx.Response(200, headers=_CORS)
            if path == "/health":
                return _only("GET", request, replies.json({"status": "ok"}, pretty=replies.wants_pretty(request)))
            if path == "/demo/calls":
                return replies.json(self._counted(request), pretty=False)
            if path.startswith(images.PATH):
                return await self._drawn(request)
            pretty = replies.wants_pretty(request)
            replies.check_key(request, self._key)
            if path not in self._routes:
                raise Plain(404)
            method, route = self._routes[path]
            if request.method not in (method, "HEAD" if method == "GET" else method):
                raise Plain(405, allow=method)
            await request.aread()
            if len(request.content) > _LARGEST_BODY:
                raise Plain(413, "Failed to buffer the request body: length limit exceeded")
            response = await route(request)
        except Refused as refused:
            # What goes wrong before a stream begins is always indented, but for a missing key.
            pretty = pretty or (path == "/v1/search/stream" and refused.code != replies.UNAUTHORIZED)
            response = replies.json(refused.body(), pretty=pretty, status=refused.status)
        except Plain as plain:
            response = plain.response
        except SwitchError as exc:
            response = replies.json(Refused(replies.INVALID, str(exc)).body(), pretty=True, status=400)
        response.headers.update(_CORS)
        return response

    async def _models(self, request: httpx.Request) -> httpx.Response:
        self._calls["/v1/models"] += 1
        listed = models.listed(search=self._defaults["search"], reason=self._defaults["reason"])
        return replies.json(listed, pretty=replies.wants_pretty(request))

    async def _search(self, request: httpx.Request) -> httpx.Response:
        reply = (await self._answered(request))[0]
        body = reply.body(answer=reply.answer, results=reply.results)
        return replies.json(body, pretty=replies.wants_pretty(request))

    async def _stream(self, request: httpx.Request) -> httpx.Response:
        reply, switches = await self._answered(request)
        source = snapshots.stream(reply, switches=switches, pause=self._pause_of(switches), request=request)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        return httpx.Response(200, headers=headers, stream=Body(source))

    async def _answered(self, request: httpx.Request) -> tuple[searching.Reply, Switches]:
        body = bodies.read(request)
        question = searching.checked(body, defaults=self._defaults)
        switches, text = read(question.query, request.headers.get(HEADER, ""))
        self._count(text, body.values)
        await self._fail(request, switches)
        reply = await asyncio.to_thread(
            searching.answered,
            question,
            text=text,
            switches=switches,
            threads=self._threads,
            documents_url=self._documents_url,
        )
        return reply, switches

    async def _attachments(self, request: httpx.Request) -> httpx.Response:
        self._calls["/v1/attachments"] += 1
        switches, _ = read("", request.headers.get(HEADER, ""))
        await self._fail(request, switches)
        kept = await asyncio.to_thread(
            uploads.taken,
            request,
            storage=self._storage,
            switches=switches,
            base=self._base(request),
            limited=self._limited,
        )
        return replies.json(kept, pretty=replies.wants_pretty(request))

    async def _images(self, request: httpx.Request) -> httpx.Response:
        body = bodies.read(request)
        prompt, model = images.checked(body, defaults=self._defaults)
        switches, shown = read(prompt, request.headers.get(HEADER, ""))
        self._count(shown, body.values)
        await self._fail(request, switches)
        made = images.reply(prompt, shown, model=model, switches=switches, base=self._base(request))
        return replies.json(made, pretty=replies.wants_pretty(request))

    async def _drawn(self, request: httpx.Request) -> httpx.Response:
        raw = request.url.raw_path.decode().partition("?")[0]
        content = await asyncio.to_thread(images.drawn, raw)
        if content is None:
            return httpx.Response(404)
        return _only("GET", request, httpx.Response(200, headers={"Content-Type": "image/png"}, content=content))

    async def _fail(self, request: httpx.Request, switches: Switches) -> None:
        """Wait and fail as the switches say. Raises Refused or httpx.TransportError."""
        if "delay" in switches:
            await asyncio.sleep(switches.number("delay", 1000, most=_SLOWEST) / 1000)
        if "reset" in switches:
            raise httpx.ReadError("the demo was asked to break the connection", request=request)
        for status, words in _BEHIND.items():
            if f"upstream_{status}" in switches:
                url = "https://www.perplexity.ai/rest/sse/perplexity_ask"
                kind = "client" if status < 500 else "server"
                cause = f"HTTP status {kind} error ({status} {words}) for url ({url})"
                raise Refused(PERPLEXITY, f"perplexity returned {status}: {cause}")

    def _pause_of(self, switches: Switches) -> float:
        if "fast" in switches:
            return 0.0
        return switches.number("slow", 500, most=_SLOWEST) / 1000 if "slow" in switches else self._pause

    def _base(self, request: httpx.Request) -> str:
        return self._base_url or str(request.url.copy_with(path="/", query=None)).rstrip("/")

    def _counted(self, request: httpx.Request) -> dict[str, Any]:
        question = request.url.params.get("question")
        calls = sum(self._calls.values()) if question is None else self._calls[question]
        return {"calls": calls, "last": self._last}

    def _count(self, question: str, body: Any) -> None:
        self._calls[question] += 1
        self._last = body


_CORS = {"Access-Control-Allow-Origin": "*"}
_BEHIND = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests", 503: "Service Unavailable"}


def _only(method: str, request: httpx.Request, response: httpx.Response) -> httpx.Response:
    if request.method not in (method, "HEAD"):
        raise Plain(405, allow=method)
    return response
