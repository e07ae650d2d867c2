"""Connect Perplexity: the page on which an operator enters, tests, replaces and removes the key.

The key is never shown again, not even in part. Where the environment has one, that one is used and the page says so.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operator_required, signed_in
from chat.catalog import providers
from chat.connection import service, stored_key
from chat.connection.forms import KeyForm, carried
from chat.connection.trial import Outcome, Trial, try_key
from core.errors import ActionRefused
from core.web.params import whole_number_in
from upstream.endpoints import is_local


@sensitive_post_parameters("key", "waiting")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@operator_required
def connect(request: HttpRequest) -> HttpResponse:
    """How Perplexity is connected; posted, a key is tested and saved. With `?setup` it is the last step of the first
    sign-in."""
    if request.method != "POST":
        return _page(request)
    if reason := _why_no_key_is_taken():
        messages.error(request, reason)
        return redirect(_address(request))
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    return _test_and_save(request, form)


@require_POST
@operator_required
def test(request: HttpRequest) -> HttpResponse:
    """Test the key in force once more."""
    key = stored_key.api_key()
    if not key:
        messages.error(request, _("There is no key to test."))
        return redirect("chat:connect")
    try:
        trial = try_key(key=key, providers=providers.perplexity_providers())
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        tell = messages.success if trial.outcome is Outcome.ACCEPTED else messages.error
        tell(request, trial.sentence)
    return redirect("chat:connect")


@require_POST
@operator_required
def remove(request: HttpRequest) -> HttpResponse:
    """Forget the saved key."""
    try:
        service.remove_key(seen=whole_number_in(request.POST.get("seen")) or 0, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The saved key was removed."))
    return redirect("chat:connect")


@sensitive_variables("key", "form")
def _test_and_save(request: HttpRequest, form: KeyForm) -> HttpResponse:
    key, is_tested = form.cleaned_data["key"], "untested" not in request.POST
    if is_tested:
        try:
            trial = try_key(key=key, providers=providers.perplexity_providers())
        except ActionRefused as refusal:
            trial = Trial(Outcome.OPEN, str(refusal))
        if trial.outcome is not Outcome.ACCEPTED:
            return _page(request, trial=trial, key=key, status=422)
    try:
        service.save_key(key=key, seen=form.cleaned_data["seen"], was_tested=is_tested, by=signed_in(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(request))
    if is_tested:
        messages.success(request, _("Perplexity is connected. New questions go there."))
    else:
        messages.success(request, _("The key was saved without a test. New questions go to Perplexity."))
    return redirect(settings.LOGIN_REDIRECT_URL if _is_setup(request) else "chat:connect")


@sensitive_variables("key")
def _page(
    request: HttpRequest, *, form: KeyForm | None = None, trial: Trial | None = None, key: str = "", status: int = 200
) -> HttpResponse:
    """The page as things are now. A key that may be good is carried along, encrypted, to be saved without a test."""
    changes = service.recent_changes()
    seen = changes[0].pk if changes else 0
    is_open = trial is not None and trial.outcome is Outcome.OPEN
    context: dict[str, Any] = {
        "form": form or KeyForm(initial={"seen": seen}),
        "trial": trial,
        "waiting": carried(key) if is_open else "",
        "seen": seen,
        "changes": changes,
        "saved": changes[0] if changes and changes[0].ciphertext else None,
        "is_unreadable": stored_key.current().is_unreadable,
        "is_from_environment": stored_key.is_from_environment(),
        "no_key_is_taken": _why_no_key_is_taken(),
        "server": urlsplit(settings.PERPLEXITY_BASE_URL).netloc,
        "is_setup": _is_setup(request),
        "layout": "plain.html" if _is_setup(request) else "base.html",
    }
    return render(request, "chat/connection/connect.html", context, status=status)


def _why_no_key_is_taken() -> str:
    """Why a key cannot be entered here; empty where it can."""
    if stored_key.is_from_environment():
        return _("PERPLEXITY_API_KEY is set in this server’s environment and takes precedence. Change it there.")
    url = urlsplit(settings.PERPLEXITY_BASE_URL)
    if url.scheme == "http" and not is_local(url.hostname or ""):
        sentence = _("PERPLEXITY_BASE_URL leads to %(host)s unencrypted, so no key can be sent there. Use https in it.")
        return sentence % {"host": url.hostname}
    return ""


def _is_setup(request: HttpRequest) -> bool:
    return "setup" in request.GET


def _address(request: HttpRequest) -> str:
    return f"{reverse('chat:connect')}{'?setup' if _is_setup(request) else ''}"
