"""The worker that does jobs under leases: what holds for every kind of job."""

import asyncio
import time
import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import Team, User
from core.web.commits import Commits
from core.web.db import DatabaseThreads
from core.web.jobs.leases import CALM, LASTS, ROUND_EVERY, Sweeper
from core.web.jobs.worker import Job, Worker
from imaging.generation.leases import image_leases
from imaging.models import GeneratedImage
from tests.imaging.stored_images import drawn


class Errands:
    """Leases without a database: what is `lost`, `waiting` or `abandoned` is said by the test."""

    def __init__(self) -> None:
        self.lost: set[UUID] = set()
        self.waiting: list[UUID] = []
        self.abandoned: list[UUID] = []
        self.renewed: list[Collection[UUID]] = []
        self.is_free = True
        self.are_jobs = True
        self.looks = 0

    def are_there_jobs(self) -> bool:
        self.looks += 1
        return self.are_jobs

    def renew(self, *, holder: UUID, held: Collection[UUID]) -> set[UUID]:
        self.renewed.append(held)
        return self.lost & set(held)

    def take(self, job_id: UUID, *, holder: UUID, new: bool = False) -> bool:
        return self.is_free

    def sweep(self, *, held: Collection[UUID] = ()) -> list[UUID]:
        return self.abandoned


class Runner(Worker[Job]):
    """Its jobs last until they are told to end; one in `leads_to` begins another."""

    def __init__(self, errands: Errands) -> None:
        super().__init__(name="errand", leases=errands, threads=DatabaseThreads("errands", count=1))  # type: ignore[arg-type]
        self._sweeper = errands  # type: ignore[assignment]
        self.errands = errands
        self.done: dict[UUID, asyncio.Event] = {}
        self.ended: list[UUID] = []
        self.heard: list[object] = []
        self.leads_to: dict[UUID, UUID] = {}

    async def perform(self, job_id: UUID, job: Job) -> None:
        await self.done.setdefault(job_id, asyncio.Event()).wait()
        self.ended.append(job_id)
        if job_id in self.leads_to:
            self.begin(self.leads_to[job_id], Job())

    def claim(self) -> dict[UUID, Job]:
        waiting, self.errands.waiting = self.errands.waiting, []
        return {job_id: Job() for job_id in waiting}

    def break_off(self, job: Job) -> None:
        if job.task:
            job.task.cancel()

    def lost(self, job: Job) -> None:
        self.heard.append(job)

    def gave_up(self, job_id: UUID) -> None:
        self.heard.append(job_id)

    def end(self, job_id: UUID) -> None:
        self.done.setdefault(job_id, asyncio.Event()).set()


async def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds. Fails after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.005)


async def test_a_round_renews_what_is_done_here_and_begins_what_waits() -> None:
    worker = Runner(Errands())
    mine, lost, waiting, gone = (uuid.uuid4() for _ in range(4))
    for job_id in (mine, lost):
        worker.begin(job_id, Job())
    worker.errands.lost, worker.errands.waiting, worker.errands.abandoned = {lost}, [waiting], [gone]
    lost_job = worker._jobs[lost]

    worker.open()
    await until(lambda: worker.does(waiting))

    assert worker.errands.renewed == [[mine, lost]]
    assert worker.heard == [lost_job, gone]
    await worker.close()
    assert not worker.does(mine)


async def test_where_there_is_no_job_the_next_round_waits_for_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    version = [1]
    monkeypatch.setattr(Commits, "version", lambda _: version[0])
    errands = Errands()
    errands.are_jobs = False
    runner = Runner(errands)
    rounds = []
    for _ in range(3):
        await runner._make_round()
        rounds.append(errands.looks)
    assert rounds == [1, 1, 1]
    assert not errands.renewed, "nothing is written where nobody has anything to do"

    version[0] = 2
    errands.are_jobs, errands.waiting = True, [uuid.uuid4()]
    await runner._make_round()
    await runner._make_round()
    assert len(errands.renewed) == 2, "with a job every round counts"
    await runner.close()


