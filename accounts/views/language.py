"""In which language somebody reads the interface."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access, languages
from accounts.forms import LanguageForm


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: to whoever is signed in on every device, to anybody else in this browser."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no such language")
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        user = access.signed_in(request)
        user.language = chosen
        user.save(update_fields=["language"])
    with translation.override(chosen or request.LANGUAGE_CODE):
        if request.user.is_authenticated:
            messages.success(request, _("Your language is saved."))
    response = redirect(_way_back(request))
    languages.remember(response, chosen)
    return response


def _way_back(request: HttpRequest) -> str:
    """Where the choice was made, if that is here."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "accounts:me" if request.user.is_authenticated else "login"
