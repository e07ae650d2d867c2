"""Responses that are written by whoever has something to say, to many connections at a time.

Django takes a stream from an iterator: each piece wakes a task for each of those who read, and goes through four
generators. Here the one who has the piece writes it to all of them, and the task of a connection sleeps until it has to
wait for something by itself: a slow line, the end.
"""

import asyncio
import types
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from typing import Any

from django.http import StreamingHttpResponse

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
"""What an ASGI server gives to send messages with."""


class Sink:
    """One connection's body. `write` never waits, `send` does; one piece at a time."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._rest: Awaitable[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether the connection has to be waited for (`drain`) before it takes another piece."""
        return self._rest is not None

    def write(self, piece: bytes) -> None:
        """Send a piece to a connection that is not full. Raises what the server raises."""
        steps = self._send({"type": "http.response.body", "body": piece, "more_body": True}).__await__()
        try:
            waits_for = next(steps)
        except StopIteration:  # sent: a server waits only for a connection that takes no more for now
            return
        self._rest = _rest_of(steps, waits_for)

    async def drain(self) -> None:
        """Wait until the connection takes more. By one task at a time."""
        if self._rest is not None:
            await self._rest
            self._rest = None

    async def send(self, piece: bytes) -> None:
        """Send a piece, and wait until the connection takes more."""
        await self.drain()
        self.write(piece)
        await self.drain()


@types.coroutine
def _rest_of(steps: Generator[Any, None, None], waits_for: Any) -> Generator[Any, None, None]:
    """What is left of something awaitable after its first step, which was made outside of any task."""
    yield waits_for
    yield from steps


Push = Callable[[Sink], Awaitable[None]]
"""Writes a whole body, and returns at its end."""


class PushedResponse(StreamingHttpResponse):
    """A stream that `push` writes into its connection. Can be iterated too, where there is none, as in a test."""

    def __init__(self, push: Push, *, content_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(pieces_of(push), content_type=content_type, headers=headers)
        self._push = push

    def push_to(self, send: Send) -> None:
        """Have the body go there by itself. To iterate then only waits for its end."""
        self.streaming_content = self._nothing_more(Sink(send))

    async def _nothing_more(self, sink: Sink) -> AsyncGenerator[bytes]:
        await self._push(sink)
        nothing: tuple[bytes, ...] = ()
        for piece in nothing:
            yield piece


async def pieces_of(push: Push) -> AsyncGenerator[bytes]:
    """Yield what is pushed. A piece that was not taken yet makes the sink full."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def send(message: Mapping[str, Any]) -> None:
        pieces.put_nowait(message["body"])
        await pieces.join()

    async def push_all() -> None:
        try:
            await push(Sink(send))
        finally:
            pieces.put_nowait(None)

    pushing = asyncio.create_task(push_all())
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
            pieces.task_done()
        await pushing
    finally:
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)
