"""What somebody's own questions and images cost, for everybody on a team, and what is left of the limits."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.models import Membership
from accounts.services import budgets
from chat.costs import report as figures
from chat.views.costs.figures import figure_context, month_context, requested_month, requested_space, spending_table
from chat.views.sidebar import sidebar


@require_safe
@never_cache
@member_required
def own_use(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The person's own costs in the month at `?month=2026-03`, else in the current one; with `?space=` those of what
    they asked in that space. Raises Http404 for no month and for no space."""
    month, person, space = requested_month(request), membership.user_id, requested_space(request, membership)
    of = space.pk if space else None
    whole = figures.month_costs(membership, month, of=person, space=of)
    context: dict[str, Any] = {
        **month_context(month),
        **figure_context(
            days=figures.costs_by_day(membership, month, of=person, space=of),
            models=figures.costs_by_model(membership, month, of=person, space=of),
            dearest=figures.own_dearest_conversations(membership, month, space=of),
            months=figures.last_months(membership, of=person, space=of),
            spaces=() if of else figures.costs_by_space(membership, month, of=person),
            space=space,
        ),
        "team": membership.team,
        "whole": whole,
        "limits": _limits(membership, whole) if month == budgets.this_month() and not of else {},
    }
    return render(request, "chat/costs/own_use.html", context | sidebar(request, membership))


@require_safe
@never_cache
@member_required
def export_own(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """The person's own answers and images of the month as a table for other programs."""
    month, space = requested_month(request), requested_space(request, membership)
    rows = figures.spending_rows(membership, month, of=membership.user_id, space=space.pk if space else None)
    return spending_table(rows, name=f"parley-own-use-{month:%Y-%m}.csv")


def _limits(membership: Membership, own: figures.Costs) -> dict[str, budgets.Limit]:
    """What is left of the person's own limit and of the team's, where there are such limits."""
    limits: dict[str, budgets.Limit] = {}
    if membership.monthly_limit is not None:
        limits["own"] = budgets.Limit(membership.monthly_limit, own.total)
    if membership.team.monthly_limit is not None:
        spent = figures.month_costs(membership, budgets.this_month()).total
        limits["team"] = budgets.Limit(membership.team.monthly_limit, spent)
    return limits
