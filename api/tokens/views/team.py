"""All access tokens of a team, for its owners."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, owner_required
from accounts.models import Membership
from api.tokens import access, service
from api.tokens.views.own import must_be_on, tell_revoked
from core.notices import Link

SHOWN = 300  # tokens, the newest first


@require_safe
@owner_required
def team_tokens(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Whose tokens there are, what they are good for, and when they were used last."""
    must_be_on()
    found = list(access.team_tokens(membership)[:SHOWN])
    context = {
        "team": membership.team,
        "good": [token for token in found if token.is_good],
        "ended": [token for token in found if not token.is_good],
    }
    return render(request, "api/tokens/team.html", context)


def team_link(membership: object) -> Link | None:
    """The way to the tokens on the team page; None where there is no API."""
    del membership
    return Link(reverse("api:team_tokens"), _("Access tokens"), "lock") if settings.API else None


@require_POST
@member_required
def revoke_for_team(request: HttpRequest, membership: Membership, token_id: UUID) -> HttpResponse:
    """Let nobody in by somebody's token any more."""
    must_be_on()
    token = access.team_token(membership, token_id)
    tell_revoked(request, service.revoke_token(token=token, by=membership.user))
    return redirect("api:team_tokens")
