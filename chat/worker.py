"""The answers that this process writes: start, stop, recover.

An answer is written by a task in the web process; it holds the answer's *lease*, which the process renews. Whoever
finds a lease that ran out ends the answer as *interrupted* and keeps its text, so a spinner never lasts. What the
upstream works on by itself is not ended then but taken over: asking after it costs nothing.
"""

import asyncio
import contextvars
import logging
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from chat import maintenance, withdrawals
from chat.answers import finalize, leases, prompt
from chat.answers.event_log import AWAY, Fenced, Journal, Pen
from chat.answers.finalize import Problem
from chat.answers.recorder import TooLong, Writer, clean
from chat.answers.transcript import Transcript, entries_after, fold
from chat.answers.waiting import Gate
from chat.catalog import gateway
from chat.live.broadcast import Followers
from chat.models import Answer
from upstream.errors import CutOff, UpstreamError
from upstream.registry import Services

logger = logging.getLogger(__name__)

T = TypeVar("T")
End = tuple[Answer.State, Problem | None]

RENEW_EVERY = 3.0  # seconds
TIDY_UP_EVERY = 1800.0  # seconds
LOOK_AT_MODELS_EVERY = 60.0  # seconds
STOP_IN_TIME = 3.0  # seconds that somebody who clicks Stop waits at most


