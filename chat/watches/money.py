"""What watches may spend, and have spent: amounts are US dollars, months those of UTC."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from decimal import ROUND_UP, Decimal
from uuid import UUID

from django.db.models import Sum

from accounts.models import Spending
from accounts.services import budgets
from chat.models import Answer, Watch, WatchRun
from chat.watches.schedule import RUNS_A_MONTH

LEAST = Decimal("0.10")
"""What is suggested at least."""


def spent_this_month(watches: Collection[UUID]) -> Mapping[UUID, Decimal]:
    """What each of the watches has spent this month, reservations included; two queries for all of them."""
    month = budgets.this_month()
    began = datetime.combine(month, time(), tzinfo=UTC)
    runs = WatchRun.objects.filter(watch__in=watches, created_at__gte=began, answer__isnull=False)
    of_answer = dict(runs.values_list("answer_id", "watch_id"))
    rows = Spending.objects.filter(answer_id__in=of_answer, month=month).order_by()
    spent = dict.fromkeys(watches, budgets.NOTHING)
    for answer_id, amount in (
        rows.values("answer_id").annotate(whole=Sum(budgets.COUNTED)).values_list("answer_id", "whole")
    ):
        spent[of_answer[answer_id]] += budgets.exact_sum(amount)
    return spent


def reserved_for(answer: Answer) -> Decimal:
    """What was set aside for the answer."""
    return Spending.objects.filter(answer_id=answer.pk).values_list("reserved", flat=True).first() or budgets.NOTHING


def month_ends_at() -> datetime:
    """When the current month is over."""
    return datetime.combine(budgets.month_after(budgets.this_month()), time(), tzinfo=UTC)


def suggested_budget(every: str, last: Answer | None) -> Decimal:
    """What a month of it will cost by what the last answer has cost, with room for what each is expected to cost at
    most; in whole tens of cents."""
    cost = (last.cost if last else None) or budgets.NOTHING
    once = max(cost, reserved_for(last)) if last else budgets.NOTHING
    month = cost * RUNS_A_MONTH[Watch.Every(every)] + once
    return max(LEAST, (month * 10).quantize(Decimal(1), rounding=ROUND_UP) / 10)
