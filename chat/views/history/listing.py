"""The list of conversations: in the sidebar, growing as one scrolls, kept fresh; and as a page of its own."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.conversations import bulk
from chat.conversations import history as conversations_history
from chat.conversations.filters import HistoryFilterForm
from chat.conversations.history import HistoryFilter
from chat.conversations.sidebar_spaces import SidebarSpaces, sidebar_spaces
from chat.live.shown_checks import with_figures_missing
from chat.models import Conversation, Space
from chat.views.history.results import take_result
from chat.views.open_page import open_conversation_id
from chat.views.sidebar import sidebar
from core.web.htmx import htmx
from core.web.paging import Cursor
from core.web.params import uuid_in, whole_number_in


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
    if not htmx(request):
        return render(request, "chat/history/history.html", _page(request, membership, chosen, before))
    space = _space(request)
    page = conversations_history.history_page(membership, filter=chosen, before=before, space=space)
    context = {
        "history": page,
        "filters": HistoryFilter,
        "current_id": open_conversation_id(request),
    }
    if before:
        return render(
            request, "chat/history/_part.html", context | {"seen": _version(request, "loaded") ^ page.version}
        )
    # Pages of other packages come without their spaces.
    context |= {"spaces_beside": _spaces_beside(request, membership), "brings_spaces": True}
    return render(request, "chat/history/_history.html", context)


def chosen_conversations(request: HttpRequest, membership: Membership) -> QuerySet[Conversation]:
    """All that the page with this address lists. Raises Http404 for a filter that there is not."""
    condition = HistoryFilterForm(request.GET, membership=membership).condition()
    return conversations_history.filtered_conversations(membership, _filter(request)).filter(condition)


def _page(request: HttpRequest, membership: Membership, chosen: HistoryFilter, before: Cursor | None) -> dict[str, Any]:
    """What `chat/history/history.html` needs."""
    form = HistoryFilterForm(request.GET, membership=membership)
    condition = form.condition()
    page = conversations_history.history_page(membership, filter=chosen, before=before, condition=condition)
    shown = [row.conversation for group in page.groups for row in group.rows]
    prefetch_related_objects(shown, "taggings__tag")
    matching = chosen_conversations(request, membership)[: bulk.MOST_AT_ONCE + 1].count()
    return sidebar(request, membership) | {
        "page": page,
        "form": form,
        "query": form.query(chosen),
        "figures_missing": with_figures_missing(one.pk for one in shown),
        "tabs": [(form.query(one), one.label, one == chosen) for one in HistoryFilter],
        "tag_names": form.tag_names,
        "matching": min(matching, bulk.MOST_AT_ONCE),
        "is_whole": matching <= len(shown),
        "is_more_than_at_once": matching > bulk.MOST_AT_ONCE,
        "result": take_result(request),
        "deleted": _deleted_conversation(request),
        "places": access.offered_places(membership),
    }


def _again(request: HttpRequest, membership: Membership, chosen: HistoryFilter) -> HttpResponse:
    until = _cursor(request, "until")
    space = _space(request)
    page = (
        conversations_history.refreshed_history_page(membership, filter=chosen, until=until, space=space)
        if until
        else conversations_history.history_page(membership, filter=chosen, space=space)
    )
    if page is None or page.version == _version(request, "seen"):
        return HttpResponse(status=204)
    context: dict[str, Any] = {"history": page, "current_id": open_conversation_id(request), "seen": page.version}
    context["spaces_beside"] = _spaces_beside(request, membership)
    return render(request, "chat/history/_part.html", context)


def _filter(request: HttpRequest) -> HistoryFilter:
    try:
        return HistoryFilter(request.GET.get("filter", HistoryFilter.EVERYONE))
    except ValueError as wrong:
        raise Http404 from wrong


def _spaces_beside(request: HttpRequest, membership: Membership) -> SidebarSpaces:
    """The spaces of the sidebar, with that of the conversation that is open."""
    open_id = open_conversation_id(request)
    found = access.readable_conversations(membership).filter(pk=open_id).first() if open_id else None
    current = access.space_seen_by(membership.user, found) if found else None
    return sidebar_spaces(membership, current=current)


def _space(request: HttpRequest) -> Space | None:
    """The space at `?space=`, to whose conversations the list keeps. Raises Http404 for one that is not there for this
    person, and for a text that names none."""
    said = request.GET.get("space", "")
    if not said:
        return None
    space_id = uuid_in(said)
    if space_id is None:
        raise Http404
    return access.readable_space(signed_in(request), space_id)


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
