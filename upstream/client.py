"""The one face of whatever answers questions. Our events and our errors come out; HTTP stays in.

The way of a chunk begins here: bytes of the upstream become events (`upstream.response_reader`); above, an event
becomes an entry of the answer's log, is committed, and reaches its viewers in a frame.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from enum import StrEnum
from typing import Any

import httpx
import orjson

from upstream import connections, probe
from upstream import http as upstream_http
from upstream.agent import models as agent_models
from upstream.background import Background
from upstream.catalog.agent_models import AgentModels
from upstream.connections import Connections
from upstream.endpoints import PERPLEXITY, Endpoint
from upstream.errors import InvalidRequest, KeyRefused, TooManyRequests, UpstreamError
from upstream.events import Event, StatusChanged, Throttled
from upstream.probe import KeyTrial
from upstream.providers import PROVIDERS, Failing, Provider
from upstream.requests import AskRequest, encode_body
from upstream.response_reader import ResponseReader
from upstream.translation import refusals

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 60.0  # seconds that we wait by ourselves; a longer one is for the person to decide
_REACH_TIME = 3.0  # seconds
_CLOSES_WITHIN = 2.0  # seconds

_UNKNOWN = "Parley can’t talk to the service that this question is for."


class Sign(StrEnum):
    """What a service answers when it is asked for a sign of life."""

    OK = "ok"
    REFUSED = "refused"  # it answers and does not know the key
    NO_KEY = "no_key"  # the key that was saved here cannot be read any more, so nobody asked
    NONE = "none"


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
        self._unattended: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"Client({self._endpoint!r})"

    def ask(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The answer as it is being written. Closing the generator closes the upstream connection at once.

        Raises UpstreamError: before the first event with content after at most two more attempts of our own, each
        announced by `StatusChanged("retrying")`; later as CutOff.
        """
        background = self._background(request.provider) if request.background else None
        return background.answer(request) if background else self._answer(request)

    async def call_off(self, job: str, *, provider: str) -> None:
        """Have the provider stop what it works on by itself and calls `job`, where it can be told to. Takes a few
        seconds at most. Never raises."""
        if background := self._background(provider):
            await background.call_off(job)

    async def sign_of_life(self) -> Sign:
        """Whether something answers at the address and takes the key; costs nothing and takes three seconds at most.
        Never raises."""
        try:
            async with asyncio.timeout(_REACH_TIME):
                http = self._connections.http()
                request = http.build_request("GET", self._endpoint.models_url, headers=self._headers(connections.JSON))
                response = await http.send(request, stream=True)
                await response.aclose()
        except KeyRefused:
            return Sign.REFUSED
        except Exception as exc:
            logger.warning("The answer service cannot be reached (%s)", type(exc).__name__)
            return Sign.NONE
        if response.status_code == httpx.codes.UNAUTHORIZED and self._endpoint.api_key:
            return Sign.REFUSED
        return Sign.OK if response.status_code < 500 else Sign.NONE

    async def offers(self, provider: str) -> bool | None:
        """Whether the provider takes questions at this address; None where that cannot be told. Costs nothing."""
        return await probe.is_offered(self._send, self._endpoint.url_of(provider), provider=provider)

    async def try_key(self, providers: Sequence[str]) -> KeyTrial:
        """What the key is good for, found out by requests that cost nothing. Takes seconds. Never raises."""
        return await probe.try_key(self._send, self._endpoint, providers=providers)

    async def models(self) -> AgentModels:
        """What the Agent API lists at this address. Costs nothing. Raises UpstreamError."""
        return await agent_models.fetch_models(self._send, self._endpoint.models_url)

    async def aclose(self) -> None:
        """Close every connection. The client can be used again afterwards."""
        if self._unattended:
            await asyncio.wait(self._unattended, timeout=_CLOSES_WITHIN)
        await self._connections.aclose()

    async def _answer(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        provider = _provider(request.provider)
        body = await encode_body(request, lambda: provider.body(request))
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
        accept: str = connections.STREAM,
    ) -> httpx.Response:
        """The response, its body still to be read, once it says that an answer follows. Raises UpstreamError."""
        http, headers = self._connections.http(), self._headers(accept)
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
            failure.unsent = upstream_http.is_unsent(exc)
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

    def _background(self, provider: str) -> Background | None:
        """How the provider works by itself; None where it does not."""
        background = _provider(provider).background
        if background is None:
            return None
        return background(
            url=self._endpoint.background_url_of(provider),
            secret=self._endpoint.api_key,
            exchange=self._send,
            streamed=self._answer,
            wait_before=self._wait_before,
            keep_running=self._keep_running,
            sleep=self._sleep,
        )

    def _keep_running(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._unattended.add(task)
        task.add_done_callback(self._unattended.discard)

    def _headers(self, accept: str) -> dict[str, str]:
        # A compressed stream would be held back until a block of the compression is full.
        headers = {"Content-Type": "application/json", "Accept": accept, "Accept-Encoding": "identity"}
        return headers | upstream_http.bearer(self._endpoint.api_key, setting="PERPLEXITY_API_KEY")


def _provider(name: str) -> Provider:
    """Who answers under this name. Raises InvalidRequest for somebody unknown."""
    provider = PROVIDERS.get(name)
    if provider is None:
        raise InvalidRequest(_UNKNOWN)
    return provider


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
