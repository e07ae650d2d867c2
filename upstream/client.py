"""The one face of whatever answers questions. Our events and our errors come out; HTTP stays in.

The way of a chunk begins here: bytes of the upstream become events (`upstream.response_reader`); above, an event
becomes an entry of the answer's log, is committed, and reaches its viewers in a frame.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import httpx
import orjson

from upstream import connections, listing, probe
from upstream import http as upstream_http
from upstream.catalog.agent_models import AgentModels
from upstream.connections import Connections
from upstream.endpoints import PERPLEXITY, Endpoint
from upstream.errors import InvalidRequest, KeyRefused, TooManyRequests, UpstreamError
from upstream.events import Event, StatusChanged, Throttled
from upstream.providers import PROVIDERS, Failing, Provider
from upstream.requests import AskRequest, validate_request
from upstream.response_reader import ResponseReader
from upstream.sonar.background import Background
from upstream.translation import refusals

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 60.0  # seconds that we wait by ourselves; a longer one is for the person to decide
_REACH_TIME = 3.0  # seconds

_BAD_KEY = (
    "The API key holds characters that no key has. Whoever runs this Parley has to enter it again, as it was given."
)
_UNKNOWN = "Parley does not know how to speak with the service that this question is for."


class Client:
    """Asks one endpoint. One client serves a whole process; its connections are opened in the running event loop.

    Times are in seconds: `connect_timeout` and `read_timeout` (between two reads; deep research is silent for
    minutes), `grace` for a late last object after a reason to finish, `silence` for a stream that only keeps itself
    alive, `backoff` for the first wait before asking again. `transport` and `sleep` stand in for network and clock.
    """

    def __init__(
        self,
        *,
        endpoint: Endpoint,
        transport: httpx.AsyncBaseTransport | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 300.0,
        grace: float = 5.0,
        silence: float = 1800.0,
        backoff: float = 0.5,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._endpoint = endpoint
        self._timeout = httpx.Timeout(connect=connect_timeout, read=read_timeout, write=read_timeout, pool=None)
        self._grace = grace
        self._silence = silence
        self._backoff = backoff
        self._sleep = sleep
        self._connections = Connections(transport=transport, timeout=self._timeout)

    def __repr__(self) -> str:
        return f"Client({self._endpoint!r})"

    def ask(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The answer as it is being written. Closing the generator closes the upstream connection at once.

        Raises UpstreamError: before the first event with content after at most two more attempts of our own, each
        announced by `StatusChanged("retrying")`; later as CutOff.
        """
        alone = request.background and _provider(request).works_alone
        return self._background().answer(request) if alone else self._answer(request)

    async def reachable(self) -> bool:
        """Whether something answers at the address; costs nothing and takes three seconds at most. Never raises."""
        try:
            async with asyncio.timeout(_REACH_TIME):
                http = self._connections.http()
                response = await http.send(http.build_request("GET", self._endpoint.models_url), stream=True)
                await response.aclose()
        except Exception as exc:
            logger.warning("The answer service cannot be reached (%s)", type(exc).__name__)
            return False
        return response.status_code < 500

    async def offers(self, provider: str) -> bool | None:
        """Whether the provider takes questions at this address; None where that cannot be told. Costs nothing."""
        return await probe.is_offered(self._send, self._endpoint.url_of(provider))

    async def models(self) -> AgentModels:
        """What the Agent API lists at this address. Costs nothing. Raises UpstreamError."""
        return await listing.agent_models(self._send, self._endpoint.models_url)

    async def aclose(self) -> None:
        """Close every connection. The client can be used again afterwards."""
        await self._connections.aclose()

    async def _answer(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        provider = _provider(request)
        body = await _body_of(request, provider)
        attempt = 0
        while True:
            try:
                reader = await self._open(request, provider, body)
                try:
                    if reader.rate_limit:
                        yield reader.rate_limit
                    while not reader.ended:
                        for event in await reader.next_events():
                            yield event
                    return
                finally:
                    await reader.aclose()
            except UpstreamError as error:
                wait = self._wait_before(attempt, error)
                if isinstance(error, TooManyRequests):
                    yield Throttled(error.wait or wait)
                if not error.repeat or attempt == provider.retries or wait > _LONGEST_WAIT:
                    raise
            attempt += 1
            yield StatusChanged("retrying", str(math.ceil(wait)))
            await self._sleep(wait)

    async def _open(self, request: AskRequest, provider: Provider, body: bytes) -> ResponseReader:
        """Send the request; returns its response once it says that an answer follows. Raises UpstreamError."""
        url = self._endpoint.url_of(request.provider)
        patience = provider.patience(request) if provider.patience else None
        response = await self._send(
            "POST", url, model=request.model, body=body, read_timeout=patience, failing=provider.failing
        )
        key = self._endpoint.api_key
        return ResponseReader(
            response, provider, model=request.model, key=key, grace=self._grace, silence=self._silence
        )

    def _wait_before(self, attempt: int, error: UpstreamError) -> float:
        """Seconds: what the upstream asked for, else twice as long each time, up to sixteen times."""
        if error.wait:
            return error.wait
        spread = random.uniform(0.75, 1)  # noqa: S311 - spreads attempts in time, guards nothing
        return self._backoff * min(2.0**attempt, 16.0) * spread

    async def _send(
        self,
        method: str,
        url: str,
        *,
        model: str,
        body: Any = None,
        read_timeout: float | None = None,
        failing: Failing = refusals,
    ) -> httpx.Response:
        """The response, its body still to be read, once it says that an answer follows. Raises UpstreamError."""
        http, headers = self._connections.http(), self._headers()
        times = {**self._timeout.as_dict(), "read": read_timeout} if read_timeout else self._timeout.as_dict()
        try:
            request = http.build_request(
                method,
                url,
                content=body if body is None or isinstance(body, bytes) else orjson.dumps(body),
                headers=headers,
                timeout=httpx.Timeout(**times),
            )
            response = await http.send(request, stream=True)
        except upstream_http.FAULTS as exc:
            failure = failing.unreached(exc, key=self._endpoint.api_key)
        else:
            if response.is_success:
                return response
            failure = failing.refusal(
                status=response.status_code,
                headers=response.headers,
                body=await upstream_http.read_error_body(response),
                model=model,
                key=self._endpoint.api_key,
            )
        raise failure

    def _background(self) -> Background:
        return Background(
            url=self._endpoint.async_url,
            secret=self._endpoint.api_key,
            exchange=self._send,
            streamed=self._answer,
            wait_before=self._wait_before,
            sleep=self._sleep,
        )

    def _headers(self) -> dict[str, str]:
        # A compressed stream would be held back until a block of the compression is full.
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity"}
        key = self._endpoint.api_key
        if not key.isascii() or not key.isprintable():
            raise KeyRefused(_BAD_KEY)
        return {**headers, "Authorization": f"Bearer {key}"} if key else headers


def _provider(request: AskRequest) -> Provider:
    """Who answers the request. Raises InvalidRequest for somebody unknown."""
    provider = PROVIDERS.get(request.provider)
    if provider is None:
        raise InvalidRequest(_UNKNOWN)
    return provider


async def _body_of(request: AskRequest, provider: Provider) -> bytes:
    """The body of the request. One with attachments is made in a thread: while megabytes become base64, every other
    answer would wait. Raises InvalidRequest."""

    def make() -> bytes:
        validate_request(request, stream=True)
        return orjson.dumps(provider.body(request))

    return await asyncio.to_thread(make) if any(turn.parts for turn in request.turns) else make()


def open_client(
    *,
    base_url: str,
    chat_path: str,
    api_key: str,
    agent_path: str = "/v1/agent",
    read_timeout: float = 300.0,
    demo: connections.Handler | None = None,
) -> Client:
    """The client for an operator's settings; `read_timeout` (seconds) is how long an upstream may be silent.

    Where neither an address nor a key is set, `demo` answers in this process, if it is given.
    """
    if demo is not None and not base_url and not api_key:
        endpoint = Endpoint("http://demo", api_key="demo")
        return Client(endpoint=endpoint, transport=connections.InProcess(demo), read_timeout=read_timeout)
    endpoint = Endpoint(base_url or PERPLEXITY, chat_path, api_key.strip(), agent_path=agent_path)
    return Client(endpoint=endpoint, read_timeout=read_timeout)
