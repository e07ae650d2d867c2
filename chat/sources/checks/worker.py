"""The checks that this process makes while it serves people: pages are read, then the answer is held against them.

Reading waits for the network in the event loop; the rules work in a process of their own (`judging`). What a check has
come to is put on record page by page, so that whoever goes on with it reads no page again (`records`).
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from chat.models import PageCopy
from chat.sources.checks import always, plans, records
from chat.sources.checks.judging import Judged, JudgingFailed, interrupt_judging, judge_answer
from chat.sources.checks.leases import check_leases
from chat.sources.checks.plans import CheckPlan, CitedPage, Material
from chat.sources.checks.records import LeaseLost
from chat.sources.copies.problems import PageProblem
from chat.sources.copies.reading import read_page
from core.web.db import DatabaseThreads
from core.web.jobs.worker import LOOKS_WITHIN, Job, Worker
from upstream.page_fetch import PageFetcher

logger = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 3  # checks in one process: most of the time they wait for sites
PAGES_AT_ONCE = 4  # of one check
FRESH_FOR = timedelta(hours=12)  # a copy that was read since is not read again
PAGE_TAKES = 300.0  # seconds, waiting for the turn at the site included
TRY_AGAIN = 5.0  # seconds
LOOK_FOR_ENDED_EVERY = 2.0  # seconds


class CheckWorker(Worker[Job]):
    """Makes a few checks at a time in this process. Without a `fetcher` no page is read."""

    def __init__(self, *, fetcher: PageFetcher | None, threads: DatabaseThreads) -> None:
        super().__init__(name="check", leases=check_leases, threads=threads)
        self._fetcher = fetcher
        self._judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging-claims")

    def open(self) -> None:
        """Begin to make checks, also those that a setting asks for."""
        super().open()
        self.every(LOOK_FOR_ENDED_EVERY, self._ask_for_always, longest=LOOKS_WITHIN)

    async def release(self) -> None:
        """Stop the thread that waits for the process with the rules."""
        self._judging.shutdown(wait=False)

    def claim(self) -> dict[UUID, Job]:
        """Take further checks, as many as are made at once."""
        claimed: dict[UUID, Job] = {}
        while len(self._jobs) + len(claimed) < AT_ONCE and (found := check_leases.claim_one(holder=self.id)):
            claimed[found] = Job()
        return claimed

    def leave_soon(self, job: Job) -> None:
        """Leave the check to another process at once: it goes on where this one was."""
        self.break_off(job)

    def break_off(self, job: Job) -> None:
        """Stop."""
        interrupt_judging()
        if job.task:
            job.task.cancel()

    def lost(self, job: Job) -> None:
        """Do no more: somebody else does, or the answer is gone."""
        if job.task:
            job.task.cancel()

    async def perform(self, check_id: UUID, _job: Job) -> None:
        """Read the pages, hold the answer against them, and put on record what was found. Then begin the next one."""
        try:
            plan = await self._persist(check_id, partial(records.begin_check, check_id, holder=self.id))
            if plan:
                await self._make(plan)
        except LeaseLost:
            logger.info("Check %s is made by another process, or no longer there.", check_id)
        except JudgingFailed as fault:
            logger.warning("Check %s could not be made within bounds: %s.", check_id, fault)
            await self._persist(check_id, partial(records.fail_check, check_id, holder=self.id))
        except asyncio.CancelledError:
            await asyncio.shield(self._put_off(check_id, seconds=0, counts=False))
            raise
        except Exception:
            logger.exception("Check %s broke off; it will be tried again.", check_id)
            await self._put_off(check_id, seconds=TRY_AGAIN, counts=True)
        if not self.draining:
            for following, job in (await self.threads.run(self.claim)).items():
                self.begin(following, job)

    async def _make(self, plan: CheckPlan) -> None:
        await self._read_all(plan)
        material = await self._persist(plan.check, partial(plans.material, plan.answer, plan.check))
        judged = await self._judge(plan, material)
        await self._persist(plan.check, partial(records.end_check, plan, judged, material, holder=self.id))

    async def _read_all(self, plan: CheckPlan) -> None:
        """Read the pages that are left. Raises LeaseLost."""
        turns = asyncio.Semaphore(PAGES_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as reading:
                for page in plan.to_read:
                    reading.create_task(self._read(plan, page, turns))
        except ExceptionGroup as faults:
            if faults.subgroup(LeaseLost):
                raise LeaseLost from None
            raise

    async def _read(self, plan: CheckPlan, page: CitedPage, turns: asyncio.Semaphore) -> None:
        copy: PageCopy | None = None
        problem = ""
        async with turns:
            try:
                async with asyncio.timeout(PAGE_TAKES):
                    copy = await read_page(
                        team_id=plan.team,
                        address=page.address,
                        fetcher=self._fetcher,
                        run=self.threads.run,
                        fresh_for=FRESH_FOR,
                    )
            except TimeoutError:
                problem = PageProblem.TOO_SLOW
        note = partial(records.note_page, plan, page, copy, problem=problem, holder=self.id)
        await self._persist(plan.check, note)

    async def _judge(self, plan: CheckPlan, material: Material) -> Judged:
        work = partial(
            judge_answer,
            plan.text,
            sources=material.sources,
            documents=material.documents,
            addresses=material.addresses,
        )
        return await self.loop.run_in_executor(self._judging, work)

    async def _ask_for_always(self) -> None:
        await self.threads.run(always.ask_for_checks)

    async def _put_off(self, check_id: UUID, *, seconds: float, counts: bool) -> None:
        await self._persist(
            check_id, partial(records.put_off, check_id, holder=self.id, seconds=seconds, counts=counts)
        )

    async def _persist(self, check_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"check {check_id}")
