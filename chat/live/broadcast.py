"""Broadcasts answers: each process keeps one follower per watched answer, however many people watch it.

A follower holds the rendered transcript and hands out frames. The event log feeds it with what it has committed in the
process that writes the answer; elsewhere the log beyond its number is read when somebody notifies. Viewers pull: one
that is slow simply asks later and gets one larger frame, so nothing is buffered for anybody.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeVar
from uuid import UUID

from chat.answers.notify import Listener, Rung
from chat.answers.transcript import Entry, entries_after
from chat.live.log_reader import answers_to_look_at, entries_beyond
from chat.live.partials import Partials
from chat.models import Answer
from core import sse
from core.web.db import RunInThread
from core.web.fair_threads import RunByShare
from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

T = TypeVar("T")

SHARE_FOR_RENDERING = 0.35  # of one core, for all answers together that are watched in this process
FAIR_COST = 0.002  # CPU seconds; an answer whose rendering takes longer waits longer than the others
LONGEST_PAUSE = 1.0  # seconds between two renderings of one answer, unless a single one takes longer
SUM_EVERY = 0.05  # seconds
TRY_AGAIN_AFTER = 0.5  # seconds, while the database is away
READ_PAUSE = 0.025  # seconds between two looks into the log for what rang; what rings meanwhile is read together
LONG_TAIL = 4_000  # characters; a longer open tail is rendered in a thread so that the event loop stays free
TICK = (
    1.0  # seconds; viewers wake at least this often, and followers look at a foreign answer though nobody notified them
)
HAND_OUT_WITHIN = 2.0  # seconds for the last frames when the process stops


class AnswerGone(Exception):
    """There is nothing to follow any more: the answer was deleted, or this process stops."""


class Follower:
    """One answer as its viewers in this process see it. Only its own task changes it."""

    def __init__(self, answer_id: UUID, broadcast: "Broadcast") -> None:
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
        self._frames: dict[tuple[int, bool], bytes] = {}
        self._finals: dict[bool, bytes] = {}
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

    async def frame(self, *, after: int, may_ask: bool) -> tuple[int, bytes]:
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
        key = (after, may_ask)
        if key not in self._frames:
            html = self._partials.frame(after=after, may_ask=may_ask)
            self._frames[key] = sse.message("update", html, id=self._shown)
        return self._shown, self._frames[key]

    def _is_not_ready_for(self, after: int) -> bool:
        """Whether a viewer who has all up to `after` has to wait until the log was read, or the tail rendered."""
        return not (self.gone or self.ended) and (
            self._shown < 0 or self._rendering or (self._behind and after > self._shown)
        )

    async def final(self, *, may_ask: bool) -> bytes:
        """The event with the finished article, rendered once for those who may ask and once for those who read. Empty
        while the database is away. Raises AnswerGone."""
        if may_ask not in self._finals:
            try:
                html = await self._read_long(lambda: self._broadcast.render(self.answer_id, may_ask))
            except Exception as fault:
                if not outage_of(fault):
                    raise
                tell_outage(fault, during="Answers cannot be shown to those who watch them")
                if self.gone:
                    raise AnswerGone from fault
                return b""
            self._finals[may_ask] = sse.message("final", html)
        return self._finals[may_ask]

    async def _read_long(self, work: Callable[[], T]) -> T:
        """Do what may take long at the asker's expense."""
        asker = self._partials.answer.question.author_id if self._partials else None
        return await self._broadcast.read_long(work, share=asker)

    async def news(self) -> None:
        """Wait until there may be something new, at most about `TICK` seconds."""
        await self._news.wait()


class Broadcast:
    """All followers of this process, and the listener that wakes them.

    `writes_here` says whether this process writes an answer itself; `render` makes the finished article;
    `read` runs what needs the database in a thread, and `read_long` what takes long, apart and by fair share.
    """

    def __init__(
        self,
        *,
        writes_here: Callable[[UUID], bool],
        render: Callable[[UUID, bool], str],
        read: RunInThread,
        read_long: RunByShare,
    ) -> None:
        self.render = render
        self.read = read
        self.read_long = read_long
        self._writes_here = writes_here
        self._followers: dict[UUID, Follower] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: Listener | None = None
        self._rung: set[UUID] = set()
        self._rings = asyncio.Event()
        self._cost_of_all = 0.0
        self._summed_at = 0.0

    async def connect(self) -> None:
        """Open the listener's connection. Raises what the database says when it cannot be had."""
        await asyncio.to_thread(self._the_listener().connect)

    def open(self) -> None:
        """Begin to tick, and to read what other processes commit. Needs a running event loop."""
        self._the_listener()
        self._spawn(self._tick())
        self._spawn(self._look_at_foreign())
        self._spawn(self._read_what_rang())

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
            self._listen_or_rest()
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
            self._listen_or_rest()
            for follower in list(self._followers.values()):
                follower.wake_viewers()

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

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
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


def _load_entries(answer_id: UUID, seq: int) -> tuple[Answer | None, list[Entry]]:
    """The answer, if it still exists, and its entries beyond `seq`. The state is read first: entries that come
    between the two reads are then seen now or with the next notification, never missed."""
    answer = Answer.objects.select_related("question__conversation").filter(pk=answer_id).first()
    return answer, entries_after(answer_id, seq) if answer else []


def _time_of_rendering(partials: Partials) -> float:
    """Render the open tail; CPU seconds that it took."""
    began = time.thread_time()
    partials.tail  # noqa: B018 - it is kept for the frames
    return time.thread_time() - began
