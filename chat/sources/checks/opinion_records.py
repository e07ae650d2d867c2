"""What asking for an opinion leaves on record. Each step is a transaction of its own, done only by the process that
holds the lease. What the rules found is not touched."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Spending
from accounts.services import budgets
from chat.models import CheckedMark, OpinionRequest
from chat.sources.checks.opinion_prompt import Opinion
from chat.sources.checks.opinions import price_of
from chat.sources.checks.records import LeaseLost
from core.storable import storable
from core.web.db import limit_lock_wait
from core.web.wording import stored_problem

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
LEFT_BEHIND_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpinionPlan:
    """Whom to ask, and about which marks."""

    request: UUID
    provider: str
    model: str
    marks: Sequence[CheckedMark]


@dataclass(frozen=True, slots=True)
class Paid:
    """What one opinion cost, in US dollars, by whom that is said (`Spending.Basis`)."""

    cost: Decimal
    basis: str


def begin_opinions(request_id: UUID, *, holder: UUID) -> OpinionPlan | None:
    """Begin, or go on where somebody else was; None when there is nothing to be done any more.

    What was being asked when the process ended may have been paid for: it counts as it was reserved, and is not asked
    again.
    """
    with transaction.atomic():
        request = _held(request_id, holder)
        if request is None:
            return None
        marks = list(CheckedMark.objects.filter(check_of=request.check_of_id, position__in=request.marks))
        lost = [mark for mark in marks if mark.opinion.get("request") == str(request.pk) and "asking" in mark.opinion]
        for mark in lost:
            price = price_of(mark, model=request.model, provider=request.provider)
            _keep(request, mark, None, Paid(price, Spending.Basis.ESTIMATED), problem="interrupted")
        left = [mark for mark in marks if not mark.opinion]
        if request.attempts >= MOST_ATTEMPTS or not left:
            _end(request, OpinionRequest.State.FINISHED if not left else OpinionRequest.State.FAILED)
            return None
        request.state, request.attempts = OpinionRequest.State.ASKING, request.attempts + 1
        request.save(update_fields=["state", "attempts"])
    return OpinionPlan(request.pk, request.provider, request.model, left)


def note_asking(plan: OpinionPlan, mark: CheckedMark, *, holder: UUID) -> None:
    """Put on record that a model is about to be asked about the mark. Raises LeaseLost."""
    with transaction.atomic():
        limit_lock_wait()
        if _held(plan.request, holder) is None:
            raise LeaseLost
        asking = {"asking": True, "request": str(plan.request)}
        CheckedMark.objects.filter(pk=mark.pk, opinion={}).update(opinion=asking)


def keep_opinion(
    plan: OpinionPlan, mark: CheckedMark, opinion: Opinion | None, paid: Paid, *, served: str, holder: UUID
) -> None:
    """Put on record what the model said, None where that was nothing usable, and what it cost. Raises LeaseLost."""
    with transaction.atomic():
        limit_lock_wait()
        request = _held(plan.request, holder)
        if request is None:
            raise LeaseLost
        _keep(request, mark, opinion, paid, served=served, problem="" if opinion else "unusable")


def take_back(plan: OpinionPlan, mark: CheckedMark, *, holder: UUID) -> None:
    """The model was not asked about the mark after all, or refused, which costs nothing."""
    with transaction.atomic():
        if _held(plan.request, holder) is not None:
            CheckedMark.objects.filter(pk=mark.pk).update(opinion={})


def end_opinions(request_id: UUID, *, holder: UUID, problem: str = "") -> None:
    """Put on record that no more is asked, why if that is too early, and what all of it cost."""
    with transaction.atomic():
        request = _held(request_id, holder)
        if request is not None:
            request.problem = stored_problem(problem) if problem else {}
            _end(request, OpinionRequest.State.FAILED if problem else OpinionRequest.State.FINISHED)


def settle_left_behind() -> int:
    """Settle what is still reserved for requests that are gone, with the answer that they were about; returns how many.
    What was reserved counts then: nobody knows what was paid."""
    settled = 0
    rows = budgets.reserved_before(timezone.now() - LEFT_BEHIND_AFTER, kind=Spending.Kind.OPINION)
    there = OpinionRequest.objects.filter(pk__in=[row.answer_id for row in rows]).in_bulk()
    for row in rows:
        request = there.get(row.answer_id)
        if request is None:
            settled += budgets.settle_spending(
                answer_id=row.answer_id, cost=row.reserved, basis=Spending.Basis.ESTIMATED
            )
    return settled


def _keep(
    request: OpinionRequest, mark: CheckedMark, opinion: Opinion | None, paid: Paid, *, problem: str, served: str = ""
) -> None:
    kept: dict[str, Any] = {
        "request": str(request.pk),
        "model": served or request.model,
        "provider": request.provider,
        "at": timezone.now().isoformat(),
        "cost": str(paid.cost),
        "cost_source": paid.basis,
    }
    kept |= {"verdict": opinion.verdict.value, "reason": opinion.reason} if opinion else {"problem": problem}
    mark.opinion = storable(kept)
    CheckedMark.objects.filter(pk=mark.pk).update(opinion=mark.opinion)
    OpinionRequest.objects.filter(pk=request.pk).update(cost=F("cost") + paid.cost)


def _held(request_id: UUID, holder: UUID) -> OpinionRequest | None:
    held = OpinionRequest.objects.select_for_update(no_key=True, of=("self",))
    return held.filter(pk=request_id, lease_holder=holder, state__in=OpinionRequest.LIVE).first()


def _end(request: OpinionRequest, state: str) -> None:
    """With what was really paid in place of what was reserved: as reported only where all of it was."""
    request.refresh_from_db(fields=["cost"])
    said = CheckedMark.objects.filter(check_of=request.check_of_id, position__in=request.marks)
    own = [mark.opinion for mark in said if mark.opinion.get("request") == str(request.pk)]
    sources = {opinion.get("cost_source", "") for opinion in own if "asking" not in opinion}
    basis = sources.pop() if len(sources) == 1 else Spending.Basis.ESTIMATED
    request.state, request.ended_at, request.lease_holder = state, timezone.now(), None
    request.save(update_fields=["state", "ended_at", "lease_holder", "problem"])
    budgets.settle_spending(answer_id=request.pk, cost=request.cost, basis=basis if own else Spending.Basis.NONE)
