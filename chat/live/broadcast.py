"""Broadcasts answers: each process keeps one follower per watched answer, however many people watch it.

The event log feeds the followers with what it has committed in the process that writes the answer; elsewhere they are
fed from the log (`chat.live.foreign`).
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from uuid import UUID

from chat.answers.finalize import AtHand
from chat.answers.transcript import Entry
from chat.live.answer_display import Reader
from chat.live.follower import Follower
from chat.live.foreign import ForeignAnswers
from chat.live.listening import Listening
from chat.live.pace import FAIR_COST, Pace
from chat.live.permission import Permissions
from chat.live.viewer import Viewer
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare

logger = logging.getLogger(__name__)

TICK = 1.0  # seconds; so often followers look after their viewers
HAND_OUT_WITHIN = 2.0  # seconds for the last frames when the process stops


class Broadcast:
    """All followers of this process.

    `writes_here` says whether this process writes an answer itself, and `known` what it knows of one without reading
    the log; `render` makes the finished article;
    `read` runs what needs the database in a thread, and `read_long` what takes long, apart and by fair share.
    `tell_pause` hears now and then how many seconds lie between two showings of an answer: to commit more often is of
    no use to those who watch.
    """

    def __init__(
        self,
        *,
        writes_here: Callable[[UUID], bool],
        known: Callable[[UUID], AtHand | None],
        render: Callable[[UUID, Reader], str],
        read: RunInThread,
        read_long: RunByShare,
        tell_pause: Callable[[float], object] = lambda _: None,
    ) -> None:
        self.known = known
        self.render = render
        self.read = read
        self.read_long = read_long
        self.permissions = Permissions(run=read)
        self._pace = Pace(cost_of_all=self._cost_of_all, tell=tell_pause)
        self.pause_for = self._pace.pause_for
        self.was_late = self._pace.was_late
        self._writes_here = writes_here
        self._followers: dict[UUID, Follower] = {}
        self._listeners: defaultdict[UUID, set[Listening]] = defaultdict(set)
        self._foreign = ForeignAnswers(followers=self._followers, writes_here=writes_here)
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await self._foreign.connect()

    def open(self) -> None:
        """Begin to tick, and to read what other processes commit. Needs a running event loop."""
        self._foreign.open()
        self.permissions.open()
        self.spawn(self._tick())

    async def close(self) -> None:
        """Stop. Viewers of answers that have ended get their finished article first, the others are sent away: their
        browsers come back to another process, or to this one's successor."""
        await self._foreign.close()
        await self._hand_out_finals()
        self.permissions.close()
        for follower in self._followers.values():
            follower.leave()
        for listening in self._all_listeners():
            listening.leave()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hand_out_finals(self) -> None:
        deadline = time.monotonic() + HAND_OUT_WITHIN
        while time.monotonic() < deadline:
            if not any(one.busy or one.ended for one in self._followers.values()):
                return
            await asyncio.sleep(0.02)

    @contextmanager
    def follow(self, answer_id: UUID, viewer: Viewer) -> Iterator[Follower]:
        """The answer's follower, which writes to the viewer for as long as the block lasts."""
        follower = self._followers.get(answer_id)
        if follower is None:
            follower = self._followers[answer_id] = Follower(answer_id, self)
            self._foreign.listen_or_rest()
        try:
            follower.add(viewer)
            yield follower
        finally:
            follower.viewers.discard(viewer)
            if not follower.viewers:
                self._forget(follower)

    @contextmanager
    def listen(self, answer_id: UUID) -> Iterator[Listening]:
        """The entries of the answer's log, from the first on, for as long as the block lasts."""
        listening = Listening(answer_id, read=self.read)
        self._listeners[answer_id].add(listening)
        try:
            yield listening
        finally:
            self._listeners[answer_id].discard(listening)
            if not self._listeners[answer_id]:
                del self._listeners[answer_id]

    def stumbled(self, follower: Follower) -> None:
        """Have the viewers of a follower that raised sent away: they come back, and meet a new one."""
        logger.exception("The follower of answer %s stumbled.", follower.answer_id)
        self._forget(follower)

    def _forget(self, follower: Follower) -> None:
        if self._followers.get(follower.answer_id) is follower:
            del self._followers[follower.answer_id]
        follower.leave()

    def committed(self, answer_id: UUID, entries: list[Entry]) -> None:
        """The event log has committed these entries in this process."""
        follower = self._followers.get(answer_id)
        if follower and entries:
            follower.feed(entries)
        for listening in self._listeners.get(answer_id, ()):
            listening.feed(entries)

    def look_again(self, answer_id: UUID) -> None:
        """Something about this answer was committed beside the event log."""
        follower = self._followers.get(answer_id)
        if follower:
            follower.look_again()
        for listening in self._listeners.get(answer_id, ()):
            listening.look_again()

    def _all_listeners(self) -> list[Listening]:
        return [listening for listeners in self._listeners.values() for listening in listeners]

    def _cost_of_all(self) -> float:
        return sum(min(follower.cost, FAIR_COST) for follower in self._followers.values())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.permissions.check()
            for listening in self._all_listeners():
                if not self._writes_here(listening.answer_id):
                    listening.look_again()
            for follower in list(self._followers.values()):
                try:
                    follower.keep_alive()
                except Exception:
                    self.stumbled(follower)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do this work beside everything else, until the broadcast is closed."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
