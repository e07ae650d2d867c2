"""Signing in, and a person's own account."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.errors import LinkEnded
from accounts.forms import AddressForm, ChosenPasswordForm, LanguageForm, OwnPasswordForm, PersonNameForm
from accounts.services import budgets, passwords, setup
from accounts.services import instructions as services_instructions
from accounts.views import instructions, links, time_zone
from core import notices
from core.web import mail

READ_AND_POST = ["get", "head", "options", "post"]  # Django would take a PUT for a POST


class SignIn(LoginView):
    """Django's own, which also tells the very first visitor what to do."""

    http_method_names = READ_AND_POST

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Where to go next may be an invitation, so the address must not travel in the Referer."""
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether anybody can sign in at all yet."""
        return {**super().get_context_data(**kwargs), "has_begun": setup.has_accounts(), "can_mail": mail.is_set()}


class ChangePassword(PasswordChangeView):
    """Django's own: this session goes on, those on other devices end."""

    http_method_names = READ_AND_POST

    form_class = OwnPasswordForm
    success_url = reverse_lazy("accounts:me")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Say what happened, and let no older link change the password back."""
        response = super().form_valid(form)
        passwords.delete_password_links(user=access.signed_in(self.request))
        messages.success(self.request, _("Your password has been changed. You’re signed out on all other devices."))
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@access.sign_in_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    user = access.signed_in(request)
    form = PersonNameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your name has been saved."))
        return redirect("accounts:me")
    if form.errors:
        user.refresh_from_db(fields=["full_name"])
    section = instructions.section(services_instructions.personal_versions(user_id=user.pk))
    status = 422 if form.errors else 200
    return render(request, "accounts/profile/me.html", _account_context(request, form, section), status=status)


@require_POST
@access.sign_in_required
def save_instructions(request: HttpRequest) -> HttpResponse:
    """Have other instructions go with one's own questions."""
    user = access.signed_in(request)
    save = partial(services_instructions.save_personal_instructions, by=user)
    section = instructions.submit(request, save, versions=services_instructions.personal_versions(user_id=user.pk))
    if section.is_saved:
        messages.success(
            request, _("Your instructions have been saved. They are sent with every question you ask from now on.")
        )
        return redirect(f"{reverse('accounts:me')}#instructions")
    context = _account_context(request, PersonNameForm(instance=user), section)
    return render(request, "accounts/profile/me.html", context, status=section.status)


def _account_context(
    request: HttpRequest, form: PersonNameForm, section: instructions.InstructionsSection
) -> dict[str, object]:
    spent = budgets.own_spending(access.own_memberships(request), budgets.this_month())
    languages = LanguageForm(initial={"language": access.signed_in(request).language})
    zones = time_zone.form_for(request)
    context: dict[str, object] = {"form": form, "languages": languages, "spent": spent, "section": section}
    if mail.is_set():
        context["address_form"] = AddressForm(initial={"address": access.signed_in(request).email})
    return context | {"time_zone_form": zones, "cards": notices.account_cards.ask(request)}


@require_POST
@access.sign_in_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions, this one too."""
    passwords.end_sessions(user=access.signed_in(request))
    logout(request)
    messages.success(request, _("You’re signed out on all devices."))
    return redirect("login")


@require_http_methods(["GET", "HEAD", "POST"])
@links.secret_link
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by a link that an owner made."""
    link = passwords.password_link_by_token(token=token)
    if link is None or link.user is None:
        raise Http404
    reason = _("This link has been used, replaced or has expired. Ask a team owner for a new one.")
    if not passwords.is_password_link_open(link=link):
        return links.link_ended_page(request, reason)
    form = ChosenPasswordForm(link.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        try:
            passwords.use_password_link(link=link, user=user)
        except LinkEnded:
            return links.link_ended_page(request, reason)
        links.sign_in_by_link(request, user)
        messages.success(request, _("Your new password is set. You’re signed out on all other devices."))
        return redirect("accounts:me")
    context = {"form": form, "person": link.user}
    return render(request, "accounts/profile/new_password.html", context, status=422 if form.errors else 200)
