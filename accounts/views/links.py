"""What the pages behind secret links have in common."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User


def secret_link(
    view: Callable[[HttpRequest, str], HttpResponseBase],
) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Keep the token in the page's address from going anywhere else: no cache, no path in the Referer, no report.

    The policy is not no-referrer, because browsers then send `Origin: null` with the page's own forms, and those
    would be refused as forged.
    """

    @sensitive_post_parameters()
    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponseBase:
        response = view(request, token)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return wrapped


def show_link_once(request: HttpRequest, *, name: str, token: str, context: dict[str, object]) -> HttpResponse:
    """The page that shows a link just made, with a button that copies it."""
    link = request.build_absolute_uri(reverse(name, args=[token]))
    response = render(request, "accounts/joining/link.html", {"link": link, **context})
    add_never_cache_headers(response)
    return response


def link_ended_page(request: HttpRequest, reason: str, *, then: str = "") -> HttpResponse:
    """The page of a link that worked once; `then` is where signing in leads from there."""
    return render(request, "accounts/joining/link_ended.html", {"reason": reason, "then": then}, status=410)


def sign_in_by_link(request: HttpRequest, user: User) -> None:
    """Begin a session for somebody whose link or new password proved who they are."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
