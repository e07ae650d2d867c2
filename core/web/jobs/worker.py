"""The worker of a process: a task in its event loop for every job, and a round that looks after the leases.

Every second a round renews the leases of the jobs that this process does, gives up those of processes that are
gone (`leases.Sweeper`), and begins what waits for somebody. Where there was no job at all, the next round waits for a
commit (`core.web.commits`). What kind of job it is, a subclass says.
"""

import asyncio
import contextvars
import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DatabaseError

from core.web.commits import Commits, News
from core.web.db import DatabaseThreads
from core.web.jobs.leases import ROUND_EVERY, Leases, Sweeper
from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOOKS_WITHIN = 30.0  # seconds, though nothing was committed
LEAVES_WITHIN = 5.0  # seconds that jobs get to put on record what became of them


class Job:
    """A job that this process does, in its `task`."""

    task: asyncio.Task[None] | None = None


J = TypeVar("J", bound=Job)


class Worker(ABC, Generic[J]):
    """Does one kind of job in this process. Lives in the event loop.

    `name` says what the jobs are, in the log; `id` is the process's name in their leases. A worker may work with the
    database threads of another one, which then are that one's to end.
    """

    def __init__(self, *, name: str, leases: Leases[Any], threads: DatabaseThreads, owns_threads: bool = True) -> None:
        self.id = uuid.uuid4()
        self.draining = False
        self.loop = asyncio.get_running_loop()
        self.threads = threads
        self._owns_threads = owns_threads
        self._name = name
        self._leases = leases
        self._sweeper = Sweeper(leases)
        self._jobs: dict[UUID, J] = {}
        self._chores: list[asyncio.Task[None]] = []
        self._commits = Commits()
        self._news_of_jobs = News(self._commits, longest=LOOKS_WITHIN)
        self._is_idle = False

    # --- what a subclass says ---------------------------------------------------------------------------

    @abstractmethod
    async def perform(self, job_id: UUID, job: J) -> None:
        """Do the job, whose lease this process holds, and put on record what became of it."""

    @abstractmethod
    def claim(self) -> dict[UUID, J]:
        """Take the leases of jobs that wait for somebody. Called in a thread for the database."""

    @abstractmethod
    def break_off(self, job: J) -> None:
        """Have the job end soon: the process stops."""

    def leave_soon(self, job: J) -> None:
        """Hear that the process is about to stop."""

    def lost(self, job: J) -> None:
        """Hear that somebody else ended the job, or took it over."""

    def gave_up(self, job_id: UUID) -> None:
        """Hear that this process ended a job that another one had left behind."""

    async def release(self) -> None:
        """Close what the subclass opened. No job is being done any more."""

    # --- life -------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Open the connections that the jobs need. Raises what the database says when they cannot be had."""
        await self.threads.connect()

    def open(self) -> None:
        """Begin to look after leases."""
        self.every(ROUND_EVERY, self._make_round, at_once=True)

    async def drain(self, *, grace: float) -> bool:
        """Begin nothing new, let jobs come to their end for `grace` seconds, then break off the rest. False when there
        was nothing left to break off."""
        self.draining = True
        for job in list(self._jobs.values()):
            self.leave_soon(job)
        await self._wait_for_all(grace)
        rest = list(self._jobs.values())
        for job in rest:
            self.break_off(job)
        await self._wait_for_all(LEAVES_WITHIN)
        return bool(rest)

    async def close(self) -> None:
        """Stop everything."""
        await self.drain(grace=0)
        for chore in self._chores:
            chore.cancel()
        await self.release()
        self._commits.close()
        if self._owns_threads:
            self.threads.shutdown()

    async def _wait_for_all(self, seconds: float) -> None:
        """Wait for the jobs, and for those that these begin."""
        deadline = self.loop.time() + seconds
        while (tasks := [job.task for job in self._jobs.values() if job.task]) and (
            left := deadline - self.loop.time()
        ) > 0:
            await asyncio.wait(tasks, timeout=left)

    # --- jobs -------------------------------------------------------------------------------------------

    def does(self, job_id: UUID) -> bool:
        """Whether this process does the job. From any thread."""
        return job_id in self._jobs

    async def wait_for(self, job_id: UUID) -> None:
        """Wait until this process does not do the job any more; not at all where it does not do it."""
        job = self._jobs.get(job_id)
        if job and job.task:
            await asyncio.wait([job.task])

    def begin(self, job_id: UUID, job: J) -> None:
        """Do the job, whose lease this process holds. To be called in the event loop."""
        if job_id not in self._jobs:
            self._jobs[job_id] = job
            job.task = self.spawn(self.perform(job_id, job))
            job.task.add_done_callback(lambda _task: self._jobs.pop(job_id, None))

    def submit(self, job_id: UUID, job: J) -> None:
        """Take the lease of a new job and do it here. From any thread; where that cannot be, the next process to make
        its round does it."""
        if self.draining:
            return
        try:
            taken = self._leases.take(job_id, holder=self.id, new=True)
        except DatabaseError as fault:
            if outage_of(fault):
                tell_outage(fault, during=f"The lease of a new {self._name} cannot be taken yet")
            else:
                logger.warning(
                    "The lease of %s %s could not be taken; the next round will.", self._name, job_id, exc_info=True
                )
            return
        if taken:
            self.loop.call_soon_threadsafe(partial(self.begin, job_id, job))

    def begin_new(self, job_id: UUID, job: J) -> None:
        """Do a new job whose lease was taken for this process when it was stored. From any thread; a process that is
        about to stop gives it back."""
        if not self.draining:
            self.loop.call_soon_threadsafe(partial(self.begin, job_id, job))
            return
        try:
            self._leases.let_go(job_id, holder=self.id)
        except DatabaseError as fault:  # then it runs out by itself
            tell_outage(fault, during=f"The lease of a new {self._name} cannot be given back")

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that inherits nothing from the request that caused it, least of all its database connection."""
        return self.loop.create_task(work, context=contextvars.Context())

    # --- chores -----------------------------------------------------------------------------------------

    def every(
        self,
        seconds: float,
        work: Callable[[], Awaitable[None]],
        *,
        at_once: bool = False,
        longest: float = 0.0,
    ) -> None:
        """Do this as long as the worker lives, now or after a first pause. What fails is tried again the next time.

        Work that only looks for what was committed has a `longest` time in seconds after which it is done though
        nothing was.
        """
        news = News(self._commits, longest=longest) if longest else None
        self._chores.append(self.spawn(self._repeat(seconds, work, news, at_once=at_once)))

    async def _repeat(
        self, seconds: float, work: Callable[[], Awaitable[None]], news: News | None, *, at_once: bool
    ) -> None:
        if not at_once:
            await asyncio.sleep(seconds)
        while True:
            if news is None or news.may_be():
                try:
                    await work()
                except Exception as fault:
                    self._tell_failed_chore(fault, getattr(work, "__name__", ""))
                    news = news and news.forgotten()
            await asyncio.sleep(seconds)

    def _tell_failed_chore(self, fault: Exception, what: str) -> None:
        if outage_of(fault):
            tell_outage(fault, during=f"A chore of the {self._name} worker has to wait ({what})")
        else:
            logger.warning(
                "A chore of the %s worker failed (%s); it will be tried again.", self._name, what, exc_info=fault
            )

    async def _make_round(self) -> None:
        """Renew leases, give up what others left behind, begin what waits."""
        found, held = _Round[J](), list(self._jobs)
        if not self._news_of_jobs.may_be() and self._is_idle and not held:
            return
        self._is_idle = False
        try:
            await self.threads.run(lambda: self._look_after_leases(found, held=held))
        finally:
            for job_id in found.lost:
                if job := self._jobs.get(job_id):
                    self.lost(job)
            for job_id in found.ended:
                self.gave_up(job_id)
            for job_id, job in found.claimed.items():
                self.begin(job_id, job)

    def _look_after_leases(self, found: "_Round[J]", *, held: list[UUID]) -> None:
        """A round's work in the database, in one go. What was done before something fails stays in `found`."""
        if not held and not self._leases.are_there_jobs():
            self._is_idle = True
            return
        found.lost = self._leases.renew(holder=self.id, held=held)
        found.ended = self._sweeper.sweep(held=held)
        if not self.draining:
            found.claimed = self.claim()


@dataclass
class _Round(Generic[J]):
    """What a round found: jobs that others took, jobs that it ended, and jobs that it claimed."""

    lost: set[UUID] = field(default_factory=set)
    ended: list[UUID] = field(default_factory=list)
    claimed: dict[UUID, J] = field(default_factory=dict)