async def test_a_job_is_done_once_and_only_by_whoever_gets_its_lease() -> None:
    worker = Runner(Errands())
    job_id, other = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        await asyncio.to_thread(worker.submit, job_id, Job())
    worker.errands.is_free = False
    await asyncio.to_thread(worker.submit, other, Job())
    await until(lambda: worker.does(job_id))

    worker.end(job_id)
    await until(lambda: not worker.does(job_id))

    assert worker.ended == [job_id]
    assert not worker.does(other)
    await worker.close()


async def test_a_worker_that_leaves_waits_for_its_jobs_and_for_those_that_these_begin() -> None:
    worker = Runner(Errands())
    first, second = uuid.uuid4(), uuid.uuid4()
    worker.leads_to[first] = second
    worker.begin(first, Job())
    draining = asyncio.create_task(worker.drain(grace=30))
    worker.end(first)
    await until(lambda: worker.does(second))
    worker.end(second)

    assert await draining is False
    assert worker.ended == [first, second]
    await asyncio.to_thread(worker.submit, uuid.uuid4(), Job())
    await asyncio.sleep(0)
    assert not worker._jobs
    await worker.close()


async def test_what_is_not_done_in_time_is_broken_off() -> None:
    worker = Runner(Errands())
    worker.begin(uuid.uuid4(), Job())
    assert await worker.drain(grace=0.01) is True
    assert (worker.ended, worker._jobs) == ([], {})
    await worker.close()


async def test_a_chore_that_fails_is_tried_again() -> None:
    worker = Runner(Errands())
    times = []

    async def chore() -> None:
        times.append(1)
        raise ValueError

    worker.every(0.001, chore, at_once=True)
    await until(lambda: len(times) > 2)
    await worker.close()


async def test_what_must_be_stored_is_tried_until_the_database_is_back() -> None:
    threads = DatabaseThreads("errands", count=1)
    answers = [OperationalError("locked"), OperationalError("locked"), None]

    def work() -> str:
        if fault := answers.pop(0):
            raise fault
        return "stored"

    assert await threads.persist(work, about="errand 1") == "stored"
    with pytest.raises(ZeroDivisionError):
        await threads.persist(lambda: 1 // 0, about="errand 2")
    threads.shutdown()


async def test_what_the_driver_says_past_django_is_an_outage_too() -> None:
    threads = DatabaseThreads("errands", count=1)
    answers = [connection.Database.OperationalError("a cursor could not be closed"), None]

    def work() -> str:
        if fault := answers.pop(0):
            raise fault
        return "stored"

    assert await threads.persist(work, about="errand 1") == "stored"
    threads.shutdown()


def test_a_job_that_was_left_behind_is_given_up_within_ten_seconds_and_none_for_a_pause_of_five() -> None:
    lasts = LASTS.total_seconds()
    assert lasts + ROUND_EVERY < 10
    assert lasts - ROUND_EVERY > CALM >= 5  # a shorter pause costs nothing, a longer one is noticed


@pytest.mark.django_db
def test_images_too_are_not_taken_from_a_process_that_could_not_renew(harbour: Team, bob: User) -> None:
    gone = timezone.now() - timedelta(seconds=1)
    begun = {"state": "drawing", "asked_at": gone, "lease_expires_at": gone}
    image = drawn(team=harbour, by=bob, lease_holder=uuid.uuid4(), **begun)
    here = drawn(team=harbour, by=bob, lease_holder=uuid.uuid4(), **begun)
    sweeper = Sweeper(image_leases, _last_round=time.time() - 3600)

    sweeper.sweep(held=[here.pk])
    assert GeneratedImage.objects.filter(state="drawing").count() == 2

    assert sweeper._calm_since is not None
    sweeper._calm_since -= CALM
    sweeper.sweep(held=[here.pk])
    assert list(GeneratedImage.objects.filter(state="failed")) == [image]
