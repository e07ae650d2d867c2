"""In which language somebody is spoken to: the one that they have chosen, else one that their browser asks for.

What somebody has chosen is kept with them (`User.language`), and as a cookie in each browser in which they sign in, so
that pages which nobody has to look them up for, or cannot, speak it too. Whoever has not signed in yet has the cookie
alone.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

View = Callable[[HttpRequest], HttpResponseBase]

KEPT_FOR = 365 * 24 * 3600  # seconds


def is_offered(language: str) -> bool:
    """Whether the interface speaks it."""
    return any(language == code for code, _name in settings.LANGUAGES)


def speak(get_response: View) -> View:
    """Speaks the language that the browser has a cookie for, or asks for, and says in the response which one it was."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


def speak_to_person(get_response: View) -> View:
    """Goes on in the language that the person has chosen, and has their browser remember it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        # Without a session nobody is signed in, and nobody is looked up; nor for programs that ask whether all is well.
        is_for_people = request.path_info not in settings.PATHS_FOR_PROGRAMS
        is_known = is_for_people and settings.SESSION_COOKIE_NAME in request.COOKIES
        person: Any = request.user if is_known else None
        language = getattr(person, "language", "")
        if not is_offered(language):
            return get_response(request)
        translation.activate(language)  # until `speak` leaves its block
        request.LANGUAGE_CODE = language
        response = get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in response.cookies and language != cookie_of(request):
            remember(response, language)
        return response

    return middleware


def cookie_of(request: HttpRequest) -> str:
    """The language that the browser remembers; empty where it follows its own settings."""
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")


def remember(response: HttpResponseBase, language: str) -> None:
    """Have the browser remember this language; empty for its own."""
    name, path = settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH
    if not language:
        response.delete_cookie(name, path=path, samesite="Lax")
        return
    response.set_cookie(
        name,
        language,
        max_age=KEPT_FOR,
        path=path,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
