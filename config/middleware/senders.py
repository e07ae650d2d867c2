"""Who sends a body, looked up before it is read, by the rules that the views have."""

import io

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import set_script_prefix
from django.utils.translation import gettext_lazy as _

from accounts import access
from api.auth import caller_of
from api.errors import ApiError
from api.faults import is_for_programs
from api.tokens import secrets
from config.middleware.request_bodies import Refusal, Scope, Sender, takes_files

_sessions = SessionMiddleware(lambda request: HttpResponse())
_people = AuthenticationMiddleware(lambda request: HttpResponse())

_NO_TEAM = Refusal(403, _("You’re not on a team yet. Ask a team owner to invite you."))
_MAY_NOT_ASK = Refusal(403, _("Your role in the team doesn’t allow this. A team owner can change your role."))
_CANNOT_LOOK = Refusal(503, _("Parley can’t check who you are right now. Try again in a moment."), retry_after=10)
_UNREADABLE = Refusal(400, _("This request can’t be read."), code="bad_request")


def look_up(scope: Scope) -> Sender:
    """The person behind the request's session, and a refusal for whoever may not send files or long forms there.

    Reads the database and so belongs into a thread. What the views look up more narrowly is theirs: in which
    conversation, and that the form is this site's own.
    """
    set_script_prefix(get_script_prefix(scope))
    try:
        request = ASGIRequest(scope, io.BytesIO())
        _sessions.process_request(request)
        _people.process_request(request)
        return _sender(request)
    except UnicodeDecodeError:
        return Sender(refusal=_UNREADABLE)
    except (DatabaseError, InterfaceError):
        return Sender(refusal=_CANNOT_LOOK)


def _program(request: HttpRequest) -> Sender:
    try:
        return Sender(str(caller_of(request.headers.get("Authorization", ""), counts=False).user.pk))
    except ApiError as error:
        return Sender(refusal=Refusal(error.status, error.message, code=error.code or "unavailable"))


def _sender(request: HttpRequest) -> Sender:
    has_token = request.headers.get("Authorization", "").startswith(f"Bearer {secrets.PREFIX}")
    if has_token or is_for_programs(request.path_info):
        return _program(request)
    if not request.user.is_authenticated:
        return Sender(refusal=Refusal(302, location=resolve_url(settings.LOGIN_URL)))
    person = str(request.user.pk)
    if not takes_files(request.path_info):
        return Sender(person)
    mine = access.own_memberships(request)
    if not mine:
        return Sender(person, _NO_TEAM)
    return Sender(person, None if any(membership.may_ask for membership in mine) else _MAY_NOT_ASK)
