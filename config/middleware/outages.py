"""What a person is told when something that Parley leans on is down."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from api import faults
from api.auth import unavailable
from api.errors import ApiError, error_response
from core.web.outages import Outage, outage_of, tell_outage
from files.errors import StorageDown

_TRY_AGAIN_AFTER = "10"  # seconds


class OutagePages:
    """Answers 503 with a sentence where a view needs the database or a file, and that is not to be had."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the view answer."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an outage; None for everything else."""
        return _page_about(exception, request)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what went wrong outside of views: in looking for who is signed in, or in writing that down."""
    fault = sys.exception()  # Django asks for this page while it handles it
    page = _page_about(fault, request) if fault else None
    return page or (faults.our_mistake() if faults.comes_from_a_program(request) else _our_mistake())


def _our_mistake() -> HttpResponse:
    """The page for our own mistakes, which needs no template tags: what failed may be one."""
    context = {
        "home": settings.SITE_PATH,
        "static_url": settings.STATIC_URL,
        "language": get_language() or settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "heading": _("Something went wrong"),
        "whose": _("The problem is on the server, not with you. Everything asked and answered so far is saved."),
        "what_to_do": _("Go back and try again. If it happens again, tell your administrator when it happened."),
        "way": _("Go to your conversations"),
    }
    page = get_template("500.html").render(context)
    return HttpResponseServerError(page)


def _page_about(fault: BaseException, request: HttpRequest) -> HttpResponse | None:
    """The page for an outage, which leans on nothing that may be down; None when the fault is a mistake of ours."""
    if isinstance(fault, StorageDown):
        heading, sentence = (
            _("This file is unavailable"),
            _("The file storage isn’t responding. Nothing is lost. Try again in a moment."),
        )
    elif outage := outage_of(fault):
        heading, sentence = _words_about(outage)
    else:
        return None
    tell_outage(fault, during=f"{request.path} cannot be answered")
    response: HttpResponse
    if faults.comes_from_a_program(request):
        response = error_response(_for_programs(fault))
    else:
        context = {"heading": heading, "sentence": sentence, "request": request}
        page = render_to_string("503.html", context)  # without context processors, which ask the database
        response = HttpResponse(page, status=503)
        response["Retry-After"] = _TRY_AGAIN_AFTER
    response._has_been_logged = True  # type: ignore[attr-defined]  # by Django's request log, once for each request
    return response


def _for_programs(fault: BaseException) -> ApiError:
    """The same in English, without what is about pages."""
    if isinstance(fault, StorageDown):
        return unavailable("The file storage isn’t responding. Try again in a moment.")
    if outage_of(fault) is Outage.DISK:
        return unavailable("The server’s disk is full, so nothing new can be saved.")
    return unavailable()


def _words_about(outage: Outage) -> tuple[str, str]:
    if outage is Outage.DISK:
        return (
            _("No space left to save anything new"),
            _(
                "The server’s disk is full. Everything asked and answered so far is saved. Tell your "
                "administrator, then go back and try again."
            ),
        )
    return (
        _("Parley can’t reach its database right now"),
        _(
            "Everything asked and answered so far is saved. Wait a moment, then go back and try again. What you "
            "typed is still there."
        ),
    )
