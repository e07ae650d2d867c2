"""All watches that somebody may read."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required, signed_in
from accounts.models import Membership
from chat import access
from chat.models import Watch
from chat.views.sidebar import sidebar
from chat.watches import listing
from core.web.params import uuid_in, whole_number_in


@require_safe
@never_cache
@member_required
def watches(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The watches of the team that the person may read; with the way back after a deletion."""
    page = whole_number_in(request.GET.get("page"), digits=4) or 1
    context = {
        "watches": listing.watch_list(membership, page=page),
        "deleted": _deleted_watch(request),
        "membership": membership,
    }
    return render(request, "chat/watches/watches.html", context | sidebar(request, membership))


def _deleted_watch(request: HttpRequest) -> Watch | None:
    """The watch at `?deleted=` that was deleted a moment ago and can be restored by this person."""
    watch_id: UUID | None = uuid_in(request.GET.get("deleted"))
    try:
        return access.stoppable_watch(signed_in(request), watch_id, deleted=True) if watch_id else None
    except (Http404, PermissionDenied):
        return None
