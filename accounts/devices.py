"""Which browsers somebody has signed in with: guesses from elsewhere do not lock those out.

The cookie holds no secret and opens nothing. It names a device, and in it, as hashes, the people who have signed in
there; it is signed, so that only a sign-in makes one.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

View = Callable[[HttpRequest], HttpResponseBase]

COOKIE = "device"
KEPT_FOR = 365 * 24 * 3600  # seconds
MOST_PEOPLE = 8  # of one device, those who signed in last
_SALT = "accounts.devices"


def device_of(request: HttpRequest, name: str) -> str | None:
    """The device, if somebody of this name has signed in there."""
    device, people = _read(request)
    return device if _person(name) in people else None


def known_device(request: HttpRequest) -> str | None:
    """The device, if anybody has signed in there."""
    device, people = _read(request)
    return device if people else None


def remember_device(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Gives the cookie to a browser in which somebody has just signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        name = getattr(request, "_signed_in_as", None)
        if name is not None:
            device, people = _read(request)
            people = [_person(name), *(person for person in people if person != _person(name))][:MOST_PEOPLE]
            response.set_cookie(
                COOKIE,
                signing.dumps([device or secrets.token_hex(8), people], salt=_SALT),
                max_age=KEPT_FOR,
                path=settings.SESSION_COOKIE_PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


@receiver(user_logged_in)
def _note_sign_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    request._signed_in_as = user.get_username()  # type: ignore[attr-defined]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError):
        return "", []
    return device, people


def _person(name: str) -> str:
    return salted_hmac(_SALT, name).hexdigest()[:16]
