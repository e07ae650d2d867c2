"""Answers that are watched in this process and written in another one.

Their followers are fed from the log: when somebody notifies, and now and then though nobody did.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from uuid import UUID

from chat.answers.notify import Listener, Rung
from chat.answers.transcript import Entry
from chat.live.follower import Follower
from chat.live.log_reader import answers_to_look_at, entries_beyond

LOOK_EVERY = 1.0  # seconds; so often the answers are looked at though nobody notified


class News(NamedTuple):
    """What was read for followers: new entries, and the answers of which they have to read more than the log."""

    entries: Mapping[UUID, list[Entry]]
    behind: set[UUID]


class ForeignAnswers:
    """Feeds those of the `followers` whose answer another process writes; the dictionary is the broadcast's own.

    `writes_here` says, in any thread, whether this process writes an answer itself.
    """

    def __init__(self, *, followers: dict[UUID, Follower], writes_here: Callable[[UUID], bool]) -> None:
        self._followers = followers
        self._writes_here = writes_here
        self._listener: Listener | None = None
        self._task: asyncio.Task[None] | None = None
        self._looked_at = 0.0  # by the monotonic clock

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await asyncio.to_thread(self._the_listener().connect)

    def open(self) -> None:
        """Begin to read what other processes commit. Needs a running event loop."""
        self._the_listener()
        self._task = asyncio.create_task(self._listen_while_needed())

    def _the_listener(self) -> Listener:
        if self._listener is None:
            self._listener = Listener(partial(self._look, asyncio.get_running_loop()))
            self._listener.start()
        return self._listener

    async def close(self) -> None:
        """Read no more."""
        if self._listener:
            self._listener.stop()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen_while_needed(self) -> None:
        """Who writes an answer may change while it is watched."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self.listen_or_rest()

    def listen_or_rest(self) -> None:
        """Listen only while somebody watches an answer that another process writes."""
        if self._listener and self._watched():
            self._listener.listen()
        elif self._listener:
            self._listener.rest()

    def _watched(self) -> dict[UUID, Follower]:
        """The followers of answers that another process writes."""
        return {
            answer_id: follower
            for answer_id, follower in self._followers.copy().items()  # which no other thread can change meanwhile
            if not self._writes_here(answer_id)
        }

    def _look(self, loop: asyncio.AbstractEventLoop, rung: Rung) -> None:
        """Read in the listener's thread, where waiting keeps nobody; feed in the event loop."""
        news = self.read(rung)
        if news.entries or news.behind:
            loop.call_soon_threadsafe(self.feed, news)

    def read(self, rung: Rung) -> News:
        """Read the log for all answers that rang; now and then for all that are watched, because a notification may
        have been missed, or an answer deleted. Raises what the database says."""
        thorough = time.monotonic() > self._looked_at + LOOK_EVERY
        if not (thorough or rung is None or rung):
            return News({}, set())
        watched = self._watched()
        named = watched if thorough or rung is None else {one: watched[one] for one in rung if one in watched}
        heard = {answer_id: follower.heard for answer_id, follower in named.items()}
        entries = entries_beyond({answer_id: seq for answer_id, seq in heard.items() if seq is not None})
        behind = {answer_id for answer_id, seq in heard.items() if seq is None}
        if thorough:
            behind |= answers_to_look_at(watched)
            self._looked_at = time.monotonic()
        return News(entries, behind)

    def feed(self, news: News) -> None:
        """Feed the followers what was read, and have those that are behind read by themselves."""
        for answer_id, entries in news.entries.items():
            if follower := self._followers.get(answer_id):
                follower.feed(entries)
        for answer_id in news.behind:
            if follower := self._followers.get(answer_id):
                follower.look_again()
