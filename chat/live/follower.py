"""One answer as its viewers in this process see it.

A follower holds the rendered transcript and hands out frames. Viewers pull: one that is slow simply asks later and gets
one larger frame, so nothing is buffered for anybody.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import UUID

from chat.answers.transcript import Entry, entries_after
from chat.live.answer_display import Reader
from chat.live.partials import Partials
from chat.models import Answer
from core import sse
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare
from core.web.outages import outage_of, tell_outage

T = TypeVar("T")

FAIR_COST = 0.002  # CPU seconds; an answer whose rendering takes longer waits longer than the others
TRY_AGAIN_AFTER = 0.5  # seconds, while the database is away
LONG_TAIL = 4_000  # characters; a longer open tail is rendered in a thread so that the event loop stays free


class Host(Protocol):
    """What a follower needs of the broadcast that it belongs to: how to render, read, and pause."""

    render: Callable[[UUID, Reader], str]
    read: RunInThread
    read_long: RunByShare

    def pause_for(self, cost: float) -> float: ...


class AnswerGone(Exception):
    """There is nothing to follow any more: the answer was deleted, or this process stops."""


class Follower:
    """One answer as its viewers in this process see it. Only its own task changes it."""

    def __init__(self, answer_id: UUID, broadcast: Host) -> None:
        self.answer_id = answer_id
        self.viewers = 0
        self.ended = False
        self.gone = False
        self._broadcast = broadcast
        self._partials: Partials | None = None
        self._waiting: list[Entry] = []
        self._behind = True
        self._woken = asyncio.Event()
        self.busy = True  # something was announced that has not been shown yet
        self._woken.set()
        self._heard = 0  # the last number that was fed, or read
        self._news = asyncio.Event()
        self._frames: dict[tuple[int, Reader], bytes] = {}
        self._finals: dict[Reader, bytes] = {}
        self._shown = -1
        self._shown_at = 0.0
        self._rendering = False
        self.cost = 0.0  # CPU seconds that one rendering takes, smoothed

    @property
    def heard(self) -> int | None:
        """The number of the last entry that is known here; None before anything was read."""
        return self._heard if self._partials else None

    def feed(self, entries: list[Entry]) -> None:
        """Take entries that were committed in this process just now, or read from the log."""
        news = [entry for entry in entries if entry.seq > self._heard]
        if news:
            self._waiting.extend(news)
            self._heard = news[-1].seq
            self._wake()

    def look_again(self) -> None:
        """Read the log: something may have been committed elsewhere."""
        self._behind = True
        self._wake()

    def _wake(self) -> None:
        self.busy = True
        self._woken.set()

    def wake_viewers(self) -> None:
        """Let every viewer look around."""
        self._news.set()
        self._news.clear()

    async def run(self) -> None:
        """Follow the log until the answer ends."""
        while not (self.ended or self.gone):
            await self._woken.wait()
            pause = self._broadcast.pause_for(self.cost)
            await asyncio.sleep(max(0.0, self._shown_at + pause - time.monotonic()))
            self._woken.clear()
            await self._catch_up_when_possible()
            if self._partials and not self.ended:
                await self._render(self._partials)
            self._frames.clear()
            self._shown = self._partials.seq if self._partials else -1
            self._shown_at = time.monotonic()
            self.busy = self._woken.is_set()
            self.wake_viewers()

    async def _catch_up_when_possible(self) -> None:
        """Catch up, however long the database is away. Viewers keep what they have meanwhile."""
        while not self.gone:
            try:
                return await self._catch_up()
            except Exception as fault:
                if not outage_of(fault):
                    raise
                self._behind = True  # what was fed is in the log too
                tell_outage(fault, during="Answers cannot be read for those who watch them")
            await asyncio.sleep(TRY_AGAIN_AFTER)

    async def _catch_up(self) -> None:
        """Apply what was fed, and read from the log what was not."""
        entries, self._waiting = self._waiting, []
        known = self._partials.seq if self._partials else -1
        if self._behind or (entries and entries[0].seq > known + 1):
            self._behind = False
            answer, entries = await self._broadcast.read(lambda: _load_entries(self.answer_id, max(known, 0)))
            if answer is None:
                self.gone = True
                return
            self._partials = self._partials or Partials(answer)
            self.ended = not answer.is_live
        if self._partials:
            self._partials.apply(entry for entry in entries if entry.seq > known)
            self._heard = max(self._heard, self._partials.seq)
            self.ended = self.ended or self._partials.transcript.ended

    async def _render(self, partials: Partials) -> None:
        if partials.open_length > LONG_TAIL:
            self._rendering = True
            try:
                cost = await self._read_long(lambda: _time_of_rendering(partials))
            finally:
                self._rendering = False
        else:
            cost = _time_of_rendering(partials)
        self.cost += 0.3 * (min(cost, 2 * self.cost + FAIR_COST / 2) - self.cost)  # one slow time says little

    async def frame(self, *, after: int, reader: Reader) -> tuple[int, bytes]:
        """The log's number that is shown now, and the event that brings a viewer from `after` to it.

        The event is empty when the viewer has everything that can be read now. Raises AnswerGone.
        """
        if after > self._shown:  # a viewer who saw more, in another process: what it saw is committed
            self.look_again()
        if self._is_not_ready_for(after):
            await self._news.wait()
        if self.gone:
            raise AnswerGone
        if self._partials is None or after == self._shown or self._is_not_ready_for(after):
            return after, b""
        key = (after, reader)
        if key not in self._frames:
            html = self._partials.frame(after=after, reader=reader)
            self._frames[key] = sse.message("update", html, id=self._shown)
        return self._shown, self._frames[key]

    def _is_not_ready_for(self, after: int) -> bool:
        """Whether a viewer who has all up to `after` has to wait until the log was read, or the tail rendered."""
        return not (self.gone or self.ended) and (
            self._shown < 0 or self._rendering or (self._behind and after > self._shown)
        )

    async def final(self, *, reader: Reader) -> bytes:
        """The event with the finished article, rendered once for those who may ask and once for those who read, in each
        language that somebody reads. Empty while the database is away. Raises AnswerGone."""
        if reader not in self._finals:
            try:
                html = await self._read_long(lambda: self._broadcast.render(self.answer_id, reader))
            except Exception as fault:
                if not outage_of(fault):
                    raise
                tell_outage(fault, during="Answers cannot be shown to those who watch them")
                if self.gone:
                    raise AnswerGone from fault
                return b""
            self._finals[reader] = sse.message("final", html)
        return self._finals[reader]

    async def _read_long(self, work: Callable[[], T]) -> T:
        """Do what may take long at the asker's expense."""
        asker = self._partials.answer.question.author_id if self._partials else None
        return await self._broadcast.read_long(work, share=asker)

    async def news(self) -> None:
        """Wait until there may be something new, at most about a second."""
        await self._news.wait()


def _load_entries(answer_id: UUID, seq: int) -> tuple[Answer | None, list[Entry]]:
    """The answer, if it still exists, and its entries beyond `seq`. The state is read first: entries that come
    between the two reads are then seen now or with the next notification, never missed."""
    answer = Answer.objects.select_related("question__conversation").filter(pk=answer_id).first()
    return answer, entries_after(answer_id, seq) if answer else []


def _time_of_rendering(partials: Partials) -> float:
    """Render the open tail; CPU seconds that it took."""
    began = time.thread_time()
    partials.render_tail()
    return time.thread_time() - began