class Office:
    """Everything of this process that writes and follows answers. Lives in the event loop."""

    def __init__(self, *, client: Services, render: Callable[[UUID, bool], str]) -> None:
        self.id = uuid.uuid4()
        self.draining = False
        self.loop = asyncio.get_running_loop()
        self.followers = Followers(writes_here=self.writes, render=render)
        self._client = client
        self._journal = Journal(on_commit=self.followers.committed)
        self._gate = Gate(self.followers.read)
        self._running: dict[UUID, Running] = {}
        self._chores: list[asyncio.Task[None]] = []

    # --- life ---------------------------------------------------------------------------------------

    def open(self) -> None:
        """Begin to write and to look after leases."""
        self._journal.open()
        self.followers.open()
        self._chores = [self._spawn(work()) for work in (self._make_rounds, self._tidy_up, self._look_at_models)]

    async def drain(self, *, grace: float) -> None:
        """Let running answers finish for `grace` seconds, then interrupt the rest; their text is kept. Those that the
        upstream works on by itself are left to other processes, as soon as it has them."""
        self.draining = True
        for running in list(self._running.values()):
            running.leave_soon()
        await self._wait_for_all(at_most=grace)
        for running in list(self._running.values()):
            if not running.leave():
                running.stop(Answer.State.INTERRUPTED)
        await self._wait_for_all(at_most=5)

    async def _wait_for_all(self, *, at_most: float) -> None:
        tasks = [running.task for running in self._running.values() if running.task]
        if tasks and at_most > 0:
            await asyncio.wait(tasks, timeout=at_most)

    async def close(self) -> None:
        """Stop everything. Answers that still run are interrupted."""
        await self.drain(grace=0)
        for chore in self._chores:
            chore.cancel()
        await self.followers.close()
        await self._journal.close()
        await self._client.aclose()

    async def gateway_is_reachable(self) -> bool | None:
        """The same of the gateway; None where there is none."""
        return await self._client.gateway_reachable()

    async def upstream_is_reachable(self) -> bool:
        """Whether something answers where the questions go. Costs nothing and takes a few seconds at most."""
        return await self._client.reachable()

    # --- answers ------------------------------------------------------------------------------------

    def writes(self, answer_id: UUID) -> bool:
        """Whether this process writes the answer."""
        return answer_id in self._running

    def start(self, answer_id: UUID, *, in_background: bool = False, taken_over: bool = False) -> None:
        """Write the answer, whose lease this process holds. To be called in the event loop.

        The upstream may work on it by itself, `in_background`; one `taken_over` may have been begun by somebody else.
        """
        if answer_id not in self._running:
            running = self._running[answer_id] = Running(in_background=in_background, taken_over=taken_over)
            running.task = self._spawn(self._write(answer_id, running))
            running.task.add_done_callback(lambda _task: self._running.pop(answer_id, None))

    async def stop(self, answer_id: UUID) -> None:
        """Stop writing the answer, if this process does, and wait until that is on record."""
        running = self._running.get(answer_id)
        if running and running.task:
            running.stop(Answer.State.STOPPED)
            await asyncio.wait([running.task], timeout=STOP_IN_TIME)

    def _spawn(self, work: Coroutine[None, None, T]) -> asyncio.Task[T]:
        """A task that inherits nothing from the request that caused it, least of all its database connection."""
        return self.loop.create_task(work, context=contextvars.Context())

    async def _write(self, answer_id: UUID, running: "Running") -> None:
        running.asking = self._spawn(self._ask(answer_id, running))
        if running.stopped:
            running.asking.cancel()
        try:
            try:
                state, problem = await running.asking
            except asyncio.CancelledError:
                state, problem = running.end
            if running.writer:
                await running.writer.settle()
        except Fenced as fence:
            running.left = running.left or (running.in_background and fence.taken)
            state, problem = Answer.State.FAILED, finalize.our_fault()  # where somebody else ended it, that end stands
        if running.left:
            await self._record(answer_id, lambda: leases.let_go(answer_id=answer_id, holder=self.id))
        else:
            await self._record(answer_id, lambda: finalize.end(answer_id=answer_id, state=state, problem=problem))

    async def _ask(self, answer_id: UUID, running: "Running") -> End:
        """Put the question to the upstream and write what it says; returns how that ended."""
        try:
            sofar = Transcript()
            if running.taken_over:
                sofar = await self.followers.read(lambda: fold(entries_after(answer_id, 0)))
            pen = Pen(answer_id, seq=sofar.seq)
            writer = Writer(journal=self._journal, pen=pen, sofar=sofar, submitted=running.submitted)
            running.writer = writer
            if writer.finished:
                return Answer.State.FINISHED, None
            if sofar.job:
                running.submitted(sofar.job)
            with running.waiting_in_line():
                lane = await self._gate.pass_through(answer_id, tell=writer.stands_at)
            plan = await self.followers.read(lambda: prompt.plan_for(answer_id))
            request = await plan.complete()
            events = withdrawals.ask(self._client, request, read=self.followers.read)
            events = gateway.noted(events, answer_id=answer_id, read=self.followers.read)
            await writer.write(self._gate.heed(lane, events))
            if not writer.finished:
                raise CutOff
        except UpstreamError as error:
            problem = Problem(kind=error.kind, message=clean(error.message), retryable=error.retryable, wait=error.wait)
            return (Answer.State.INTERRUPTED if isinstance(error, CutOff) else Answer.State.FAILED), problem
        except TooLong:
            problem = Problem(
                kind="too_long", message=_("The answer grew beyond every measure and was cut off."), retryable=False
            )
            return Answer.State.INTERRUPTED, problem
        except Fenced:
            raise
        except Exception as fault:
            if running.in_background and isinstance(fault, AWAY):
                running.left = True  # somebody goes on when the database is back
                return running.end
            logger.exception("Answer %s could not be written.", answer_id)
            return Answer.State.FAILED, finalize.our_fault()
        return Answer.State.FINISHED, None

    async def _record(self, answer_id: UUID, work: Callable[[], object]) -> None:
        """Put on record what became of the answer, however long the database is away."""
        attempt = 0
        while True:
            try:
                await self.followers.read(work)
                break
            except AWAY as fault:
                attempt += 1
                logger.warning("The end of answer %s cannot be stored yet: %s", answer_id, fault)
                await asyncio.sleep(min(attempt * 0.2, 2))
        self.followers.look_again(answer_id)

    async def _make_rounds(self) -> None:
        """Renew leases, end what others left behind, begin what nobody began."""
        sweeper = leases.Sweeper()
        while True:
            try:
                writing = list(self._running)
                for answer_id in await self.followers.read(lambda: leases.renew(holder=self.id, writing=writing)):  # noqa: B023
                    running = self._running.get(answer_id)
                    if running and not running.leave():
                        running.stop(Answer.State.INTERRUPTED)
                for answer_id in await self.followers.read(lambda: sweeper.sweep(writing=writing)):  # noqa: B023
                    self.followers.look_again(answer_id)
                if not self.draining:
                    claimed = await self.followers.read(lambda: leases.claim(holder=self.id))
                    for answer_id, in_background in claimed.items():
                        self.start(answer_id, in_background=in_background, taken_over=True)
            except Exception:
                logger.warning("The round over the leases failed; the next one follows.", exc_info=True)
            await asyncio.sleep(RENEW_EVERY)

    async def _look_at_models(self) -> None:
        while self._client.gateway:
            await gateway.listing().refresh(self._client.gateway)
            await asyncio.sleep(LOOK_AT_MODELS_EVERY)

    async def _tidy_up(self) -> None:
        while True:
            await asyncio.sleep(TIDY_UP_EVERY)
            try:
                await self.followers.read(maintenance.tidy_up)
                await withdrawals.look_again(self._client, read=self.followers.read)
            except Exception:
                logger.warning("Tidying up failed; it is tried again later.", exc_info=True)


