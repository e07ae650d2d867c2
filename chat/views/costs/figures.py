"""What the costs page of owners and that of one's own use share: the month, figures with the same places, a table."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from accounts.models import Membership, Spending
from accounts.services import budgets
from chat import access
from chat.catalog import agent
from chat.costs import report as figures
from chat.models import Space
from core import csv
from core.web.money import plain_amount
from core.web.params import uuid_in
from upstream.catalog import prices

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
COLUMNS = ("time", "person", "model", "provider", "cost_usd", "basis", "conversation", "space")


def requested_month(request: HttpRequest) -> date:
    """The month at `?month=2026-03`, the current one where none is named. Raises Http404 for any other text."""
    said, current = request.GET.get("month", ""), budgets.this_month()
    found = _MONTH.fullmatch(said)
    month = date(int(found[1]), int(found[2]), 1) if found else current
    if (said and not found) or month > current:
        raise Http404
    return month


def requested_space(request: HttpRequest, membership: Membership) -> Space | None:
    """The space at `?space=`, None where none is named. Raises Http404 for one of the team that is not there for this
    person, and for any other text."""
    said = request.GET.get("space", "")
    if not said:
        return None
    space_id = uuid_in(said)
    found = access.readable_spaces(membership).filter(pk=space_id).first() if space_id else None
    if found is None:
        raise Http404
    return found


def month_context(month: date) -> dict[str, Any]:
    """The month, the ways to those beside it, and which price lists estimates go by."""
    is_current = month == budgets.this_month()
    return {
        "month": month,
        "previous_month": budgets.month_before(month),
        "next_month": None if is_current else budgets.month_after(month),
        "is_current": is_current,
        "prices_of": prices.AS_OF,
        "agent_prices_of": agent.listed_models().as_of,
    }


def figure_context(
    *,
    days: Sequence[tuple[date, figures.Costs]],
    models: Sequence[tuple[str, str, figures.Costs]],
    dearest: Sequence[figures.ConversationCosts],
    months: Sequence[figures.MonthCosts],
    people: Sequence[figures.PersonCosts] = (),
    spaces: Sequence[figures.SpaceCosts] = (),
    space: Space | None = None,
) -> dict[str, Any]:
    """The figures with the decimal places that they share. With a `space`, they are those of what was asked in it."""
    places = figures.places_for(
        [
            *(costs for _day, costs in days),
            *(costs for _model, _provider, costs in models),
            *(person.costs for person in people),
            *(conversation.costs for conversation in dearest),
            *(one.costs for one in spaces),
        ]
    )
    chart = figures.daily_chart(days, places=places)
    return {
        "days": days,
        "models": models,
        "dearest": dearest,
        "months": months,
        "people": people,
        "spaces": spaces,
        "space": space,
        "and_space": f"&space={space.pk}" if space else "",
        "chart": chart,
        "scale_places": figures.scale_places(chart),
        "places": places,
        "months_places": figures.places_for(one.costs for one in months),
        "has_images": any(one.costs.images for one in months),
        "has_history": any(one.costs.requests for one in months),
    }


def spending_table(rows: Iterable[Spending], *, name: str) -> HttpResponseBase:
    """The answers and images as a table for other programs, one in a row, sent as it is read."""
    return StreamingHttpResponse(
        csv.lines(COLUMNS, map(_cells, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cells(spent: Spending) -> list[str]:
    return [
        spent.asked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        spent.user.display_name,
        spent.model,
        spent.provider,
        plain_amount(spent.reserved if spent.cost is None else spent.cost),
        "reserved" if spent.cost is None else spent.basis or "not reported",
        str(spent.conversation_id or ""),
        str(spent.space_id or ""),
    ]
