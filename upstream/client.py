"""The one face of whatever answers questions. Our events and our errors come out; HTTP stays in."""

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import httpx
import orjson

from upstream import carrying, probing, reading, refusing
from upstream.background import Background
from upstream.connecting import Connections
from upstream.endpoints import PERPLEXITY, Endpoint
from upstream.errors import CutOff, InvalidRequest, KeyRefused, TooManyRequests, UpstreamError
from upstream.events import Event, StatusChanged, Throttled
from upstream.guarding import guard
from upstream.providers import PROVIDERS, Failing, Provider
from upstream.providers.translating import StreamFailed, Translating
from upstream.requests import AskRequest
from upstream.wire import Messages, MessageTooLarge

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
        return self._background().answer(request) if alone else self._answer(request, stream=True)

    async def ask_blocking(self, request: AskRequest) -> list[Event]:
        """The same events, all at once, from an answer that is not streamed. Raises UpstreamError."""
        return [event async for event in self._answer(request, stream=False)]

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
        return await probing.is_offered(self._send, self._endpoint.url_of(provider))

    async def aclose(self) -> None:
        """Close every connection. The client can be used again afterwards."""
        await self._connections.aclose()

    async def _answer(self, request: AskRequest, *, stream: bool) -> AsyncGenerator[Event, None]:
        provider = _provider(request)
        asked = await _body_of(request, provider, stream=stream)
        attempt = 0
        while True:
            try:
                async with aclosing(self._attempt(request, provider, asked, stream=stream)) as batches:
                    async for events in batches:
                        for event in events:
                            yield event
                return
            except UpstreamError as error:
                wait = self._wait_before(attempt, error)
                if isinstance(error, TooManyRequests):
                    yield Throttled(error.wait or wait)
                if not error.repeat or attempt == provider.retries or wait > _LONGEST_WAIT:
                    raise
            attempt += 1
            yield StatusChanged("retrying", str(math.ceil(wait)))
            await self._sleep(wait)

    def _wait_before(self, attempt: int, error: UpstreamError) -> float:
        """Seconds: what the upstream asked for, else twice as long each time, up to sixteen times (contract A13)."""
        if error.wait:
            return error.wait
        spread = random.uniform(0.75, 1)  # noqa: S311 - spreads attempts in time, guards nothing
        return self._backoff * min(2.0**attempt, 16.0) * spread

    async def _attempt(
        self, request: AskRequest, provider: Provider, asked: bytes, *, stream: bool
    ) -> AsyncGenerator[list[Event], None]:
        """One request and its events, in batches as they arrive. Raises UpstreamError."""
        url = self._endpoint.url_of(request.provider, stream=stream)
        patience = provider.patience(request) if provider.patience else None
        response = await self._send(
            "POST", url, model=request.model, body=asked, read_timeout=patience, failing=provider.failing
        )
        translation = provider.translation(request_id=refusing.header(response.headers, "x-request-id"))
        try:
            if reading.is_stream(response):
                batches = self._stream(response, translation, lull=provider.lull)
            else:
                batches = self._whole(response, translation, failing=provider.failing)
            async with aclosing(batches):
                async for events in batches:
                    yield events
            return
        except (*reading.FAULTS, MessageTooLarge, StreamFailed) as exc:
            fault: Exception = exc
        finally:
            await reading.closed(response)
        rest = translation.end()
        if rest:
            yield rest
        if not translation.finished:
            raise self._broken_off(fault, translation, model=request.model, failing=provider.failing)

    async def _send(
        self,
        method: str,
        url: str,
        *,
        model: str,
        body: Any = None,
        read_timeout: float | None = None,
        failing: Failing = refusing,
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
        except reading.FAULTS as exc:
            failure = failing.unreached(exc, key=self._endpoint.api_key)
        else:
            if response.is_success:
                return response
            failure = failing.refusal(
                status=response.status_code,
                headers=response.headers,
                body=await reading.beginning(response),
                model=model,
                key=self._endpoint.api_key,
            )
        raise failure

    def _background(self) -> Background:
        return Background(
            url=self._endpoint.async_url,
            secret=self._endpoint.api_key,
            exchange=self._send,
            streamed=lambda request: self._answer(request, stream=True),
            wait_before=self._wait_before,
            sleep=self._sleep,
        )

    def _broken_off(self, fault: Exception, translation: Translating, *, model: str, failing: Failing) -> UpstreamError:
        """The error for an answer that had begun to come."""
        request_id, key = translation.request_id, self._endpoint.api_key
        if isinstance(fault, StreamFailed):
            failure = failing.stream_error(fault.data, model=model, key=key, request_id=request_id)
        else:
            failure = failing.unreached(fault, key=key, request_id=request_id)
        if translation.has_content:
            why = failing.cut_off(failure)
            return CutOff(why, wait=failure.wait, status=failure.status, request_id=request_id, repeat=False)
        return failure

    async def _stream(
        self, response: httpx.Response, translation: Translating, *, lull: float = 0.0
    ) -> AsyncGenerator[list[Event], None]:
        """Read the stream to its end mark, or to the end of the connection. One with a `lull` is never silent for so
        many seconds unless the connection is gone."""
        clock = asyncio.get_running_loop().time
        messages = Messages()
        body = response.aiter_bytes()
        heard = clock()
        deadline: float | None = None
        data = b"-"
        while data and not translation.finished:
            data = await reading.next_bytes(body, deadline or (clock() + lull if lull else None))
            events: list[Event] = []
            failed = translation.take_all(messages.feed(data) if data else messages.close(), events)
            if events:
                yield events
                heard = clock()
            if failed:
                raise failed
            if clock() - heard > self._silence:
                raise httpx.ReadTimeout("nothing but signs of life")
            if translation.finishing and deadline is None:
                deadline = clock() + self._grace
        if not translation.finished:
            raise httpx.ReadError("the stream ended without its end mark")
        await reading.exhausted(body)

    async def _whole(
        self, response: httpx.Response, translation: Translating, *, failing: Failing
    ) -> AsyncGenerator[list[Event], None]:
        """Read an answer that comes in one piece."""
        events = translation.whole(await reading.whole(response))
        if not events:
            raise failing.unreadable(status=response.status_code, request_id=translation.request_id)
        yield events

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


async def _body_of(request: AskRequest, provider: Provider, *, stream: bool) -> bytes:
    """The body of the request. One with attachments is made in a thread: while megabytes become base64, every other
    answer would wait. Raises InvalidRequest."""

    def make() -> bytes:
        guard(request, stream=stream)
        return orjson.dumps(provider.body(request, stream=stream))

    return await asyncio.to_thread(make) if any(turn.parts for turn in request.turns) else make()


def open_client(
    *,
    base_url: str,
    chat_path: str,
    api_key: str,
    agent_path: str = "/v1/agent",
    read_timeout: float = 300.0,
    demo: carrying.Handler | None = None,
) -> Client:
    """The client for an operator's settings; `read_timeout` (seconds) is how long an upstream may be silent.

    Where neither an address nor a key is set, `demo` answers in this process, if it is given.
    """
    if demo is not None and not base_url and not api_key:
        endpoint = Endpoint("http://demo", api_key="demo")
        return Client(endpoint=endpoint, transport=carrying.InProcess(demo), read_timeout=read_timeout)
    endpoint = Endpoint(base_url or PERPLEXITY, chat_path, api_key.strip(), agent_path=agent_path)
    return Client(endpoint=endpoint, read_timeout=read_timeout)
