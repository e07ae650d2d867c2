"""How requests travel: over connections that a process keeps to a service, or to a handler in this process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]

STREAM, JSON = "text/event-stream", "application/json"  # what an answer can come as

_KEPT_OPEN = 60.0  # seconds; the next question of a conversation finds the connection still there


class SendRequest(Protocol):
    """Sends one request and returns the response, its body still to be read. Raises UpstreamError."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        model: str,
        body: Any = None,
        read_timeout: float | None = None,
        accept: str = STREAM,
    ) -> Awaitable[httpx.Response]: ...


def network() -> httpx.AsyncBaseTransport:
    """The network, over aiohttp: reading a chunk costs a quarter of what httpx's own transport takes.

    Without a limit of connections (aiohttp's word for that is 0): each answer being written holds one, and a limit
    would let the next question wait for the end of another answer.
    """
    limits = httpx.Limits(max_connections=0, keepalive_expiry=_KEPT_OPEN)
    return _Network(limits=limits, trust_env=False)


class _Network(AiohttpTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if isinstance(response.stream, AiohttpResponseStream):
            response.stream = _Body(response.stream)
        return response


class _Body(httpx.AsyncByteStream):
    """A body as it comes: each piece is what there is to be read, however much that is."""

    def __init__(self, stream: AiohttpResponseStream) -> None:
        self._stream = stream
        self._read = stream._aiohttp_response.content.readany

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            data = await self._read()
        except Exception:
            with map_aiohttp_exceptions():
                raise
        if not data:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        await self._stream.aclose()


class InProcess(httpx.AsyncBaseTransport):
    """A handler in this process, with the read timeout that a network would have."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """What the handler answers. Raises httpx.ReadTimeout, and whatever fault the handler plays."""
        await request.aread()
        patience = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(patience):
                response = await self._handle(request)
        except TimeoutError:
            raise httpx.ReadTimeout("no answer in time", request=request) from None
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Timed(response.stream, patience)
        return response


class _Timed(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, patience: float | None) -> None:
        self._stream = stream
        self._patience = patience

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = aiter(self._stream)
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    piece = await anext(pieces, None)
            except TimeoutError:
                raise httpx.ReadTimeout("nothing more in time") from None
            if piece is None:
                return
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class Connections:
    """Keeps one HTTP client. `transport` stands in for the network; `timeout` holds where a request names no other."""

    def __init__(self, *, transport: httpx.AsyncBaseTransport | None, timeout: httpx.Timeout) -> None:
        self._transport = transport
        self._timeout = timeout
        self._http: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def http(self) -> httpx.AsyncClient:
        """The client of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._http is None or self._loop is not loop:
            self._loop = loop
            self._http = httpx.AsyncClient(
                transport=self._transport or network(),
                timeout=self._timeout,
                headers={"User-Agent": "Parley"},
                follow_redirects=False,
                trust_env=False,
            )
        return self._http

    async def aclose(self) -> None:
        """Close every connection. New ones are opened when they are needed."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()
