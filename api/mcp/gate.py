"""Who is let in to the tools of assistants, before anything of the SDK is asked, or even imported.

Every request shows an access token. A page of another site cannot make a browser ask here: its Origin is not ours.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host

from api.auth import caller_of, unavailable
from api.errors import ApiError, forbidden
from core.web.outages import outage_of, tell_outage

if TYPE_CHECKING:
    from api.mcp.server import McpServer

logger = logging.getLogger(__name__)

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]
RunInThread = Callable[[Callable[[], Any]], Awaitable[Any]]

PATHS = frozenset({"/mcp", "/mcp/"})
MOST_AT_ONCE = 12  # calls of one token


class McpGate:
    """Serves `/mcp`, and hands everything else on to the application. `run` runs work that needs the database in one of
    the threads for pages; of one token, one piece of work at a time."""

    def __init__(self, app: App, *, run: RunInThread) -> None:
        self._app = app
        self._run = run
        self._server: McpServer | None = None
        self._opening = asyncio.Lock()
        self._calls: Counter[UUID] = Counter()
        self._turns: dict[UUID, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] not in PATHS:
            await self._app(scope, receive, send)
            return
        try:
            _judge(scope)
            caller = await self._run(partial(caller_of, _header(scope, b"authorization")))
        except ApiError as refusal:
            await _refuse(refusal, send)
            return
        except DatabaseError as fault:
            if not outage_of(fault):
                raise
            tell_outage(fault, during="Assistants cannot be let in")
            await _refuse(unavailable(), send)
            return
        token = caller.token.pk
        if self._calls[token] >= MOST_AT_ONCE:
            message = "This access token makes too many calls at once."
            await _refuse(
                ApiError(429, message, type="rate_limit_error", code="rate_limit_exceeded", retry_after=1), send
            )
            return
        self._calls[token] += 1
        try:
            server = await self._opened()
            visit = import_module("api.mcp.server").Visit(caller, partial(self._in_turn, token))
            await server.serve({**scope, "path": "/mcp", "parley.visit": visit}, receive, _uncached(send))
        finally:
            self._calls[token] -= 1
            if not self._calls[token]:
                del self._calls[token]
                self._turns.pop(token, None)

    async def close(self) -> None:
        """End what is under way."""
        if self._server:
            await self._server.close()

    async def _in_turn(self, token: UUID, work: Callable[[], T]) -> T:
        async with self._turns.setdefault(token, asyncio.Lock()):
            done: T = await self._run(work)
            return done

    async def _opened(self) -> "McpServer":
        async with self._opening:
            if self._server is None:
                module = await asyncio.to_thread(import_module, "api.mcp.server")
                server: McpServer = module.McpServer()
                await server.open()
                self._server = server
            return self._server


def _judge(scope: Scope) -> None:
    """Raises ApiError for a request that is not for this host, comes from another site's page, or is no POST."""
    host = _header(scope, b"host")
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        raise ApiError(400, "This host is none of Parley’s.", code="wrong_host")
    if settings.SECURE_SSL_REDIRECT and scope.get("scheme") != "https":
        raise forbidden("Use https.", code="https_required")
    origin = _header(scope, b"origin")
    if origin and not _is_own(origin, host, str(scope.get("scheme", "http"))):
        raise forbidden("Pages of other sites can’t use this.", code="wrong_origin")
    if scope["method"] != "POST":
        raise ApiError(405, "Use POST here.", code="method_not_allowed")


def _is_own(origin: str, host: str, scheme: str) -> bool:
    site = urlsplit(settings.SITE_ORIGIN)
    return origin in (f"{scheme}://{host}", f"{site.scheme}://{site.netloc}")


def _header(scope: Scope, wanted: bytes) -> str:
    found: bytes = next((value for name, value in scope["headers"] if name == wanted), b"")
    return found.decode("latin-1")


async def _refuse(refusal: ApiError, send: Send) -> None:
    body = orjson.dumps(refusal.body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="Parley", error="invalid_token"'))
    if refusal.status == 405:
        headers.append((b"allow", b"POST"))
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(refusal.retry_after))).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _uncached(send: Send) -> Send:
    """Sends with headers that keep the answer from being stored, or held back, on its way."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            own = {b"cache-control", b"x-accel-buffering", b"x-content-type-options"}
            kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in own]
            kept += [
                (b"cache-control", b"no-store, no-transform"),
                (b"x-accel-buffering", b"no"),
                (b"x-content-type-options", b"nosniff"),
            ]
            message = {**message, "headers": kept}
        await send(message)

    return sent
