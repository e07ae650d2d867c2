"""The trash: what was deleted and can be restored."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat import access
from chat.conversations import bulk
from chat.models import Space
from chat.views.history.results import take_result
from chat.views.sidebar import sidebar
from core.web.paging import Cursor

PAGE = 40
MOST_SPACES = 40
"""Deleted spaces above the conversations, those deleted last."""


@require_safe
@never_cache
@member_required
def trash(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The deleted conversations that the person may restore, the last one first, from the head or after `?before=`; at
    the head also the spaces.

    Raises Http404 for a place that is none.
    """
    before = _place(request)
    there = access.trashed_conversations(membership).select_related("owner", "deleted_by")
    listed = there.filter(before.after("deleted_at")) if before else there
    found = list(listed.order_by("-deleted_at", "-id")[: PAGE + 1])
    shown = found[:PAGE]
    kept_for = timedelta(days=settings.TRASH_DAYS)
    rows = [(one, one.deleted_at + kept_for) for one in shown if one.deleted_at]
    last = shown[-1] if len(found) > PAGE else None
    matching = there[: bulk.MOST_AT_ONCE + 1].count()
    context = {
        "rows": rows,
        "spaces": [] if before else _spaces(membership, kept_for),
        "days": settings.TRASH_DAYS,
        "may_restore": membership.may_ask,
        "next": Cursor(at=last.deleted_at, id=last.pk) if last and last.deleted_at else None,
        "is_whole": matching <= len(rows),
        "matching": min(matching, bulk.MOST_AT_ONCE),
        "is_more_than_at_once": matching > bulk.MOST_AT_ONCE,
        "result": take_result(request),
    }
    return render(request, "chat/trash/trash.html", context | sidebar(request, membership))


def _spaces(membership: Membership, kept_for: timedelta) -> list[tuple[Space, datetime]]:
    """The spaces, and until when each can be restored."""
    found = access.trashed_spaces(membership).select_related("deleted_by").order_by("-deleted_at", "-id")
    return [(one, one.deleted_at + kept_for) for one in found[:MOST_SPACES] if one.deleted_at]


def _place(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("before", "")
    place = Cursor.parse(text)
    if text and place is None:
        raise Http404
    return place
