"""Answers that are watched in this process and written in another one.

Their followers are fed from the log: when somebody notifies, and now and then though nobody did.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from chat.answers.notify import Listener, Rung
from chat.live.follower import Follower
from chat.live.log_reader import answers_to_look_at, entries_beyond
from core.web.db import RunInThread
from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

READ_PAUSE = 0.025  # seconds between two looks into the log for what rang; what rings meanwhile is read together
LOOK_EVERY = 1.0  # seconds; so often the answers are looked at though nobody notified


class ForeignAnswers:
    """Feeds those of the `followers` whose answer another process writes; the mapping is the broadcast's own.

    `writes_here` says whether this process writes an answer itself; `read` runs what needs the database in a thread.
    """

    def __init__(
        self, *, followers: Mapping[UUID, Follower], writes_here: Callable[[UUID], bool], read: RunInThread
    ) -> None:
        self._followers = followers
        self._writes_here = writes_here
        self._read = read
        self._tasks: list[asyncio.Task[None]] = []
        self._listener: Listener | None = None
        self._rung: set[UUID] = set()
        self._rings = asyncio.Event()

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await asyncio.to_thread(self._the_listener().connect)

    def open(self) -> None:
        """Begin to read what other processes commit. Needs a running event loop."""
        self._the_listener()
        self._spawn(self._look_now_and_then())
        self._spawn(self._read_what_rang())

    def _the_listener(self) -> Listener:
        if self._listener is None:
            loop = asyncio.get_running_loop()
            self._listener = Listener(lambda rung: loop.call_soon_threadsafe(self._notified, rung))
            self._listener.start()
        return self._listener

    async def close(self) -> None:
        """Read no more."""
        if self._listener:
            self._listener.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def listen_or_rest(self) -> None:
        """Listen only while somebody watches an answer that another process writes."""
        if self._listener and self._watched():
            self._listener.listen()
        elif self._listener:
            self._listener.rest()

    def _watched(self) -> list[UUID]:
        """The watched answers that another process writes."""
        return [answer_id for answer_id in self._followers if not self._writes_here(answer_id)]

    def _notified(self, rung: Rung) -> None:
        watched = self._watched()
        self._rung.update(watched if rung is None else rung.intersection(watched))
        if self._rung:
            self._rings.set()

    async def _look_now_and_then(self) -> None:
        """Look though nobody notified: a notification may have been missed, an answer deleted."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.listen_or_rest()
            if watched := self._watched():
                with _reported("Answers of other processes cannot be looked at"):
                    for answer_id in await self._read(partial(answers_to_look_at, watched)):
                        if follower := self._followers.get(answer_id):
                            follower.look_again()
                self._notified(None)

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
                for answer_id, entries in (await self._read(partial(entries_beyond, seen))).items():
                    if fed := self._followers.get(answer_id):
                        fed.feed(entries)
            await asyncio.sleep(READ_PAUSE)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


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
