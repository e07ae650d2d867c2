"""What a person is told when so many sign in at once that their turn did not come."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

View = Callable[[HttpRequest], HttpResponseBase]

TRY_AGAIN_AFTER = 10  # seconds


def turn_away(request: HttpRequest) -> None:
    """Have the request answered with that page, whatever it asks for."""
    request.is_turned_away = True  # type: ignore[attr-defined]


def answer_if_busy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers 503 with a page to whoever was turned away, before a session or a view is looked at."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not getattr(request, "is_turned_away", False):
            return get_response(request)
        response = render(request, "busy.html", {"seconds": TRY_AGAIN_AFTER}, status=503)
        response["Retry-After"] = str(TRY_AGAIN_AFTER)
        return response

    return middleware
