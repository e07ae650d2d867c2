"""The models that this process asks for opinions on checks: one mark after the other, a few at a time.

Each mark is a request of its own, so that what stands in one passage can say nothing about another. What was paid is on
record with each opinion, and nothing is asked about twice (`opinion_records`).
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from decimal import Decimal
from functools import partial
from typing import TypeVar
from uuid import UUID

from accounts.models import Spending
from accounts.services import budgets
from chat.catalog import agent, offers
from chat.models import CheckedMark
from chat.sources.checks import opinion_prompt, opinion_records
from chat.sources.checks.leases import opinion_leases
from chat.sources.checks.opinion_records import OpinionPlan, Paid
from chat.sources.checks.opinions import price_of
from chat.sources.checks.records import LeaseLost
from core.web.db import DatabaseThreads
from core.web.jobs.worker import Job, Worker
from upstream.catalog import prices
from upstream.errors import CutOff, UpstreamError
from upstream.events import Finished, Started, TextDelta, TextReplaced, UsageReported
from upstream.registry import Services
from upstream.requests import AskRequest, Turn

logger = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 2  # requests in one process
MARKS_AT_ONCE = 3  # of one request
TIDY_UP_EVERY = 1800.0  # seconds
ANSWERS_WITHIN = 120.0  # seconds
LONGEST_ANSWER = 20_000  # characters


class OpinionWorker(Worker[Job]):
    """Asks the `services` that answers come from, with which it shares nothing else."""

    def __init__(self, *, services: Services, threads: DatabaseThreads) -> None:
        super().__init__(name="opinion", leases=opinion_leases, threads=threads)
        self._services = services

    def open(self) -> None:
        """Begin to ask."""
        super().open()
        self.every(TIDY_UP_EVERY, self._tidy_up)

    def claim(self) -> dict[UUID, Job]:
        """Take further requests, as many as are worked on at once."""
        claimed: dict[UUID, Job] = {}
        while len(self._jobs) + len(claimed) < AT_ONCE and (found := opinion_leases.claim_one(holder=self.id)):
            claimed[found] = Job()
        return claimed

    def break_off(self, job: Job) -> None:
        """Stop asking; what is being asked may be paid for."""
        if job.task:
            job.task.cancel()

    def lost(self, job: Job) -> None:
        """Ask no more: somebody else does, or the check is gone."""
        self.break_off(job)

    async def perform(self, request_id: UUID, _job: Job) -> None:
        """Ask about each mark, and put on record what was said and paid."""
        problem = ""
        try:
            plan = await self._persist(request_id, partial(opinion_records.begin_opinions, request_id, holder=self.id))
            if plan is None:
                return
            problem = await self._ask_about_all(plan)
        except LeaseLost:
            logger.info("Opinions %s are asked for by another process, or their check is gone.", request_id)
            return
        except asyncio.CancelledError:
            await asyncio.shield(self.threads.run(lambda: opinion_leases.let_go(request_id, holder=self.id)))
            raise
        except Exception:
            logger.exception("Opinions %s could not be asked for.", request_id)
            problem = "Something went wrong in Parley. The error has been logged."
        end = partial(opinion_records.end_opinions, request_id, holder=self.id, problem=problem)
        await self._persist(request_id, end)

    async def _ask_about_all(self, plan: OpinionPlan) -> str:
        """Ask about the marks until one request fails; returns why it did, empty where none has. Raises LeaseLost."""
        marks = iter(plan.marks)
        problems: list[str] = []

        async def ask_in_turn() -> None:
            for mark in marks:
                if problems:
                    return
                try:
                    await self._ask(plan, mark)
                except UpstreamError as error:
                    problems.append(error.message)

        try:
            async with asyncio.TaskGroup() as asking:
                for _turn in range(MARKS_AT_ONCE):
                    asking.create_task(ask_in_turn())
        except ExceptionGroup as faults:
            if faults.subgroup(LeaseLost):
                raise LeaseLost from None
            raise
        return problems[0] if problems else ""

    async def _ask(self, plan: OpinionPlan, mark: CheckedMark) -> None:
        """Ask about one mark. Raises UpstreamError, with what that may have cost on record."""
        await self._persist(plan.request, partial(opinion_records.note_asking, plan, mark, holder=self.id))
        heard = _Heard()
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), aclosing(self._services.ask(_request(plan, mark))) as events:
                async for event in events:
                    heard.add(event)
        except TimeoutError:
            await self._keep(plan, mark, heard)
            raise UpstreamError("The model took too long for a second opinion.") from None
        except UpstreamError as error:
            if isinstance(error, CutOff) or heard.began:
                await self._keep(plan, mark, heard)
            else:
                await self._persist(plan.request, partial(opinion_records.take_back, plan, mark, holder=self.id))
            raise
        await self._keep(plan, mark, heard)

    async def _keep(self, plan: OpinionPlan, mark: CheckedMark, heard: "_Heard") -> None:
        opinion = opinion_prompt.opinion_in(heard.text) if heard.finished else None
        work = partial(
            opinion_records.keep_opinion,
            plan,
            mark,
            opinion,
            _paid(plan, mark, heard),
            served=heard.served,
            holder=self.id,
        )
        await self._persist(plan.request, work)

    async def _tidy_up(self) -> None:
        await self.threads.run(opinion_records.settle_left_behind)

    async def _persist(self, request_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"opinions {request_id}")


class _Heard:
    """What a model has said so far."""

    def __init__(self) -> None:
        self.text = self.served = ""
        self.began = self.finished = False
        self.usage: dict[str, object] = {}
        self.cost: Decimal | None = None

    def add(self, event: object) -> None:
        """Hear one event; those that say nothing about words, model or cost are passed over."""
        match event:
            case Started():
                self.began, self.served = True, event.model or self.served
            case TextDelta():
                self.text = (self.text + event.text)[:LONGEST_ANSWER]
            case TextReplaced():
                self.text = event.text[:LONGEST_ANSWER]
            case UsageReported():
                self.usage, self.cost = dict(event.usage), event.cost
            case Finished():
                self.finished = True


def _request(plan: OpinionPlan, mark: CheckedMark) -> AskRequest:
    return AskRequest(
        model=offers.asked_as(plan.model, plan.provider),
        provider=plan.provider,
        turns=[
            Turn("system", opinion_prompt.TASK),
            Turn("user", opinion_prompt.quoted(mark.sentence, mark.passage)),
        ],
        options=opinion_prompt.OPTIONS,
    )


def _paid(plan: OpinionPlan, mark: CheckedMark, heard: _Heard) -> Paid:
    """What the service says that it cost; else what its tokens do; else what was reserved for it."""
    if heard.cost is not None:
        return Paid(heard.cost, Spending.Basis.REPORTED)
    counted = prices.estimate(
        model=plan.model,
        usage=heard.usage,
        options=opinion_prompt.OPTIONS,
        provider=plan.provider,
        served=heard.served,
        listed=agent.listed_models(),
    )
    cost = counted.cost if counted else price_of(mark, model=plan.model, provider=plan.provider)
    return Paid(cost, Spending.Basis.ESTIMATED if cost > budgets.NOTHING else Spending.Basis.NONE)
