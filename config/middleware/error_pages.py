"""What is answered to a request that no view answers: a page for people, JSON for programs."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from api import faults


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request is malformed."""
    if faults.comes_from_a_program(request):
        return faults.unreadable_request()
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such address, or nothing at it for this person."""
    if faults.comes_from_a_program(request):
        return faults.unknown_address()
    return defaults.page_not_found(request, exception)
