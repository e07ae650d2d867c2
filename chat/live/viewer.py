"""One connection that watches an answer: how far it is, and how it is written to without waiting for it."""

import asyncio
import time

from chat.live.answer_display import Reader
from core.web.pushed import Sink


class Viewer:
    """Somebody who has the answer up to log number `after`. The follower writes to it.

    The connection's own coroutine sleeps in `called`, until there is something that one has to wait for.
    """

    __slots__ = ("_called", "_reason", "_sink", "after", "reader", "sent_at")

    def __init__(self, sink: Sink, *, after: int, reader: Reader) -> None:
        self.after = after
        self.reader = reader
        self.sent_at = time.monotonic()
        self._sink = sink
        self._called = asyncio.Event()
        self._reason: Exception | None = None

    @property
    def takes_more(self) -> bool:
        """Whether something can be written now: the connection has room, and nobody has sent the viewer away."""
        return self._reason is None and not self._sink.is_full

    def write(self, piece: bytes) -> None:
        """Send a piece to a viewer who takes more."""
        self.sent_at = time.monotonic()
        try:
            self._sink.write(piece)
        except Exception as fault:  # of this connection, which is no reason to write to no other
            self.send_away(fault)
        if self._sink.is_full:
            self.call()

    def send_away(self, reason: Exception) -> None:
        """Write no more; the connection's coroutine gets the first reason raised."""
        self._reason = self._reason or reason
        self.call()

    def call(self) -> None:
        """Wake the connection's own coroutine."""
        self._called.set()

    async def called(self) -> None:
        """Wait until somebody calls and the connection takes more. Raises the reason why the viewer is sent away."""
        await self._called.wait()
        self._called.clear()
        await self._sink.drain()
        if self._reason:
            raise self._reason
