"""The answers that this process writes: start, stop, recover.

An answer is written by a task in the web process, which holds the answer's lease (`chat.answers.leases`). The way of a
chunk: bytes of the upstream become events (`upstream.client`), events become entries of the log
(`chat.answers.recorder`), entries are committed (`chat.answers.event_log`), and what is committed becomes frames for
the viewers (`chat.live.broadcast`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TypeVar
from uuid import UUID

from chat.answers import finalize, prompt
from chat.answers.event_log import EventLog, Fenced, LogWriter
from chat.answers.finalize import AnswerProblem, AtHand
from chat.answers.leases import answer_leases
from chat.answers.rate_limit_queue import RateLimitQueue
from chat.answers.rate_limits import QueuePlace
from chat.answers.recorder import Handlers, Recorder, TooLong
from chat.answers.running_answer import End, RunningAnswer
from chat.answers.sending import Readiness, load_answer, make_ready
from chat.answers.side_events import side_event_handlers
from chat.answers.transcript import Entry, Transcript, entries_after, fold_entries
from chat.live.answer_display import Reader
from chat.live.broadcast import Broadcast
from chat.models import Answer
from chat.notifications.board import NoticeBoard
from chat.questions.service import Handover
from chat.upkeep import withdrawals
from chat.upkeep.chores import chores
from core.sentences import sentence
from core.web.db import AWAY, DatabaseThreads, RunInThread, connect_first
from core.web.fair_threads import FairThreads
from core.web.jobs.worker import Worker
from upstream.errors import CutOff, HandOverCut, UpstreamError, Withdrawn
from upstream.registry import Services
from upstream.requests import AskRequest

logger = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 2  # for the database, shared with those who watch answers
RENDERING_THREADS = 2  # for the end of answers and for what is rendered of them meanwhile, which may take a second each
CONNECTIONS = THREADS + RENDERING_THREADS + 2  # the event log and the listener have one each
COMMIT_PAUSES = 0.05, 0.1  # seconds between two commits of what answers say: at least, and at most
LOOK_IN_TIME = 5.0  # seconds that somebody who asks waits at most to hear whether an answer can be written
STOP_IN_TIME = 3.0  # seconds that somebody who clicks Stop waits at most
CALLED_OFF_IN_TIME = 2.0  # seconds that a process that stops waits for work to be called off


class AnswerWorker(Worker[RunningAnswer]):
    """Writes the answers of this process, shows them to those who watch (`broadcast`), and tells people what happened
    while they looked elsewhere (`notices`)."""

    def __init__(self, *, client: Services, render: Callable[[UUID, Reader], str]) -> None:
        super().__init__(name="answer", leases=answer_leases, threads=DatabaseThreads("answers", count=THREADS))
        self._rendering = FairThreads("rendering", count=RENDERING_THREADS)
        self.broadcast = Broadcast(
            writes_here=self.does,
            known=self._known,
            render=render,
            read=self.threads.run,
            read_long=self._rendering.run,
            tell_pause=self._commit_as_shown,
        )
        self.notices = NoticeBoard(read=self.threads.run, permissions=self.broadcast.permissions)
        self._client = client
        self._log = EventLog(on_commit=self._committed)
        self._queue = RateLimitQueue(self.threads.run, holder=self.id)
        self._calling_off: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """Open the connections without which no answer can be written or shown."""
        await super().connect()
        await self._rendering.connect()
        await self._log.connect()
        await self.broadcast.connect()

    def open(self) -> None:
        """Begin to write, to broadcast and to look after leases."""
        self._log.open()
        self.broadcast.open()
        self.notices.open()
        super().open()
        for seconds, work, at_once, longest in chores(self._client, run=self.threads.run):
            self.every(seconds, work, at_once=at_once, longest=longest)

    async def release(self) -> None:
        """Send the viewers their last frames, and close what was opened."""
        await self.notices.close()
        await self.broadcast.close()
        if self._calling_off:
            await asyncio.wait(self._calling_off, timeout=CALLED_OFF_IN_TIME)
        await self._log.close()
        await self._client.aclose()
        self._rendering.shutdown()

    def claim(self) -> dict[UUID, RunningAnswer]:
        """Take over answers that wait for somebody."""
        return {
            answer_id: RunningAnswer(in_background=in_background, taken_over=True)
            for answer_id, in_background in answer_leases.claim_answers(holder=self.id).items()
        }

    def leave_soon(self, job: RunningAnswer) -> None:
        """Leave to other processes what the upstream works on by itself, as soon as it has it, and what is queued."""
        job.leave_soon()

    def break_off(self, job: RunningAnswer) -> None:
        """Leave the answer to another process, or interrupt it; its text is kept."""
        job.leave_or_interrupt()

    def lost(self, job: RunningAnswer) -> None:
        """Write no further: somebody else ended the answer, or took it over."""
        job.leave_or_interrupt()

    def gave_up(self, job_id: UUID) -> None:
        """Show the end of an answer that another process had left behind."""
        self.broadcast.look_again(job_id)

    async def can_write(self) -> bool:
        """Whether what an answer says could be stored right now."""
        return await self._log.can_write()

    @property
    def services(self) -> Services:
        """Whom this process asks."""
        return self._client

    def _commit_as_shown(self, pause: float) -> None:
        """Commit about twice as often as what is committed is shown, so that not all answers are shown at one moment,
        the last of them late."""
        shortest, longest = COMMIT_PAUSES
        self._log.pause = min(max(pause / 2, shortest), longest)

    async def stop(self, answer_id: UUID) -> None:
        """Stop writing the answer, if this process does, and wait until that is on record."""
        running = self._jobs.get(answer_id)
        if running and running.task:
            running.stop(Answer.State.STOPPED)
            await asyncio.wait([running.task], timeout=STOP_IN_TIME)

    def _known(self, answer_id: UUID) -> AtHand | None:
        running = self._jobs.get(answer_id)
        return running.known if running else None

    def _committed(self, answer_id: UUID, entries: list[Entry]) -> None:
        """The log holds this too: keep it for the end, and show it."""
        if running := self._jobs.get(answer_id):
            running.entries += entries
        self.broadcast.committed(answer_id, entries)

    async def perform(self, answer_id: UUID, running: RunningAnswer) -> None:
        """Write the answer and put on record how it ended, or leave it to another process."""
        running.asking = self.spawn(self._write(answer_id, running))
        if running.stopped:
            running.asking.cancel()
        try:
            try:
                state, problem = await running.asking
            except asyncio.CancelledError:
                state, problem = running.end
            if running.recorder:
                await running.recorder.settle()
            at_hand = running.at_hand
        except Fenced as fence:
            at_hand = None
            running.left = running.left or (running.can_be_left and fence.taken)
            # Where somebody else ended it, that end stands.
            state, problem = Answer.State.FAILED, finalize.internal_problem()
        running.is_over = True
        if running.left:
            await self._persist(answer_id, lambda: answer_leases.let_go(answer_id, holder=self.id))
        else:
            await self._end(answer_id, state, problem, at_hand=at_hand)
        if running.recorder and running.recorder.job and not running.recorder.finished:
            self.call_off_if_ended(answer_id, job=running.recorder.job)

    def call_off_if_ended(self, answer_id: UUID, *, job: str = "") -> None:
        """Have the upstream stop its work on the answer if somebody has ended that early, here or in another process.
        Nobody waits for it. `job` is what the work is called, where the answer's row may not say so. In the event
        loop."""
        task = self.spawn(self._call_off(answer_id, job))
        self._calling_off.add(task)
        task.add_done_callback(self._calling_off.discard)

    async def _call_off(self, answer_id: UUID, job: str) -> None:
        ended_early = Answer.objects.filter(pk=answer_id, state__in=(Answer.State.STOPPED, Answer.State.INTERRUPTED))
        answer = await self.threads.persist(ended_early.only("provider", "job").first, about=f"answer {answer_id}")
        if answer and (job := job or answer.job):
            await self._client.call_off(job, provider=answer.provider)

    async def _end(
        self, answer_id: UUID, state: Answer.State, problem: AnswerProblem | None, *, at_hand: AtHand | None
    ) -> None:
        """Put on record how the answer ended, beside the threads in which others begin."""
        about = f"answer {answer_id}"
        read = self.threads.persist
        asker = at_hand.answer.question.author_id if at_hand else await read(lambda: _asker_of(answer_id), about=about)
        last = await self._rendering.persist(
            lambda: finalize.end_answer(answer_id=answer_id, state=state, problem=problem, at_hand=at_hand),
            share=asker,
            about=about,
        )
        self.broadcast.committed(answer_id, [last]) if last else self.broadcast.look_again(answer_id)
        self.notices.look_soon()

    async def _persist(self, answer_id: UUID, work: Callable[[], object]) -> None:
        await self.threads.persist(work, about=f"answer {answer_id}")
        self.broadcast.look_again(answer_id)

    async def _when_possible(self, answer_id: UUID, work: Callable[[], T]) -> T:
        """Do what an answer in progress needs of the database, however long that is away."""
        return await self.threads.persist(work, about=f"answer {answer_id}")

    async def _write(self, answer_id: UUID, running: RunningAnswer) -> End:
        """Write what the upstream says; returns how that ended. Raises Fenced."""
        try:
            await self._ask(answer_id, running)
        except UpstreamError as error:
            problem = AnswerProblem(kind=error.kind, message=error.message, retryable=error.retryable, wait=error.wait)
            return (Answer.State.INTERRUPTED if isinstance(error, CutOff) else Answer.State.FAILED), problem
        except TooLong:
            problem = AnswerProblem(
                kind="too_long", message=sentence("The answer grew too long and was cut off."), retryable=False
            )
            return Answer.State.INTERRUPTED, problem
        except Fenced:
            raise
        except Exception as fault:
            if running.can_be_left and isinstance(fault, AWAY):
                running.left = True  # somebody goes on when the database is back
                return running.end
            logger.exception("Answer %s could not be written.", answer_id)
            return Answer.State.FAILED, finalize.internal_problem()
        return Answer.State.FINISHED, None

    async def _ask(self, answer_id: UUID, running: RunningAnswer) -> None:
        """Put the question to the upstream when it is its turn, and record what comes back to its regular end.

        Raises UpstreamError, TooLong or Fenced.
        """
        if running.taken_over:
            running.entries = await self._when_possible(answer_id, lambda: entries_after(answer_id, 0))
        sofar = fold_entries(running.entries)
        writer = LogWriter(answer_id, seq=sofar.seq)
        recorder = Recorder(log=self._log, writer=writer, sofar=sofar, submitted=running.submitted)
        running.recorder = recorder
        if recorder.finished:
            return
        if sofar.handing_over:
            raise HandOverCut
        if sofar.job:
            running.submitted(sofar.job)
        ready = await self._make_ready(answer_id, running, sofar)
        if ready.turn.place:
            await self._queue.wait_for_turn(ready.turn, tell=recorder.queued_at)
            ready = await self._make_ready(answer_id, running, sofar, turn=replace(ready.turn, place=0))
        assert ready.plan
        request = await ready.plan.complete()
        if sent := ready.plan.sent:
            await self._when_possible(answer_id, lambda: prompt.note_with_answer(answer_id, **sent))
        recorder.passages_sent(ready.plan.passages)
        if not sofar.job:
            await self._confirm_sending(answer_id, running, is_confirmed=ready.is_confirmed)
        run = partial(self._when_possible, answer_id)
        await self._record(
            request, recorder, handlers=side_event_handlers(answer_id, bucket=ready.turn.bucket, run=run)
        )
        if not recorder.finished:
            raise CutOff

    async def _make_ready(
        self, answer_id: UUID, running: RunningAnswer, sofar: Transcript, *, turn: QueuePlace | None = None
    ) -> Readiness:
        """Come as far as possible in one piece of work."""

        def work() -> Readiness:
            if running.answer is None:
                running.answer, running.attachments = load_answer(answer_id)
            return make_ready(
                running.answer,
                attachments=running.attachments,
                holder=self.id,
                may_send=lambda: not (running.stopped or sofar.job),
                submitted_at=sofar.submitted_at,
                turn=turn,
            )

        return await self._when_possible(answer_id, work)

    async def _confirm_sending(self, answer_id: UUID, running: RunningAnswer, *, is_confirmed: bool | None) -> None:
        """Put on record that the question is sent, if that was not tried yet. Raises Fenced where somebody else has the
        answer by now."""
        if is_confirmed is None:
            is_confirmed = await self._when_possible(
                answer_id, lambda: answer_leases.confirm_sending(answer_id, holder=self.id)
            )
        if not is_confirmed:
            raise Fenced(taken=True)
        running.sent()

    async def _record(self, request: AskRequest, recorder: Recorder, *, handlers: Handlers) -> None:
        try:
            await recorder.record(self._client.ask(request), handlers=handlers)
        except Withdrawn as refusal:
            raise await withdrawals.examine(
                refusal, provider=request.provider, client=self._client, run=self.threads.run
            ) from refusal


def _asker_of(answer_id: UUID) -> UUID | None:
    """Who asked for the answer; None where it is not there any more."""
    return Answer.objects.filter(pk=answer_id).values_list("question__author_id", flat=True).first()


_worker: AnswerWorker | None = None


async def start_answer_worker(
    *,
    client: Services,
    render: Callable[[UUID, Reader], str],
    prepare: Callable[[RunInThread], Awaitable[None]] | None = None,
) -> AnswerWorker:
    """Begin to write answers in this process, on the running event loop; `prepare` is done before any is written, with
    the worker's connections. Raises OutOfConnections."""
    global _worker  # noqa: PLW0603 - one per process, and views have no other way to it
    worker = AnswerWorker(client=client, render=render)
    await connect_first(worker.connect)
    if prepare:
        await prepare(worker.threads.run)
    _worker = worker
    _worker.open()
    return _worker


