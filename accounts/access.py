"""Which team a person acts in, and what they may do there."""

import uuid
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Team, User

SESSION_KEY = "team"

P = ParamSpec("P")


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that only signed-in people can make."""
    assert isinstance(request.user, User)
    return request.user


def signed_in_with(session_keys: Collection[str]) -> dict[str, uuid.UUID]:
    """The ids of the people who are signed in with these sessions, for all of them by two queries.

    A session is nobody's after signing out, with a new password, and when the person is deactivated: as Django decides
    it for a request.
    """
    living = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    sessions = {session.session_key: SessionStore().decode(session.session_data) for session in living}
    ids = {session[auth.SESSION_KEY] for session in sessions.values() if auth.SESSION_KEY in session}
    active = User.objects.filter(pk__in=ids, is_active=True).only("password", "sign_in_round")
    people = {str(person.pk): person for person in active}
    return {
        key: person.pk
        for key, session in sessions.items()
        if (person := people.get(session.get(auth.SESSION_KEY, ""))) and _is_session_of(person, session)
    }


def _is_session_of(person: User, session: Mapping[str, str]) -> bool:
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS and any(
        constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), known) for known in hashes
    )


def memberships_of(user: User) -> list[Membership]:
    """The person's memberships, oldest first."""
    return list(Membership.objects.filter(user=user).select_related("team").order_by("joined_at", "id"))


def own_memberships(request: HttpRequest) -> list[Membership]:
    """The memberships of the person behind the request, oldest first, looked up once per request."""
    if not hasattr(request, "_memberships"):
        user = signed_in(request)
        mine = memberships_of(user)
        for membership in mine:
            membership.user = user
        request._memberships = mine  # type: ignore[attr-defined]
    return request._memberships  # type: ignore[attr-defined, no-any-return]


def current_membership(request: HttpRequest) -> Membership | None:
    """The membership in the team chosen last, else in the first team; None for somebody on no team."""
    mine = own_memberships(request)
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in mine if str(m.team_id) == chosen), mine[0] if mine else None)


def choose_team(request: HttpRequest, team: Team) -> None:
    """Act in this team from now on, on this device."""
    request.session[SESSION_KEY] = str(team.pk)


def sign_in_required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask whoever is not signed in to do so. It leads back to pages, never to what only takes forms."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        reading = request.method in {"GET", "HEAD"}
        return redirect_to_login(request.get_full_path() if reading else resolve_url(settings.LOGIN_REDIRECT_URL))

    return wrapped


def member_required(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only signed-in people on a team through, and hand the view their membership.

    Raises PermissionDenied for a person who is on no team.
    """

    @sign_in_required
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        membership = current_membership(request)
        if membership is None:
            raise PermissionDenied(_("You’re not on a team yet. Ask a team owner to invite you."))
        return view(request, membership, *args, **kwargs)

    return wrapped


def owner_required(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only owners of the team in force through, and hand the view their membership.

    Raises PermissionDenied for everybody else on the team.
    """

    @member_required
    @wraps(view)
    def wrapped(request: HttpRequest, membership: Membership, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        require_owner(membership)
        return view(request, membership, *args, **kwargs)

    return wrapped


def operator_required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only whoever administers the whole server through. Raises PermissionDenied for everybody else."""

    @sign_in_required
    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not signed_in(request).is_superuser:
            raise PermissionDenied(_("Only an administrator of this server can do this."))
        return view(request, *args, **kwargs)

    return wrapped


def require_owner(membership: Membership) -> None:
    """Raises PermissionDenied unless this is an owner's membership."""
    if not membership.may_manage:
        raise PermissionDenied(_("Only a team owner can do this."))


def managed_member(by: Membership, member_id: uuid.UUID) -> Membership:
    """The teammate an owner wants to manage.

    Raises Http404 for somebody who is not on the team, PermissionDenied for members and viewers.
    """
    found = get_object_or_404(Membership.objects.select_related("user", "team"), team=by.team_id, pk=member_id)
    require_owner(by)
    return found


def managed_invitation(by: Membership, invitation_id: uuid.UUID) -> Invitation:
    """The team's invitation an owner wants to manage.

    Raises Http404 for an invitation of another team, PermissionDenied for members and viewers.
    """
    made = Invitation.objects.select_related("team").filter(parent=None)  # links of their own are their readers' alone
    found = get_object_or_404(made, team=by.team_id, pk=invitation_id)
    require_owner(by)
    return found
