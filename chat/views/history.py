"""The list of conversations: in the sidebar, growing as one scrolls, kept fresh; and as a page of its own."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.conversations import history as conversations_history
from chat.conversations.history import HistoryFilter
from chat.models import Conversation
from chat.views.open_page import open_conversation_id
from chat.views.sidebar import sidebar
from core.web.htmx import htmx
from core.web.paging import Cursor
from core.web.params import whole_number_in


@require_safe
@never_cache
@member_required
def history(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The conversations at `?filter=` from the head or after `?before=`: a piece for the sidebar, or a page.

    With `?until=` and `?seen=` the whole list through that place again, or 204 when it still looks like that.
    Raises Http404 for a place that is none.
    """
    chosen = _filter(request)
    if htmx(request) and "seen" in request.GET:
        return _again(request, membership, chosen)
    before = _cursor(request, "before")
    page = conversations_history.history_page(membership, filter=chosen, before=before)
    context = {"history": page, "filters": HistoryFilter, "current_id": open_conversation_id(request)}
    if htmx(request) and before:
        return render(
            request, "chat/history/_part.html", context | {"seen": _version(request, "loaded") ^ page.version}
        )
    if htmx(request):
        return render(request, "chat/history/_history.html", context)
    context = sidebar(request, membership) | {"page": page, "before": before, "deleted": _deleted_conversation(request)}
    return render(request, "chat/history/history.html", context)


def _again(request: HttpRequest, membership: Membership, chosen: HistoryFilter) -> HttpResponse:
    until = _cursor(request, "until")
    page = (
        conversations_history.refreshed_history_page(membership, filter=chosen, until=until)
        if until
        else conversations_history.history_page(membership, filter=chosen)
    )
    if page is None or page.version == _version(request, "seen"):
        return HttpResponse(status=204)
    context: dict[str, Any] = {"history": page, "current_id": open_conversation_id(request), "seen": page.version}
    return render(request, "chat/history/_part.html", context)


def _filter(request: HttpRequest) -> HistoryFilter:
    try:
        return HistoryFilter(request.GET.get("filter", HistoryFilter.EVERYONE))
    except ValueError as wrong:
        raise Http404 from wrong


def _cursor(request: HttpRequest, name: str) -> Cursor | None:
    """The place at `?name=`, if one is named. Raises Http404 for a text that names none."""
    text = request.GET.get(name, "")
    cursor = Cursor.parse(text)
    if text and cursor is None:
        raise Http404
    return cursor


def _version(request: HttpRequest, name: str) -> int:
    return whole_number_in(request.GET.get(name), digits=20) or 0


def _deleted_conversation(request: HttpRequest) -> Conversation | None:
    """The conversation at `?deleted=` that was deleted a moment ago and can be restored by this person."""
    try:
        return access.managed_conversation(signed_in(request), UUID(request.GET.get("deleted", "")), deleted=True)
    except (ValueError, Http404, PermissionDenied):
        return None