async def close_answer_worker() -> None:
    """Stop, with every answer on record."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_answer_worker() -> AnswerWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker


def can_write_answers() -> bool:
    """Whether this process could write an answer right now. From any thread but the loop's; where nobody writes here,
    others do."""
    worker = _worker
    if worker is None:
        return True
    try:
        return asyncio.run_coroutine_threadsafe(worker.can_write(), worker.loop).result(timeout=LOOK_IN_TIME)
    except TimeoutError:
        return False


def begin_handover() -> Handover:
    """With what a question is asked whose answer is to be written here, if this process writes answers."""
    worker = _worker
    return Handover(holder=worker.id if worker and not worker.draining else None)


def start_answer(answer: Answer, handover: Handover) -> None:
    """Have the answer written, which was stored just now or before. From any thread; without a worker here, the next
    process to make its round does it."""
    worker = _worker
    if worker is None:
        return
    if handover.answer and handover.holder == worker.id:
        # A copy: the page shows the answer as it began while it may end already.
        own = copy(answer)
        worker.begin_new(
            answer.pk, RunningAnswer(in_background=answer.background, answer=own, attachments=handover.attachments)
        )
    else:
        worker.submit(answer.pk, RunningAnswer(in_background=answer.background))


def stop_answer(answer: Answer) -> None:
    """Stop the answer, wherever it is written, and return when that is on record. From any thread but the loop's."""
    worker = _worker
    if worker and worker.does(answer.pk):
        asyncio.run_coroutine_threadsafe(worker.stop(answer.pk), worker.loop).result(timeout=STOP_IN_TIME + 1)
    ended = finalize.end_answer(answer_id=answer.pk, state=Answer.State.STOPPED)  # nobody here writes it
    if worker:
        worker.loop.call_soon_threadsafe(worker.broadcast.look_again, answer.pk)
        if ended:
            worker.loop.call_soon_threadsafe(worker.call_off_if_ended, answer.pk)
