"""Who asks: the person behind a token, and what they let the program do."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Membership, User
from api.errors import ApiError, error_response, forbidden, not_found, unauthorized
from api.models import Scope, Token
from api.tokens.finding import note_use, token_of
from api.tokens.throttle import throttle
from core.web.db import AWAY
from core.web.outages import tell_outage
from imaging.access import reviews_all_teams

P = ParamSpec("P")

LANGUAGE = "en"  # in which programs are told what is wrong


@dataclass(frozen=True, slots=True)
class Caller:
    """The person whose token a program shows, their place in the team, and the token."""

    user: User
    membership: Membership
    token: Token


def caller_of(authorization: str, *, counts: bool = True) -> Caller:
    """Who shows this `Authorization` header. Counts as one request of the token, unless it `counts` elsewhere.

    Reads the database and so belongs into a thread. Raises ApiError: 401 for a token that lets nobody in, 404 where
    there is no API, 429 for one that asks too often.
    """
    if not settings.API:
        raise not_found("The API is switched off on this server.")
    scheme, _blank, secret = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise unauthorized("Send an access token: Authorization: Bearer parley_…")
    token = token_of(secret.strip())
    if token is None:
        raise unauthorized("This access token is not valid.")
    if token.revoked_at is not None:
        raise unauthorized("This access token was revoked.", code="token_revoked")
    if not token.is_good:
        raise unauthorized("This access token has expired.", code="token_expired")
    membership = Membership.objects.filter(team=token.team_id, user=token.user_id).first()
    if membership is None or not token.user.is_active:
        raise unauthorized("The person who made this access token is not on the team any more.", code="token_revoked")
    if counts and (wait := throttle.take(token.pk)):
        raise ApiError(
            429,
            f"This access token asks too often. Try again in {wait:.0f} seconds."
            if wait >= 1.5
            else "This access token asks too often. Try again in a second.",
            type="rate_limit_error",
            code="rate_limit_exceeded",
            retry_after=wait,
        )
    membership.user, membership.team = token.user, token.team
    note_use(token)
    return Caller(token.user, membership, token)


def bearer(request: HttpRequest) -> Caller:
    """Who shows the token in the request's header. Raises ApiError as `caller_of` does.

    A request that is asked once more, since its answer had to be waited for, counts once.
    """
    counts = not hasattr(request, "_token_counted")
    caller = caller_of(request.headers.get("Authorization", ""), counts=counts)
    request._token_counted = True  # type: ignore[attr-defined]
    return caller


def require(caller: Caller, scope: Scope) -> None:
    """Raises ApiError unless the token has this scope and its person may do that themselves."""
    if scope not in caller.token.scopes:
        raise forbidden(f"This access token doesn’t have the scope “{scope.value}”.", code="missing_scope")
    if scope in (Scope.ASK, Scope.DRAW) and not caller.membership.may_ask:
        raise forbidden("Viewers can read what this team has, but can’t ask.")
    if scope == Scope.REVIEW and not (caller.membership.is_reviewer or reviews_all_teams(caller.user)):
        raise forbidden("Only reviewers of this team can do this.")


def api_view(
    scope: Scope | None, methods: Collection[str]
) -> Callable[
    [Callable[Concatenate[HttpRequest, Caller, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """A view for programs that show a token with this scope, or with any where it is None: without a session, a cookie
    or a form's token, and with every refusal as JSON."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Caller, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            with translation.override(LANGUAGE):
                request.LANGUAGE_CODE = LANGUAGE
                try:
                    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                        raise _wrong_method(methods)
                    caller = bearer(request)
                    request.user = caller.user  # at whose expense the server works
                    if scope is not None:
                        require(caller, scope)
                    return view(request, caller, *args, **kwargs)
                except ApiError as error:
                    return _said(error, methods)
                except Http404:
                    return error_response(not_found())
                except PermissionDenied as denied:
                    return error_response(forbidden(str(denied) or "You may not do this."))
                except RequestDataTooBig:
                    return error_response(too_large())
                except AWAY as fault:
                    tell_outage(fault, during=f"{request.path} cannot be answered")
                    return error_response(unavailable())

        return wrapped

    return decorate


def too_large() -> ApiError:
    """The request is larger than what is taken at once."""
    return ApiError(413, "This request is larger than Parley accepts at once.", code="request_too_large")


def unavailable(why: str = "Parley can’t reach its database right now. Try again in a moment.") -> ApiError:
    """The database is away, or what else `why` says."""
    return ApiError(
        503,
        why,
        type="server_error",
        code="unavailable",
        retry_after=10,
    )


def _wrong_method(methods: Collection[str]) -> ApiError:
    return ApiError(405, f"Use {' or '.join(methods)} here.", code="method_not_allowed")


def _said(error: ApiError, methods: Collection[str]) -> HttpResponseBase:
    response = error_response(error)
    if error.status == 405:
        response["Allow"] = ", ".join(methods)
    return response
