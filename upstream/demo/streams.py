"""Puts the chunks of an answer on the wire: frames, pauses, and every way in which a stream can go wrong.

Contract A9.1, F1.6.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx
import orjson

from upstream.demo import frames
from upstream.demo.chat import RESEARCH, Answer
from upstream.demo.failures import fall_silent
from upstream.demo.switches import Switches

_PAUSES_OF_RESEARCH = 60  # as many chunks as others write while it thinks
_HASTE_OF_RESEARCH = 4
_PINGS_OF_RESEARCH = 3
_CHUNKS_PER_PING = 5
_ERROR_FRAMES = ("error_event", "error_data")
_BREAKS = ("drop_midway", "close_midway", "stall", *_ERROR_FRAMES)  # these take a number of chunks
_BETWEEN = ("pings", "bad_json_line", "empty_choices", "null_delta")


class Body(httpx.AsyncByteStream):
    """A response's bytes while they are made. Closing it ends the making."""

    def __init__(self, source: AsyncGenerator[bytes, None]) -> None:
        self._source = source

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._source

    async def aclose(self) -> None:
        """End the stream, finished or not."""
        await self._source.aclose()


def events(
    result: Answer, *, switches: Switches, concise: bool, pause: float, request: httpx.Request
) -> AsyncGenerator[bytes, None]:
    """A Sonar answer as bytes; `pause` is the time between chunks in seconds.

    Raises httpx.ReadError or ReadTimeout while it runs, where a switch wants the connection to break or fall silent.
    """
    parts = frames.pieces(result.text, split_tags="think_split" in switches)
    payloads = (frames.concise if concise else frames.full)(result, parts, switches)
    stream = Stream(
        (b"data: " + payload for payload in payloads),
        switches=switches,
        pause=pause,
        request=request,
        length=len(parts),
    )
    if result.model == RESEARCH:
        stream.come_late()
    if "bad_json_line" in switches:
        stream.interludes.append(b'data: {"id":"' + result.id.encode() + b'","choices":[{"delta":{"content":"bro')
    if "empty_choices" in switches:
        stream.interludes.append(b"data: " + frames.without_choices(result))
    if "null_delta" in switches:
        stream.interludes.append(b"data: " + frames.without_delta(result))
    return stream.sent()


def line_end(switches: Switches) -> bytes:
    """What ends a line."""
    return b"\r\n" if "crlf" in switches else b"\r" if "cr" in switches else b"\n"


class Stream:
    """Messages on their way, at a pace, with everything that the switches want to happen to them.

    Each of the `messages` has its lines without the end of the last one. `length` is their number as far as breaks are
    counted, `middle` the one before which the `interludes` come; `mark` ends the stream, `error` is what an error
    frame says.
    """

    def __init__(
        self,
        messages: Iterable[bytes],
        *,
        switches: Switches,
        pause: float,
        request: httpx.Request,
        length: int,
        middle: int | None = None,
        mark: bytes = b"data: [DONE]",
        error: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.interludes: list[bytes] = []
        self._messages = messages
        self._switches = switches
        self._thinks: float | None = None
        self._pause = pause
        self._request = request
        self._eol = line_end(switches)
        self._mark = mark
        self._error_kind = error
        self._middle = length // 2 if middle is None else middle
        self._break, self._breaks_at = "", -1
        for name in _BREAKS:
            if name in switches:
                self._break = name
                self._breaks_at = int(min(switches.number(name, self._middle, most=1e6), length))
        self._troubled = bool(self._break) or any(name in switches for name in _BETWEEN)

    def come_late(self) -> None:
        """Let the words come as those of deep research do: late and then fast."""
        self._thinks = self._pause * _PAUSES_OF_RESEARCH
        self._pause = self._pause if "slow" in self._switches else self._pause / _HASTE_OF_RESEARCH

    def sent(self) -> AsyncGenerator[bytes, None]:
        """The bytes on the wire."""
        if "split_bytes" in self._switches:  # also inside a character
            return _split(self._frames(), longest=int(self._switches.number("split_bytes", 7, most=4096)) or 1)
        return self._frames()

    async def _frames(self) -> AsyncGenerator[bytes, None]:
        """Frame after frame. The plain case stays short: hundreds of these run at once."""
        end = self._eol * 2
        if self._thinks is not None:
            for _ in range(_PINGS_OF_RESEARCH):
                yield b": ping" + end
                await asyncio.sleep(self._thinks / _PINGS_OF_RESEARCH)
        clock = asyncio.get_running_loop().time
        due = clock()
        for number, message in enumerate(self._messages):
            if number:
                # By the clock, so that the pace holds under load; what was missed is not made up for in a burst.
                due = max(due + self._pause, clock() - self._pause)
                await asyncio.sleep(max(due - clock(), 0))
            if self._troubled:
                for interlude in self._between(number):
                    yield interlude + end
                if number == self._breaks_at:
                    if self._break in _ERROR_FRAMES:
                        yield self._error() + end
                    await self._break_off()
                    return
            yield message + end
        if self._mark and "no_done_marker" not in self._switches:
            yield self._mark + end

    def _between(self, number: int) -> Iterator[bytes]:
        """What comes before message `number` besides messages."""
        if "pings" in self._switches and number % _CHUNKS_PER_PING == 0:
            yield b": ping"
        if number == self._middle:
            yield from self.interludes

    def _error(self) -> bytes:
        message = self._switches.echo or "Internal error while generating"
        body = {**self._error_kind, "error": {"message": message, "type": "internal_error", "code": 500}}
        name = b"event: error" + self._eol if self._break == "error_event" else b""
        return name + b"data: " + orjson.dumps(body)

    async def _break_off(self) -> None:
        if self._break == "drop_midway":
            raise httpx.ReadError("the demo was asked to drop the connection", request=self._request)
        if self._break == "stall":
            await fall_silent(self._request)


async def _split(source: AsyncGenerator[bytes, None], *, longest: int) -> AsyncGenerator[bytes, None]:
    """The same bytes in small pieces, always cut in the same places."""
    lengths = random.Random(longest)  # noqa: S311 - for variety, not for secrets
    try:
        async for frame in source:
            at = 0
            while at < len(frame):
                length = lengths.randint(1, longest)
                yield frame[at : at + length]
                await asyncio.sleep(0)
                at += length
    finally:
        await source.aclose()
