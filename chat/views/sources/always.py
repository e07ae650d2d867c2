"""Having all of one's own answers checked without asking for it each time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import current_membership, member_required
from accounts.models import Membership
from chat.sources.checks import always


@require_POST
@member_required
def choose(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Have all answers that one asks for in the team checked (`always`), or those alone of which one says so."""
    if not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s conversations but can’t change them."))
    wanted = bool(request.POST.get("always"))
    always.choose_always(membership=membership, always=wanted)
    if wanted:
        said = _("From now on, the citations in your answers are checked as soon as they’re finished.")
    else:
        said = _("From now on, the citations in your answers are checked when you ask for it.")
    messages.success(request, said)
    return redirect(f"{reverse('accounts:me')}#checks")


def account_card(request: object) -> SafeString | None:
    """The choice as it stands on the account page; None for somebody who does not ask."""
    if not isinstance(request, HttpRequest):
        return None
    membership = current_membership(request)
    if membership is None or not membership.may_ask:
        return None
    context = {"always": always.is_always(membership), "team": membership.team}
    return render_to_string("chat/sources/_always.html", context, request=request)
