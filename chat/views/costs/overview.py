"""What answers cost: the page of a team's owners, its limits, and the figures as a file."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import managed_member, member_required, owner_required, signed_in
from accounts.forms import LimitForm
from accounts.models import Membership
from accounts.services import budgets
from chat import access
from chat.costs import report as figures
from chat.models import Space
from chat.views.costs.figures import (
    figure_context,
    month_context,
    requested_month,
    requested_space,
    spending_table,
)
from chat.views.sidebar import sidebar


@require_safe
@never_cache
@owner_required
def costs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The team's costs in the month at `?month=2026-03`, else in the current one; with `?space=` those of what was
    asked in that space. Raises Http404 for no month and for no space."""
    return _page(request, membership, requested_month(request), space=requested_space(request, membership))


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
    month, space = requested_month(request), requested_space(request, membership)
    rows = figures.spending_rows(membership, month, space=space.pk if space else None)
    return spending_table(rows, name=f"parley-costs-{month:%Y-%m}.csv")


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
    space: Space | None = None,
    refused: LimitForm | None = None,
    refused_for: UUID | str = "",
) -> HttpResponse:
    is_current = month == budgets.this_month()
    of = space.pk if space else None
    days, months = figures.costs_by_day(membership, month, space=of), figures.last_months(membership, space=of)
    whole = figures.month_costs(membership, month, space=of)
    limit = space.monthly_limit if space else membership.team.monthly_limit
    shown = figure_context(
        days=days,
        models=figures.costs_by_model(membership, month, space=of),
        dearest=figures.dearest_conversations_in(membership, month, space=of)
        if of
        else figures.dearest_conversations(membership, month),
        months=months,
        people=figures.costs_by_person(membership, month, everybody=is_current and not of, space=of),
        spaces=() if of else figures.costs_by_space(membership, month),
        space=space,
    )
    context: dict[str, Any] = {
        **month_context(month),
        **shown,
        "team": membership.team,
        "whole": whole,
        "limit": budgets.Limit(limit, whole.total) if is_current and limit is not None else None,
        "refused": refused,
        "refused_for": refused_for,
    }
    return render(
        request, "chat/costs/costs.html", context | sidebar(request, membership), status=422 if refused else 200
    )
