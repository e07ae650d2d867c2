"""Holds answers of this process until it is their turn; `chat.answers.rate_limits` decides whose turn it is."""

import asyncio
import contextvars
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from chat.answers import rate_limits
from chat.answers.rate_limits import QueuePlace
from core.web.db import RunInThread

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds


@dataclass
class Waiting:
    """One answer's place, counted from 1, and 0 when it is its turn."""

    place: int
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class RateLimitQueue:
    """Where the answers of this process, the `holder` of their leases, wait. One look at a bucket serves all that wait
    for it."""

    def __init__(self, run: RunInThread, *, holder: UUID) -> None:
        self._run = run
        self._holder = holder
        self._waiting: dict[str, dict[UUID, Waiting]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def wait_for_turn(self, turn: QueuePlace, *, tell: Callable[[int], None]) -> None:
        """Wait until it is the turn of the answer that stands there; `tell` hears its place whenever that changes."""
        answer_id, bucket = turn.answer_id, turn.bucket
        if not turn.place:
            return
        waiting = Waiting(turn.place)
        self._waiting.setdefault(bucket, {})[answer_id] = waiting
        if bucket not in self._looking:
            looking = asyncio.get_running_loop().create_task(self._look(bucket), context=contextvars.Context())
            self._looking[bucket] = looking
        try:
            while waiting.place:
                tell(waiting.place)
                waiting.moved.clear()
                await waiting.moved.wait()
        finally:
            del self._waiting[bucket][answer_id]

    async def _look(self, bucket: str) -> None:
        """Look at the bucket as long as somebody of this process waits for it."""
        while self._waiting.get(bucket):
            await asyncio.sleep(LOOK_EVERY)
            try:
                turns = await self._run(lambda: rate_limits.admit(bucket, holder=self._holder))
            except Exception:  # those who wait must not wait for ever
                logger.warning("The queue of %s cannot be looked at right now.", bucket, exc_info=True)
                continue
            for turn in turns:
                waiting = self._waiting.get(bucket, {}).get(turn.answer_id)
                if waiting and waiting.place != turn.place:
                    waiting.place = turn.place
                    waiting.moved.set()
        self._looking.pop(bucket, None)
        self._waiting.pop(bucket, None)
