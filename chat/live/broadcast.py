"""Broadcasts answers: each process keeps one follower per watched answer, however many people watch it.

The event log feeds the followers with what it has committed in the process that writes the answer; elsewhere they are
fed from the log (`chat.live.foreign`).
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from uuid import UUID

from chat.answers.transcript import Entry
from chat.live.answer_display import Reader
from chat.live.follower import FAIR_COST, Follower
from chat.live.foreign import ForeignAnswers
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare

logger = logging.getLogger(__name__)

SHARE_FOR_RENDERING = 0.35  # of one core, for all answers together that are watched in this process
LONGEST_PAUSE = 1.0  # seconds between two renderings of one answer, unless a single one takes longer
SUM_EVERY = 0.05  # seconds
TICK = 1.0  # seconds; so often viewers wake at least
HAND_OUT_WITHIN = 2.0  # seconds for the last frames when the process stops


class Broadcast:
    """All followers of this process.

    `writes_here` says whether this process writes an answer itself; `render` makes the finished article;
    `read` runs what needs the database in a thread, and `read_long` what takes long, apart and by fair share.
    """

    def __init__(
        self,
        *,
        writes_here: Callable[[UUID], bool],
        render: Callable[[UUID, Reader], str],
        read: RunInThread,
        read_long: RunByShare,
    ) -> None:
        self.render = render
        self.read = read
        self.read_long = read_long
        self._followers: dict[UUID, Follower] = {}
        self._foreign = ForeignAnswers(followers=self._followers, writes_here=writes_here)
        self._tasks: set[asyncio.Task[None]] = set()
        self._cost_of_all = 0.0
        self._summed_at = 0.0

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await self._foreign.connect()

    def open(self) -> None:
        """Begin to tick, and to read what other processes commit. Needs a running event loop."""
        self._foreign.open()
        self._spawn(self._tick())

    async def close(self) -> None:
        """Stop. Viewers of answers that have ended get their finished article first, the others are sent away: their
        browsers come back to another process, or to this one's successor."""
        await self._foreign.close()
        await self._hand_out_finals()
        for follower in self._followers.values():
            follower.gone = True
            follower.wake_viewers()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hand_out_finals(self) -> None:
        deadline = time.monotonic() + HAND_OUT_WITHIN
        while time.monotonic() < deadline:
            if not any(one.busy or one.ended for one in self._followers.values()):
                return
            await asyncio.sleep(0.02)

    @asynccontextmanager
    async def follow(self, answer_id: UUID) -> AsyncIterator[Follower]:
        """The answer's follower, which lives for as long as somebody is inside."""
        follower = self._followers.get(answer_id)
        if follower is None:
            follower = self._followers[answer_id] = Follower(answer_id, self)
            self._spawn(self._keep(follower))
            self._foreign.listen_or_rest()
        follower.viewers += 1
        try:
            yield follower
        finally:
            follower.viewers -= 1
            if not follower.viewers and self._followers.get(answer_id) is follower:
                del self._followers[answer_id]
                follower.gone = True
                follower.look_again()

    async def _keep(self, follower: Follower) -> None:
        """Run the follower; when it stumbles its viewers are sent away, come back, and meet a new one."""
        try:
            await follower.run()
        except Exception:
            logger.exception("The follower of answer %s stumbled.", follower.answer_id)
            follower.gone = True
            if self._followers.get(follower.answer_id) is follower:
                del self._followers[follower.answer_id]
            follower.wake_viewers()

    def committed(self, answer_id: UUID, entries: list[Entry]) -> None:
        """The event log has committed these entries in this process."""
        follower = self._followers.get(answer_id)
        if follower and entries:
            follower.feed(entries)

    def look_again(self, answer_id: UUID) -> None:
        """Something about this answer was committed beside the event log."""
        follower = self._followers.get(answer_id)
        if follower:
            follower.look_again()

    def pause_for(self, cost: float) -> float:
        """Seconds from one rendering to the next, so that all followers together keep to their share of a core.

        It is the same for all: a list takes longer than a line, and its readers shall not wait longer. Only an answer
        that takes more than is fair pays for that itself.
        """
        now = time.monotonic()
        if now - self._summed_at > SUM_EVERY:
            self._summed_at = now
            self._cost_of_all = sum(min(follower.cost, FAIR_COST) for follower in self._followers.values())
        pause = self._cost_of_all / SHARE_FOR_RENDERING * max(1.0, cost / FAIR_COST)
        return min(max(LONGEST_PAUSE, cost), pause)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            for follower in list(self._followers.values()):
                follower.wake_viewers()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
