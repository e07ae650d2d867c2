"""Puts messages on the wire: frames, pauses, and every way in which a stream can go wrong."""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from upstream.demo.faults import fall_silent
from upstream.demo.switches import Switches

_PINGS_BEFORE = 3
_CHUNKS_PER_PING = 5
_ERRORS = ("error_event", "error_data", "error_flat")
_BREAKS = ("drop_midway", "close_midway", "stall", *_ERRORS)  # these take a number of chunks


@dataclass(kw_only=True)
class Stream:
    """Messages on their way, at a pace, with everything that the switches want to happen to them.

    Each of the `messages` has its lines without the end of the last one. `pause`: seconds between them; `length`:
    their number as far as breaks are counted; `middle`: the one before which the `interludes` come, half of them by
    default; `silence`: seconds before the first one, in which only comments come; `hurry`: how many come at once;
    `mark` ends the stream; `error` is what an error frame says besides.
    """

    messages: Iterable[bytes]
    switches: Switches
    pause: float
    request: httpx.Request
    length: int
    middle: int = -1
    silence: float | None = None
    hurry: int = 0
    mark: bytes = b"data: [DONE]"
    error: Mapping[str, Any] = field(default_factory=dict)
    interludes: list[bytes] = field(default_factory=list)

    def sent(self) -> AsyncGenerator[bytes, None]:
        """The bytes on the wire, which raise httpx.ReadError or ReadTimeout where a switch wants that.

        Raises SwitchError for a switch with an unreadable value.
        """
        self.middle = self.length // 2 if self.middle < 0 else self.middle
        way = self.switches.any_of(*_BREAKS)
        breaks_at = int(min(self.switches.number(way, self.middle, most=1e6), self.length)) if way else -1
        frames = self._frames(way, breaks_at)
        if "split_bytes" in self.switches:  # also inside a character
            return _split(frames, longest=int(self.switches.number("split_bytes", 7, most=4096)) or 1)
        return frames

    async def _frames(self, way: str, breaks_at: int) -> AsyncGenerator[bytes, None]:
        """Frame after frame, paced by the clock, so that the pace holds when hundreds of these run at once."""
        end = line_end(self.switches) * 2
        for _ in range(0 if self.silence is None else _PINGS_BEFORE):
            yield b": ping" + end
            await asyncio.sleep((self.silence or 0) / _PINGS_BEFORE)
        clock = asyncio.get_running_loop().time
        due = clock()
        for number, message in enumerate(self.messages):
            if number > self.hurry:
                due = max(due + self.pause, clock() - self.pause)  # what was missed is not made up for in a burst
                await asyncio.sleep(max(due - clock(), 0))
            if "pings" in self.switches and number % _CHUNKS_PER_PING == 0:
                yield b": ping" + end
            for interlude in self.interludes if number == self.middle else ():
                yield interlude + end
            if number == breaks_at:
                if way in _ERRORS:
                    yield self._error(way) + end
                elif way == "drop_midway":
                    raise httpx.ReadError("the demo was asked to drop the connection", request=self.request)
                elif way == "stall":
                    await fall_silent(self.request)
                return
            yield message + end
        if self.mark and "no_done_marker" not in self.switches:
            yield self.mark + end

    def _error(self, way: str) -> bytes:
        message = self.switches.echo or "Internal error while generating"
        error: dict[str, Any] = {"message": message, "type": "internal_error", "code": 500}
        body = {**error, **self.error} if way == "error_flat" else {**self.error, "error": error}
        name = b"event: error" + line_end(self.switches) if way == "error_event" else b""
        return name + b"data: " + orjson.dumps(body)


def line_end(switches: Switches) -> bytes:
    """What ends a line."""
    return b"\r\n" if "crlf" in switches else b"\r" if "cr" in switches else b"\n"


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
