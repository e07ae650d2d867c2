"""Who sees new questions where nobody chose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access
from accounts.models import Membership
from accounts.services import teams
from accounts.visibility import Visibility


@require_POST
@access.owner_required
def set_default(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Say who sees a new question where nobody chose."""
    said = request.POST.get("visible_to")
    if said not in Visibility.values:
        messages.error(request, _("Choose who sees new questions. Nothing was changed."))
        return redirect("accounts:team")
    teams.set_default_visibility(team=membership.team, by=membership.user, visible_to=Visibility(said))
    if said == Visibility.PRIVATE:
        messages.success(request, _("From now on, new questions start as visible only to the person who asks."))
    else:
        messages.success(request, _("From now on, new questions start as visible to the team."))
    return redirect("accounts:team")
