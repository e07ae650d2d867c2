"""One answer as its viewers in this process see it.

A follower holds the rendered transcript and writes frames: the same bytes to all who have the same. A viewer whose
connection takes no more is left out until it does, and then gets one larger frame, so nothing is buffered for anybody.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Protocol, TypeVar
from uuid import UUID

from chat.answers.finalize import AtHand
from chat.answers.transcript import Entry, entries_after
from chat.live.answer_display import Reader
from chat.live.pace import FAIR_COST
from chat.live.partials import Partials
from chat.live.viewer import Viewer
from chat.models import Answer
from core import sse
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare
from core.web.outages import outage_of, tell_outage

T = TypeVar("T")

TRY_AGAIN_AFTER = 0.5  # seconds, while the database is away
LONG_TAIL = 4_000  # characters; a longer open tail is rendered in a thread so that the event loop stays free
HARDLY = 0.005  # seconds that are not worth a timer
KEEP_ALIVE_EVERY = 15.0  # seconds without a frame


class Host(Protocol):
    """What a follower needs of the broadcast that it belongs to: what is known here, how to render, read, and pause.

    `was_late` hears how long a showing had to wait for its turn; `stumbled` is told when the follower cannot go on.
    """

    known: Callable[[UUID], AtHand | None]
    render: Callable[[UUID, Reader], str]
    read: RunInThread
    read_long: RunByShare

    def pause_for(self, cost: float) -> float: ...

    def was_late(self, seconds: float) -> None: ...

    def spawn(self, work: Coroutine[None, None, None]) -> None: ...

    def stumbled(self, follower: "Follower") -> None: ...


class AnswerGone(Exception):
    """There is nothing to follow any more: the answer was deleted, or this process stops."""


class Follower:
    """One answer as its viewers in this process see it. Lives in the event loop.

    What has to be read or takes long is done in a task, one at a time, and everything else in a callback.
    """

    def __init__(self, answer_id: UUID, broadcast: Host) -> None:
        self.answer_id = answer_id
        self.viewers: set[Viewer] = set()
        self.ended = False
        self.gone = False
        self.busy = True  # something was announced that has not been shown yet
        self.cost = 0.0  # CPU seconds that one showing takes, smoothed
        self._broadcast = broadcast
        self._partials: Partials | None = None
        self._waiting: list[Entry] = []
        self._heard = 0  # the last number that was fed, or read
        self._behind = True
        self._at_work = False  # in a task
        self._rendering = False  # in a thread
        self._next: asyncio.Handle | None = None
        self._due_at = 0.0
        self._shown = -1
        self._frames: dict[tuple[int, Reader], bytes] = {}
        self._finals: dict[Reader, bytes] = {}
        self._one_final = asyncio.Lock()

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
            self._show_soon()

    def look_again(self) -> None:
        """Read the log: something may have been committed elsewhere."""
        self._behind = True
        self._show_soon()

    def add(self, viewer: Viewer) -> None:
        """Write to this viewer, too."""
        self.viewers.add(viewer)
        if self._shown < viewer.after:  # it saw more, in another process: what it saw is committed
            self.look_again()
        self.bring(viewer)

    def bring(self, viewer: Viewer) -> None:
        """Write what the viewer lacks of what is shown, if it takes that now. At the end of everything it is called."""
        if self.gone:
            viewer.send_away(AnswerGone())
        elif self.ended:
            viewer.call()
        elif viewer.takes_more and viewer.after != self._shown and self._is_ready_for(viewer.after):
            frame = self._frame(after=viewer.after, reader=viewer.reader)
            viewer.after = self._shown
            viewer.write(frame)

    def bring_all(self) -> None:
        """Write to each viewer what it lacks."""
        for viewer in self.viewers:
            self.bring(viewer)

    def keep_alive(self) -> None:
        """Write something to those who have heard nothing for long, and look whether anybody lacks anything."""
        self.bring_all()
        silent_since = time.monotonic() - KEEP_ALIVE_EVERY
        for viewer in self.viewers:
            if viewer.sent_at < silent_since and viewer.takes_more:
                viewer.write(sse.KEEP_ALIVE)

    def leave(self) -> None:
        """Follow no further, and send the viewers away: their browsers come back."""
        self.gone = True
        self.bring_all()

    def _show_soon(self) -> None:
        """Show what there is, at once after a pause, else at the end of the pause."""
        if self.ended or self.gone:
            return
        self.busy = True
        if self._next or self._at_work:
            return
        now = time.monotonic()
        due_at = self._due_at + self._broadcast.pause_for(self.cost)
        loop = asyncio.get_running_loop()
        if due_at - now < HARDLY:
            self._due_at = now
            self._next = loop.call_soon(self._step)
        else:
            self._due_at = due_at
            self._next = loop.call_later(due_at - now, self._step)

    def _step(self) -> None:
        self._next = None
        self._broadcast.was_late(time.monotonic() - self._due_at)
        if self.gone:
            return
        try:
            if self._partials is None and (known := self._broadcast.known(self.answer_id)):
                self._begin_with(known)
            if self._has_to_read():
                self._go_on_in_task()
                return
            assert self._partials
            began = time.thread_time()
            waiting, self._waiting = self._waiting, []
            self._apply(self._partials, waiting)
            if self._is_long(self._partials):
                self._rendering = True
                self._go_on_in_task()
                return
            self._show()
            self._note_cost(time.thread_time() - began)
        except Exception:
            self._broadcast.stumbled(self)

    def _begin_with(self, known: AtHand) -> None:
        """Begin with what this process has written itself, unless somebody has seen more of the answer."""
        seq = known.entries[-1].seq if known.entries else 0
        if all(viewer.after <= seq for viewer in self.viewers):
            self._partials = Partials(known.answer)
            self._apply(self._partials, list(known.entries))
            self._behind = False

    def _has_to_read(self) -> bool:
        known = self._partials.seq if self._partials else -1
        return self._behind or bool(self._waiting and self._waiting[0].seq > known + 1)

    def _is_long(self, partials: Partials) -> bool:
        """Whether to render the open tail takes too long for the event loop."""
        return partials.open_length > LONG_TAIL and not self.ended

    def _go_on_in_task(self) -> None:
        self._at_work = True
        self._broadcast.spawn(self._read_and_render())

    async def _read_and_render(self) -> None:
        try:
            if self._has_to_read():
                await self._catch_up_when_possible()
            if self._partials and self._is_long(self._partials):
                await self._render(self._partials)
            self._show()
        except Exception:
            self._broadcast.stumbled(self)
        finally:
            self._at_work = False
        if self._waiting or self._behind:
            self._show_soon()

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
        """Read from the log what is not known yet."""
        self._waiting, self._behind = [], False  # what was fed before is in the log, too
        known = self._partials.seq if self._partials else 0
        answer, entries = await self._broadcast.read(lambda: _load_entries(self.answer_id, known))
        if answer is None:
            self.gone = True
            return
        self._partials = self._partials or Partials(answer)
        self.ended = not answer.is_live
        self._apply(self._partials, entries)

    def _apply(self, partials: Partials, entries: list[Entry]) -> None:
        known = partials.seq
        partials.apply(entry for entry in entries if entry.seq > known)
        self._heard = max(self._heard, partials.seq)
        self.ended = self.ended or partials.transcript.ended

    async def _render(self, partials: Partials) -> None:
        """Render the open tail in a thread. Nobody is brought anything meanwhile."""
        self._rendering = True
        self._note_cost(await self._read_long(lambda: _time_of_rendering(partials)))

    def _note_cost(self, cost: float) -> None:
        self.cost += 0.3 * (min(cost, 2 * self.cost + FAIR_COST / 2) - self.cost)  # one slow time says little

    def _show(self) -> None:
        self._frames.clear()
        self._rendering = False
        self._shown = self._partials.seq if self._partials else -1
        self.busy = bool(self._waiting or self._behind) and not (self.ended or self.gone)
        self.bring_all()

    def _is_ready_for(self, after: int) -> bool:
        """Whether a viewer who has all up to `after` need not wait until the log was read, or the tail rendered."""
        return self._shown >= 0 and not self._rendering and not (self._behind and after > self._shown)

    def _frame(self, *, after: int, reader: Reader) -> bytes:
        """The event that brings a viewer from `after` to what is shown."""
        key = (after, reader)
        frame = self._frames.get(key)
        if frame is None:
            assert self._partials
            frame = sse.message("update", self._partials.frame(after=after, reader=reader), id=self._shown)
            self._frames[key] = frame
        return frame

    async def final(self, *, reader: Reader) -> bytes:
        """The event with the finished article, rendered once for those who may ask and once for those who read, in each
        language that somebody reads. Empty while the database is away. Raises AnswerGone."""
        async with self._one_final:
            return self._finals.get(reader) or await self._render_final(reader)

    async def _render_final(self, reader: Reader) -> bytes:
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
