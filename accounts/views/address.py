"""A person's e-mail address, where there is a mail server."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.errors import LinkEnded
from accounts.forms import AddressForm
from accounts.services import addresses
from accounts.views import links
from core.errors import ActionRefused
from core.web import mail


@sensitive_post_parameters("password")
@require_POST
@access.sign_in_required
def give(request: HttpRequest) -> HttpResponse:
    """Keep one's address, and have it confirmed by an e-mail."""
    if not mail.is_set():
        raise Http404
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is not an e-mail address. Nothing was changed."))
        return redirect("accounts:me")
    address = form.cleaned_data["address"]
    user = access.signed_in(request)
    try:
        addresses.give_address(by=user, address=address, password=form.cleaned_data["password"])
    except ActionRefused as exc:
        messages.error(request, _("No e-mail was sent to %(address)s. %(why)s") % {"address": address, "why": exc})
        return redirect("accounts:me")
    if not address:
        messages.success(request, _("Your e-mail address has been removed."))
    elif address == user.verified_email:
        messages.success(request, _("Your e-mail address is confirmed already."))
    else:
        messages.success(request, _("Open the link that was sent to %(address)s.") % {"address": address})
    return redirect("accounts:me")


@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Take an address as its person's, by a click: mail filters open links, too."""
    try:
        person = addresses.person_to_confirm(token=token)
        if request.method == "POST":
            addresses.confirm_address(token=token)
    except LinkEnded as exc:
        return links.link_ended_page(request, str(exc))
    if request.method == "POST":
        messages.success(request, _("Your e-mail address is confirmed."))
        return redirect("accounts:me")
    return render(request, "accounts/profile/confirm_address.html", {"person": person})
