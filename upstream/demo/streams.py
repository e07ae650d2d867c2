"""Puts the chunks of an answer on the wire: frames, pauses, and every way in which a stream can go wrong.

Contract A9.1, F1.6.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

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
    """The stream as bytes; `pause` is the time between chunks in seconds.

    Raises httpx.ReadError or ReadTimeout while it runs, where a switch wants the connection to break or fall silent.
    """
    stream = _Stream(result, switches=switches, concise=concise, pause=pause, request=request)
    if "split_bytes" in switches:  # also inside a character
        return _split(stream.frames(), longest=int(switches.number("split_bytes", 7, most=4096)) or 1)
    return stream.frames()


class _Stream:
    def __init__(
        self, result: Answer, *, switches: Switches, concise: bool, pause: float, request: httpx.Request
    ) -> None:
        self._result = result
        self._switches = switches
        self._thinks = 0.0
        self._pause = pause
        if result.model == RESEARCH:  # its words come late and then fast
            self._thinks = pause * _PAUSES_OF_RESEARCH
            self._pause = pause if "slow" in switches else pause / _HASTE_OF_RESEARCH
        self._request = request
        self._eol = b"\r\n" if "crlf" in switches else b"\r" if "cr" in switches else b"\n"
        parts = frames.pieces(result, split_tags="think_split" in switches)
        self._payloads: Iterator[bytes] = (frames.concise if concise else frames.full)(result, parts, switches)
        self._middle = len(parts) // 2
        self._break, self._breaks_at = "", -1
        for name in _BREAKS:
            if name in switches:
                self._break = name
                self._breaks_at = int(min(switches.number(name, self._middle, most=1e6), len(parts)))
        self._troubled = bool(self._break) or any(name in switches for name in _BETWEEN)

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Frame after frame. The plain case stays short: hundreds of these run at once."""
        end = self._eol * 2
        if self._result.model == RESEARCH:
            for _ in range(_PINGS_OF_RESEARCH):
                yield b": ping" + end
                await asyncio.sleep(self._thinks / _PINGS_OF_RESEARCH)
        clock = asyncio.get_running_loop().time
        due = clock()
        for number, payload in enumerate(self._payloads):
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
            yield b"data: " + payload + end
        if "no_done_marker" not in self._switches:
            yield b"data: [DONE]" + end

    def _between(self, number: int) -> Iterator[bytes]:
        """What comes before chunk `number` besides chunks."""
        if "pings" in self._switches and number % _CHUNKS_PER_PING == 0:
            yield b": ping"
        if number == self._middle:
            if "bad_json_line" in self._switches:
                yield b'data: {"id":"' + self._result.id.encode() + b'","choices":[{"delta":{"content":"bro'
            if "empty_choices" in self._switches:
                yield b"data: " + frames.without_choices(self._result)
            if "null_delta" in self._switches:
                yield b"data: " + frames.without_delta(self._result)

    def _error(self) -> bytes:
        message = self._switches.echo or "Internal error while generating"
        body = {"error": {"message": message, "type": "internal_error", "code": 500}}
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
