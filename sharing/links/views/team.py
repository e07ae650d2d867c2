"""Sharing by link in the hands of a team's owners: switching it, and all links of the team."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.models import Membership
from core.errors import ActionRefused
from core.web.paging import Cursor
from sharing.links import service, standing
from sharing.models import ShareLink


@require_safe
@never_cache
@access.owner_required
def sharing(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Whether the team shares by link, and its links, newest first; older ones from `?before=`."""
    context = {
        "team": membership.team,
        "is_on": service.is_on(membership.team),
        "server_allows": settings.SHARING,
        "stretch": standing.links_of_team(membership, before=Cursor.parse(request.GET.get("before", ""))),
        "is_first": "before" not in request.GET,
    }
    return render(request, "sharing/links/team.html", context)


@require_POST
@access.owner_required
def switch(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let the team share by link, or no longer."""
    on = request.POST.get("on") == "on"
    try:
        ended = service.switch_sharing(team=membership.team, by=membership.user, on=on)
    except ActionRefused as refused:
        messages.error(request, str(refused))
        return redirect("sharing:team")
    if on:
        messages.success(request, _("Sharing by link is on. Create links in a conversation’s menu."))
    else:
        said = ngettext(
            "Sharing by link is off, and %(ended)d link has ended.",
            "Sharing by link is off, and %(ended)d links have ended.",
            ended,
        )
        messages.success(request, said % {"ended": ended})
    return redirect("sharing:team")


@require_POST
@access.owner_required
def end(request: HttpRequest, membership: Membership, link_id: UUID) -> HttpResponse:
    """End any link of the team."""
    link = get_object_or_404(ShareLink, pk=link_id, team=membership.team_id)
    service.end_link(link=link, by=membership.user)
    messages.success(request, _("The link has ended. It shows nothing any more."))
    return redirect("sharing:team")
