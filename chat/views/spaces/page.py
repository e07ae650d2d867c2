"""The page of a space: what was asked in it, and what is to be heeded there."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_membership, sign_in_required
from accounts.views import instructions as accounts_instructions
from chat import access
from chat.conversations.history import HistoryFilter, history_page
from chat.spaces.instructions import save_space_instructions, space_versions
from chat.views.composer.start import composer_context
from chat.views.spaces.head import Tab, opened, space_context
from core.web.paging import Cursor


@require_safe
@never_cache
@sign_in_required
def space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """The conversations of a space, the pinned ones first, from the head or after `?before=`; with `?filter=` some of
    them. Raises Http404 for a filter that there is not and for a place that is none."""
    there = opened(request, space_id)
    chosen, before = _filter(request), _place(request)
    page = history_page(there.membership, filter=chosen, before=before, condition=Q(space=there.space))
    context = space_context(request, there, Tab.CONVERSATIONS) | {
        "page": page,
        "list_filters": [(one.value, one.label, one == chosen) for one in HistoryFilter],
    }
    context["may_switch"] = current_membership(request) != there.membership
    if there.may_ask and not context["may_switch"]:  # a composer asks in the team that is chosen
        context |= composer_context(there.membership, access.usual_place_in(there.space)) | {"has_composer": True}
    return render(request, "chat/spaces/space.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def instructions(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """What is to be heeded in the answers here: read by everybody in the space, written by whoever manages it."""
    there = opened(request, space_id)
    versions = space_versions(space_id=space_id)
    if request.method == "POST":
        managed, membership = access.managed_space(there.membership.user, space_id)
        save = partial(save_space_instructions, space=managed, by=membership.user)
        section = accounts_instructions.submit(request, save, versions=versions)
        if section.is_saved:
            messages.success(
                request,
                _("The instructions of this space have been saved. They are sent with every question from now on."),
            )
            return redirect(f"{reverse(Tab.INSTRUCTIONS, args=[space_id])}#instructions")
    else:
        section = accounts_instructions.section(versions)
    context = space_context(request, there, Tab.INSTRUCTIONS) | {"section": section}
    return render(request, "chat/spaces/instructions.html", context, status=section.status)


def _filter(request: HttpRequest) -> HistoryFilter:
    try:
        return HistoryFilter(request.GET.get("filter", HistoryFilter.EVERYONE))
    except ValueError as wrong:
        raise Http404 from wrong


def _place(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("before", "")
    place = Cursor.parse(text)
    if text and place is None:
        raise Http404
    return place
