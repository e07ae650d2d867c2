"""What answers cost: the page of a team's owners, its limits, and the figures as a file."""

import re
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import managed_member, member_required, owner_required, signed_in
from accounts.forms import LimitForm
from accounts.models import Membership, Spending
from accounts.services import budgets
from chat import access
from chat.catalog import agent
from chat.costs import report as figures
from chat.views.sidebar import sidebar
from core import csv
from core.web.money import plain_amount
from upstream.catalog import prices

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
COLUMNS = ("time", "person", "model", "provider", "cost_usd", "basis", "conversation")


@require_safe
@never_cache
@owner_required
def costs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's costs in the month at `?month=2026-03`, else in the current one. Raises Http404 for no month."""
    return _page(request, membership, _month(request.GET.get("month", "")))


@require_POST
@owner_required
def limit_team(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Set or remove what the team may spend in a month."""
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, budgets.this_month(), refused=form, refused_for="team")
    limit = form.cleaned_data["limit"]
    budgets.set_team_limit(team=membership.team, by=membership.user, limit=limit)
    messages.success(
        request, _("The team’s limit has been removed.") if limit is None else _("The team’s limit has been saved.")
    )
    return redirect("chat:costs")


@require_POST
@member_required
def limit_member(request: HttpRequest, membership: Membership, member_id: UUID) -> HttpResponse:
    """Set or remove what one person may spend in a month."""
    member = managed_member(membership, member_id)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, budgets.this_month(), refused=form, refused_for=member.pk)
    limit = form.cleaned_data["limit"]
    budgets.set_member_limit(member=member, by=membership.user, limit=limit)
    said = (
        _("The limit for %(name)s has been removed.") if limit is None else _("The limit for %(name)s has been saved.")
    )
    messages.success(request, said % {"name": member.user.display_name})
    return redirect(reverse("chat:costs") + "#people")


@require_safe
@never_cache
@owner_required
def export(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """The month's answers and images as a table for other programs, one in a row, sent as it is read."""
    month = _month(request.GET.get("month", ""))
    return StreamingHttpResponse(
        csv.lines(COLUMNS, map(_cells, figures.spending_rows(membership, month))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="parley-costs-{month:%Y-%m}.csv"'},
    )


@require_safe
@never_cache
@login_required
def conversation_costs(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """What the conversation has cost so far, as a piece of its menu."""
    conversation = access.readable_conversation(signed_in(request), conversation_id)
    so_far = budgets.conversation_total(conversation.pk)
    return render(request, "chat/costs/_so_far.html", {"costs": so_far})


def _page(
    request: HttpRequest,
    membership: Membership,
    month: date,
    *,
    refused: LimitForm | None = None,
    refused_for: UUID | str = "",
) -> HttpResponse:
    is_current = month == budgets.this_month()
    days, months = figures.costs_by_day(membership, month), figures.last_months(membership)
    whole, limit = figures.team_costs(membership, month), membership.team.monthly_limit
    people = figures.costs_by_person(membership, month, everybody=is_current)
    models = figures.costs_by_model(membership, month)
    dearest = figures.dearest_conversations(membership, month)
    places = figures.places_for(
        [
            *(costs for _day, costs in days),
            *(costs for _model, _provider, costs in models),
            *(person.costs for person in people),
            *(conversation.costs for conversation in dearest),
        ]
    )
    chart = figures.daily_chart(days, places=places)
    context: dict[str, Any] = {
        "team": membership.team,
        "month": month,
        "previous_month": budgets.month_before(month),
        "next_month": None if is_current else budgets.month_after(month),
        "is_current": is_current,
        "whole": whole,
        "limit": budgets.Limit(limit, whole.total) if is_current and limit is not None else None,
        "days": days,
        "chart": chart,
        "scale_places": figures.scale_places(chart),
        "people": people,
        "models": models,
        "dearest": dearest,
        "months": months,
        "places": places,
        "months_places": figures.places_for(one.costs for one in months),
        "has_images": any(one.costs.images for one in months),
        "has_history": any(one.costs.requests for one in months),
        "prices_of": prices.AS_OF,
        "agent_prices_of": agent.listed_models().as_of,
        "refused": refused,
        "refused_for": refused_for,
    }
    return render(
        request, "chat/costs/costs.html", context | sidebar(request, membership), status=422 if refused else 200
    )


def _month(said: str) -> date:
    """The month that the address names, the current one where it names none. Raises Http404 for any other text."""
    current = budgets.this_month()
    found = _MONTH.fullmatch(said)
    month = date(int(found[1]), int(found[2]), 1) if found else current
    if (said and not found) or month > current:
        raise Http404
    return month


def _cells(spent: Spending) -> list[str]:
    return [
        spent.asked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        spent.user.display_name,
        spent.model,
        spent.provider,
        plain_amount(spent.reserved if spent.cost is None else spent.cost),
        "reserved" if spent.cost is None else spent.basis or "not reported",
        str(spent.conversation_id or ""),
    ]
