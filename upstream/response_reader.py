"""Reads one response of an answer service, streamed or whole, into events.

The way of a chunk: bytes of the response become messages (`upstream.sse`), messages become events (the provider's
`Translation`), and `next_events` hands out those that came together.
"""

import asyncio

import httpx

from upstream import http as upstream_http
from upstream.errors import CutOff, UpstreamError
from upstream.events import Event
from upstream.providers import Provider
from upstream.sse import Messages, MessageTooLarge
from upstream.translation import refusals
from upstream.translation.base import StreamFailed
from upstream.translation.pacing import rate_limit_in


class ResponseReader:
    """Call `next_events` until `ended`, and `aclose` in any case.

    `grace` is how many seconds a late last object is waited for after a reason to finish, `silence` how many a stream
    may do nothing but keep itself alive. A stream of a provider with a `lull` is never silent for so many seconds
    unless the connection is gone. `key` is kept out of every sentence. `rate_limit` is what the response says about how
    many more requests are taken, None where it says nothing.
    """

    def __init__(
        self, response: httpx.Response, provider: Provider, *, model: str, key: str, grace: float, silence: float
    ) -> None:
        self.ended = False
        self.rate_limit = rate_limit_in(response.headers)
        self._response = response
        self._failing = provider.failing
        self._lull = provider.lull
        self._model = model
        self._key = key
        self._grace = grace
        self._silence = silence
        self._clock = asyncio.get_running_loop().time
        self._translation = provider.translation(request_id=refusals.header(response.headers, "x-request-id"))
        self._messages = Messages()
        self._body = upstream_http.body_of(response)
        self._is_stream: bool | None = None
        self._has_more = True
        self._deadline: float | None = None
        self._reported: StreamFailed | None = None  # the error in the stream, after the events handed out last
        self._failure: UpstreamError | None = None  # how the response ends, after the events handed out last

    async def next_events(self) -> list[Event]:
        """The next events; none at the end. Raises UpstreamError: CutOff where words had come."""
        if self._failure:
            raise self._failure
        try:
            if self._is_stream is None:
                self._is_stream = upstream_http.is_stream(self._response)
            return await (self._read_on() if self._is_stream else self._read_whole())
        except (*upstream_http.FAULTS, MessageTooLarge, StreamFailed) as caught:
            fault: Exception = caught
        await self.aclose()
        rest = self._translation.end()
        self.ended = self._translation.finished
        if not self.ended:
            self._failure = self._broken_off(fault)
            if not rest:
                raise self._failure
        return rest

    async def aclose(self) -> None:
        """Close the connection at once."""
        await upstream_http.close_response(self._response)

    async def _read_on(self) -> list[Event]:
        """Read the stream up to its next events, to its end mark, or to the end of the connection."""
        if self._reported:
            raise self._reported
        heard = self._clock()
        while self._has_more and not self._translation.finished:
            if self._translation.finishing and self._deadline is None:
                self._deadline = self._clock() + self._grace
            lull = self._clock() + self._lull if self._lull else None
            data = await upstream_http.next_bytes(self._body, self._deadline or lull)
            self._has_more = data is not None
            events: list[Event] = []
            messages = self._messages.close() if data is None else self._messages.feed(data)
            self._reported = self._translation.take_all(messages, events)
            if events:
                return events
            if self._reported:
                raise self._reported
            if self._clock() - heard > self._silence:
                raise httpx.ReadTimeout("nothing but signs of life")
        if not self._translation.finished:
            raise httpx.ReadError("the stream ended without its end mark")
        await upstream_http.drain_body(self._body)
        self.ended = True
        return []

    async def _read_whole(self) -> list[Event]:
        """Read an answer that comes in one piece."""
        events = self._translation.whole(await upstream_http.read_body(self._response))
        if not events:
            raise self._failing.unreadable(status=self._response.status_code, request_id=self._translation.request_id)
        self.ended = True
        return events

    def _broken_off(self, fault: Exception) -> UpstreamError:
        """The error for an answer that had begun to come."""
        request_id = self._translation.request_id
        if isinstance(fault, StreamFailed):
            failure = self._failing.stream_error(fault.data, model=self._model, key=self._key, request_id=request_id)
        else:
            failure = self._failing.unreached(fault, key=self._key, request_id=request_id)
        if self._translation.has_content:
            why = self._failing.cut_off(failure)
            return CutOff(why, wait=failure.wait, status=failure.status, request_id=request_id, repeat=False)
        return failure
