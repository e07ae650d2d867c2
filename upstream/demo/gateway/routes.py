"""The gateway's HTTP face: its routes, keys and errors in its order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import httpx

from upstream.demo.calls import LARGEST_BODY, Calls, Recent, drawn_at, own_address
from upstream.demo.documents.sent import without_passages
from upstream.demo.gateway import answers, checks, errors, images, snapshots, table, uploads
from upstream.demo.gateway.errors import PERPLEXITY, Refused, by_framework
from upstream.demo.responses import Refusal, stream_response
from upstream.demo.switches import HEADER, SwitchError, Switches, read_switches

SNAPSHOTS_PER_SECOND = 12.0
DOCUMENTS_URL = "https://parley.example"
_MOST_THREADS = 500
_CORS = {"Access-Control-Allow-Origin": "*"}
_BEHIND = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests", 503: "Service Unavailable"}

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
        self._defaults = {"search": search, "reason": reason}
        self._limited = limited
        self._base_url = base_url.rstrip("/")
        self._documents_url = documents_url.rstrip("/")
        self._threads: Recent[tuple[str, ...]] = Recent(_MOST_THREADS)
        self._calls = Calls(per_second=snapshots_per_second)
        self._routes: Mapping[str, tuple[str, Route]] = {
            "/v1/models": ("GET", self._models),
            "/v1/search": ("POST", self._search),
            "/v1/search/stream": ("POST", self._stream),
            "/v1/attachments": ("POST", self._attachments),
            "/v1/images": ("POST", self._images),
        }

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises httpx.TransportError where a switch wants the connection to fail."""
        if request.method == "OPTIONS":
            return httpx.Response(200, headers=_CORS)
        try:
            response = await self._answer(request)
        except Refused as refused:
            # What goes wrong before a stream begins is always indented, but for a missing key.
            early = request.url.path == "/v1/search/stream" and refused.code != errors.UNAUTHORIZED
            response = errors.json(refused.body, request, status=refused.status, pretty=early or None)
        except Refusal as refusal:
            response = refusal.response
        except SwitchError as exc:
            response = errors.json(Refused(errors.INVALID, str(exc)).body, request, status=400, pretty=True)
        response.headers.update(_CORS)
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/health":
            _only("GET", request)
            return errors.json({"status": "ok"}, request)
        if path == "/demo/calls":
            return errors.json(self._calls.shown(request), request, pretty=False)
        if path.startswith(images.PATH):
            return await self._picture(request)
        errors.wants_pretty(request)
        errors.check_key(request, self._key)
        if path not in self._routes:
            raise by_framework(404)
        method, route = self._routes[path]
        _only(method, request)
        await request.aread()
        if len(request.content) > LARGEST_BODY:
            raise by_framework(413, "Failed to buffer the request body: length limit exceeded")
        return await route(request)

    async def _models(self, request: httpx.Request) -> httpx.Response:
        self._calls.count("/v1/models")
        return errors.json(table.list_models(self._defaults), request)

    async def _search(self, request: httpx.Request) -> httpx.Response:
        reply, _ = await self._reply(request)
        return errors.json(reply.body(), request)

    async def _stream(self, request: httpx.Request) -> httpx.Response:
        reply, switches = await self._reply(request)
        pause = self._calls.pause(switches)
        stream = snapshots.snapshot_stream(reply, switches=switches, pause=pause, request=request)
        return stream_response(stream, parameters="")

    async def _reply(self, request: httpx.Request) -> tuple[answers.Reply, Switches]:
        body = checks.read_body(request, table.SEARCH)
        attachments = checks.check_search(body)
        model = table.resolve_model(body.get("model"), mode=body.get("mode", "search"), defaults=self._defaults)
        switches, text = self._calls.record(request, without_passages(body["query"].strip()), body)
        await self._fail(request, switches)
        reply = await asyncio.to_thread(
            answers.compose_reply,
            body,
            model=model,
            attachments=attachments,
            text=text,
            switches=switches,
            threads=self._threads,
            documents_url=self._documents_url,
        )
        return reply, switches

    async def _attachments(self, request: httpx.Request) -> httpx.Response:
        self._calls.count("/v1/attachments")
        switches, _ = read_switches("", request.headers.get(HEADER, ""))
        await self._fail(request, switches)
        base = own_address(request, self._base_url)
        taken = await asyncio.to_thread(uploads.take_upload, request, switches, base=base, limited=self._limited)
        return errors.json(taken, request)

    async def _images(self, request: httpx.Request) -> httpx.Response:
        body = checks.read_body(request, table.IMAGES)
        checks.check_images(body)
        model = table.resolve_model(body.get("model"), mode="search", defaults=self._defaults)
        prompt = body["prompt"].strip()
        switches, shown = self._calls.record(request, prompt, body)
        await self._fail(request, switches)
        base = own_address(request, self._base_url)
        made = images.image_reply(prompt, shown, model=model, switches=switches, base=base)
        return errors.json(made, request)

    async def _picture(self, request: httpx.Request) -> httpx.Response:
        response = await drawn_at(request, images.NAME)
        if response.status_code == 200:
            _only("GET", request)
        return response

    async def _fail(self, request: httpx.Request, switches: Switches) -> None:
        """Wait and fail as the switches say. Raises Refused or httpx.TransportError."""
        await self._calls.wait(switches)
        if "reset" in switches:
            raise httpx.ReadError("the demo was asked to break the connection", request=request)
        for status, words in _BEHIND.items():
            if f"upstream_{status}" in switches:
                url = "https://www.perplexity.ai/rest/sse/perplexity_ask"
                kind = "client" if status < 500 else "server"
                cause = f"HTTP status {kind} error ({status} {words}) for url ({url})"
                raise Refused(PERPLEXITY, f"perplexity returned {status}: {cause}")


def _only(method: str, request: httpx.Request) -> None:
    """Raise Refusal unless the request has this method, or HEAD in place of GET."""
    if request.method not in (method, "HEAD" if method == "GET" else method):
        raise by_framework(405, allow=method)