class Running:
    """One answer that is being written. `end` is how it ends when somebody stops it.

    One `in_background`, or one that waits in line, can be `left` to another process instead.
    """

    def __init__(self, *, in_background: bool = False, taken_over: bool = False) -> None:
        self.in_background = in_background
        self.taken_over = taken_over
        self._in_line = False
        self.left = False
        self.writer: Writer | None = None
        self._leaves_soon = False
        self._is_submitted = False
        self.task: asyncio.Task[None] | None = None
        self.asking: asyncio.Task[End] | None = None
        self.stopped = False
        self.end: End = (Answer.State.INTERRUPTED, None)

    def stop(self, state: Answer.State) -> None:
        """Close the connection to the upstream; the answer then ends in this state with the text it has."""
        self.left = False
        self.end = (state, leases.restart_problem() if state == Answer.State.INTERRUPTED else None)
        self._cancel()

    def submitted(self, job: str) -> None:
        """Hear what the upstream calls the work; with no name it does not work on it by itself."""
        self.in_background = self._is_submitted = bool(job)
        if self._leaves_soon:
            self.leave()

    def leave_soon(self) -> None:
        """Leave the answer to another process as soon as the upstream has it."""
        self._leaves_soon = True
        if self._is_submitted or self._in_line:
            self.leave()

    def leave(self) -> bool:
        """Leave the answer to another process. False where nobody could go on with it."""
        if not (self.in_background or self._in_line):
            return False
        if not self.stopped:
            self.left = True
            self._cancel()
        return True

    @contextmanager
    def waiting_in_line(self) -> Iterator[None]:
        """Meanwhile nothing has been sent."""
        self._in_line = True
        try:
            yield
        finally:
            self._in_line = False

    def _cancel(self) -> None:
        self.stopped = True
        if self.asking:
            self.asking.cancel()


_office: Office | None = None


async def open_office(*, client: Services, render: Callable[[UUID, bool], str]) -> Office:
    """Begin to write answers in this process, on the running event loop."""
    global _office  # noqa: PLW0603 - one per process, and views have no other way to it
    _office = Office(client=client, render=render)
    _office.open()
    return _office


async def close_office() -> None:
    """Stop, with every answer on record."""
    global _office
    office, _office = _office, None
    if office:
        await office.close()


def office() -> Office | None:
    """This process's office; None in a command or a test that serves nobody."""
    return _office


def start(answer: Answer) -> None:
    """Have the answer written. From any thread; without an office here, the next process to make its rounds does it."""
    here = _office
    if here is None or here.draining:
        return
    try:
        taken = leases.take(answer_id=answer.pk, holder=here.id, new=True)
    except DatabaseError:
        logger.warning("The lease of answer %s could not be taken; the next round will.", answer.pk, exc_info=True)
        return
    if taken:
        here.loop.call_soon_threadsafe(partial(here.start, answer.pk, in_background=answer.background))


def stop(answer: Answer) -> None:
    """Stop the answer, wherever it is written, and return when that is on record. From any thread but the loop's."""
    here = _office
    if here and here.writes(answer.pk):
        asyncio.run_coroutine_threadsafe(here.stop(answer.pk), here.loop).result(timeout=STOP_IN_TIME + 1)
    finalize.end(answer_id=answer.pk, state=Answer.State.STOPPED)  # nobody wrote it, or somebody just left it
    if here:
        here.loop.call_soon_threadsafe(here.followers.look_again, answer.pk)
