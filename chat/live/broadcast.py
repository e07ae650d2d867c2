"""Broadcasts answers: each process keeps one follower per watched answer, however many people watch it.

The event log feeds the followers with what it has committed in the process that writes the answer; elsewhere the log
beyond a follower's number is read when somebody notifies.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from chat.answers.notify import Listener, Rung
from chat.answers.transcript import Entry
from chat.live.answer_display import Reader
from chat.live.follower import Follower
from chat.live.log_reader import answers_to_look_at, entries_beyond
from chat.live.pace import FAIR_COST, Pace
from chat.live.permission import Permissions
from chat.live.viewer import Viewer
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare
from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

READ_PAUSE = 0.025  # seconds between two looks into the log for what rang; what rings meanwhile is read together
TICK = 1.0  # seconds; so often followers look after their viewers, and at a foreign answer though nobody notified them
HAND_OUT_WITHIN = 2.0  # seconds for the last frames when the process stops


class Broadcast:
    """All followers of this process, and the listener that wakes them.

    `writes_here` says whether this process writes an answer itself; `render` makes the finished article;
    `read` runs what needs the database in a thread, and `read_long` what takes long, apart and by fair share.
    `tell_pause` hears now and then how many seconds lie between two showings of an answer: to commit more often is of
    no use to those who watch.
    """

    def __init__(
        self,
        *,
        writes_here: Callable[[UUID], bool],
        render: Callable[[UUID, Reader], str],
        read: RunInThread,
        read_long: RunByShare,
        tell_pause: Callable[[float], object] = lambda _: None,
    ) -> None:
        self.render = render
        self.read = read
        self.read_long = read_long
        self.permissions = Permissions(run=read)
        self._pace = Pace(cost_of_all=self._cost_of_all, tell=tell_pause)
        self.pause_for = self._pace.pause_for
        self.was_late = self._pace.was_late
        self._writes_here = writes_here
        self._followers: dict[UUID, Follower] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: Listener | None = None
        self._rung: set[UUID] = set()
        self._rings = asyncio.Event()

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await asyncio.to_thread(self._the_listener().connect)

    def open(self) -> None:
        """Begin to tick, and to read what other processes commit. Needs a running event loop."""
        self._the_listener()
        self.permissions.open()
        self.spawn(self._tick())
        self.spawn(self._look_at_foreign())
        self.spawn(self._read_what_rang())

    def _the_listener(self) -> Listener:
        if self._listener is None:
            loop = asyncio.get_running_loop()
            self._listener = Listener(lambda rung: loop.call_soon_threadsafe(self._notified, rung))
            self._listener.start()
        return self._listener

    async def close(self) -> None:
        """Stop. Viewers of answers that have ended get their finished article first, the others are sent away: their
        browsers come back to another process, or to this one's successor."""
        if self._listener:
            self._listener.stop()
        await self._hand_out_finals()
        self.permissions.close()
        for follower in self._followers.values():
            follower.leave()
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
            self._listen_or_rest()
        try:
            follower.add(viewer)
            yield follower
        finally:
            follower.viewers.discard(viewer)
            if not follower.viewers:
                self._forget(follower)

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

    def look_again(self, answer_id: UUID) -> None:
        """Something about this answer was committed beside the event log."""
        follower = self._followers.get(answer_id)
        if follower:
            follower.look_again()

    def _cost_of_all(self) -> float:
        return sum(min(follower.cost, FAIR_COST) for follower in self._followers.values())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._listen_or_rest()
            self.permissions.check()
            for follower in list(self._followers.values()):
                try:
                    follower.keep_alive()
                except Exception:
                    self.stumbled(follower)

    async def _look_at_foreign(self) -> None:
        """Look at what other processes write though nobody rang: a bell may have been missed, an answer deleted."""
        while True:
            await asyncio.sleep(TICK)
            if foreign := self._foreign():
                with _reported("Answers of other processes cannot be looked at"):
                    for answer_id in await self.read(partial(answers_to_look_at, foreign)):
                        self.look_again(answer_id)
                self._notified(None)

    def _foreign(self) -> list[UUID]:
        """The watched answers that another process writes."""
        return [answer_id for answer_id in self._followers if not self._writes_here(answer_id)]

    def _listen_or_rest(self) -> None:
        """Listen only while somebody watches an answer that another process writes."""
        if self._listener and self._foreign():
            self._listener.listen()
        elif self._listener:
            self._listener.rest()

    def _notified(self, rung: Rung) -> None:
        self._rung.update(self._foreign() if rung is None else rung.intersection(self._foreign()))
        if self._rung:
            self._rings.set()

    async def _read_what_rang(self) -> None:
        """Read the log for all answers that rang, and again for those that rang meanwhile."""
        while True:
            await self._rings.wait()
            self._rings.clear()
            rung, self._rung = self._rung, set()
            seen: dict[UUID, int] = {}
            for answer_id, follower in self._followers.items():
                if answer_id not in rung:
                    continue
                if follower.heard is None:
                    follower.look_again()  # it has to read more than the log
                else:
                    seen[answer_id] = follower.heard
            with _reported("Answers of other processes cannot be read"):  # if so, the next look finds them
                for answer_id, entries in (await self.read(partial(entries_beyond, seen))).items():
                    self.committed(answer_id, entries)
            await asyncio.sleep(READ_PAUSE)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do this work beside everything else, until the broadcast is closed."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@contextmanager
def _reported(during: str) -> Iterator[None]:
    """Go on whatever happens inside, which is told."""
    try:
        yield
    except Exception as fault:
        if outage_of(fault):
            tell_outage(fault, during=during)
        else:
            logger.exception(during)
