"""Which team a person acts in, and what they may do there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Membership, User

SESSION_KEY = "team"

P = ParamSpec("P")


def memberships_of(user: User) -> list[Membership]:
    """The person's memberships, oldest first."""
    return list(Membership.objects.filter(user=user).select_related("team").order_by("joined_at", "id"))


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership in the team chosen last, else in the first team; None for somebody on no team.

    It is looked up once per request.
    """
    if not hasattr(request, "_membership"):
        assert isinstance(request.user, User)
        chosen = request.session.get(SESSION_KEY)
        mine = memberships_of(request.user)
        found = next((m for m in mine if str(m.team_id) == chosen), mine[0] if mine else None)
        if found:
            found.user = request.user
        request._membership = found  # type: ignore[attr-defined]
    return request._membership  # type: ignore[attr-defined, no-any-return]


def member_required(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only signed-in people on a team through, and hand the view their membership.

    Raises PermissionDenied for a person who is on no team.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        membership = current_membership(request)
        if membership is None:
            raise PermissionDenied("You are not on a team yet. Ask a team's owner to invite you.")
        return view(request, membership, *args, **kwargs)

    return guarded
