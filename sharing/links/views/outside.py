"""What all addresses behind a link have in common: whom they open for, and what they tell browsers and search engines.

Whoever has no link that works is answered alike, whatever the reason. The pages are rendered without the request: they
know nothing of who is signed in, set no cookie but the password's, and are the same for teammates and strangers.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from math import ceil
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from sharing.links import guesses, standing
from sharing.models import ShareLink

UNLOCKED_FOR: Final = 12 * 3600
"""Seconds for which a browser in which the password was given is not asked again."""
COOKIE: Final = "__Secure-share" if settings.SERVED_OVER_HTTPS else "share"
NOT_KEPT: Final = "private, no-store"
_SALT: Final = "sharing.links"

View = Callable[..., HttpResponseBase]
"""Takes the request, the open link, its token, and what else its address says."""


def outside(view: View) -> View:
    """Hand the view an open link and its token. Everybody else is told that there is nothing, or to wait."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **parts: Any) -> HttpResponseBase:
        return _sealed(_answer(request, token, lambda link: view(request, link, token, **parts)))

    return wrapped


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page for visitors, in their language and in the colours that their browser remembers."""
    theme = request.COOKIES.get("theme", "")
    known = {"theme": theme if theme in {"light", "dark"} else ""}
    return HttpResponse(render_to_string(template, {**known, **(context or {})}), status=status)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page for somebody who has guessed too often."""
    response = page(request, "sharing/links/too_many.html", {"minutes": ceil(seconds / 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def is_unlocked(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the link needs no password, or this browser has given it."""
    if not link.password:
        return True
    try:
        return bool(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=UNLOCKED_FOR) == _proof(link))
    except signing.BadSignature:
        return False


def unlock(response: HttpResponse, link: ShareLink, token: str) -> None:
    """Have the browser remember that the password was given, for this link alone."""
    left = int((link.expires_at - timezone.now()).total_seconds())
    response.set_cookie(
        COOKIE,
        signing.dumps(_proof(link), salt=_SALT),
        max_age=max(0, min(UNLOCKED_FOR, left)),
        path=reverse("sharing:shared", args=[token]),
        secure=settings.SERVED_OVER_HTTPS,
        httponly=True,
        samesite="Lax",  # a strict one would not come along from the page on which somebody found the link
    )


def _answer(request: HttpRequest, token: str, respond: Callable[[ShareLink], HttpResponseBase]) -> HttpResponseBase:
    if seconds := guesses.seconds_to_wait(request):
        return too_many(request, seconds)
    link = standing.link_with(token)
    if link is None:
        guesses.count_wrong(request)
    elif standing.is_open(link):
        try:
            return respond(link)
        except Http404:
            pass
    return page(request, "sharing/links/nothing.html", status=404)


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    """The response, which no cache keeps, no search engine lists, and whose address no other site is told."""
    response["Cache-Control"] = NOT_KEPT
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _proof(link: ShareLink) -> list[str]:
    """What the cookie says. It is signed, and worth nothing for another link, or once the password is another."""
    return [link.pk.hex, link.password[-16:]]
