"""Holds answers of this process until it is their turn; `chat.answers.rate_limits` decides whose turn it is."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

from chat.answers import rate_limits
from upstream.events import Event, Throttled

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_EVERY = 0.5  # seconds


class Read(Protocol):
    """Runs work that uses the database in a thread."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


@dataclass
class Waiting:
    """One answer's place, counted from 1, and 0 when it is its turn."""

    place: int
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Gate:
    """Where the answers of this process wait. One look at a lane serves all that wait in it."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._waiting: dict[str, dict[UUID, Waiting]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def pass_through(self, answer_id: UUID, *, tell: Callable[[int], None]) -> str:
        """Wait until it is the answer's turn and return its lane; `tell` hears its place whenever that changes."""
        turn = await self._read(lambda: rate_limits.line_up(answer_id))
        lane = turn.lane
        if not turn.place:
            return lane
        waiting = Waiting(turn.place)
        self._waiting.setdefault(lane, {})[answer_id] = waiting
        if lane not in self._looking:
            looking = asyncio.get_running_loop().create_task(self._look(lane), context=contextvars.Context())
            self._looking[lane] = looking
        try:
            while waiting.place:
                tell(waiting.place)
                waiting.moved.clear()
                await waiting.moved.wait()
        finally:
            del self._waiting[lane][answer_id]
        return lane

    async def heed(self, lane: str, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The same events, without what they say about the lane: that closes it for everybody."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Throttled):
                    wait = event.wait
                    await self._read(lambda: rate_limits.close(lane, wait=wait))  # noqa: B023 - awaited before the next one
                else:
                    yield event

    async def _look(self, lane: str) -> None:
        """Look at the lane as long as somebody of this process waits in it."""
        while self._waiting.get(lane):
            await asyncio.sleep(LOOK_EVERY)
            try:
                turns = await self._read(lambda: rate_limits.advance(lane))
            except Exception:  # those who wait must not wait for ever
                logger.warning("The queue of %s cannot be looked at right now.", lane, exc_info=True)
                continue
            for turn in turns:
                waiting = self._waiting.get(lane, {}).get(turn.answer_id)
                if waiting and waiting.place != turn.place:
                    waiting.place = turn.place
                    waiting.moved.set()
        self._looking.pop(lane, None)
        self._waiting.pop(lane, None)
