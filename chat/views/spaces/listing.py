"""All spaces that somebody may read, and making one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat.models import Space, SpaceMember
from chat.spaces import overview, service
from chat.spaces.forms import NewSpaceForm, chosen_people
from chat.views.sidebar import sidebar
from chat.views.spaces.head import deleted_space
from core.errors import ActionRefused
from core.web.params import whole_number_in


@require_safe
@never_cache
@member_required
def spaces(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The spaces, or with `?filter=archived` the archived ones; with the way back after a deletion."""
    archived = request.GET.get("filter") == "archived"
    page = whole_number_in(request.GET.get("page"), digits=4) or 1
    context = {
        "spaces": overview.space_list(membership, archived=archived, page=page),
        "archived": archived,
        "deleted": deleted_space(request),
    }
    return render(request, "chat/spaces/spaces.html", context | sidebar(request, membership))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_space(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a space, for everyone on the team or for some. Raises PermissionDenied for a viewer."""
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read spaces but can’t create them."))
    form = NewSpaceForm(request.POST or None)
    mates = list(
        Membership.objects.filter(team=membership.team_id)
        .exclude(pk=membership.pk)
        .select_related("user")
        .order_by("joined_at", "id")
    )
    chosen = chosen_people(request.POST, mates)
    if request.method == "POST" and form.is_valid():
        try:
            space = service.create_space(
                team=membership.team,
                by=membership.user,
                wish=form.wish,
                chosen=chosen if form.is_for_chosen else None,
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("chat:space", space.pk)
    context = {
        "form": form,
        "colours": Space.Colour.choices,
        "rows": [(mate, chosen.get(mate.pk, "")) for mate in mates],
        "roles": SpaceMember.Role.choices,
    }
    status = 422 if form.errors else 200
    return render(request, "chat/spaces/new.html", context | sidebar(request, membership), status=status)
