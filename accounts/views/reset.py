"""A new password by e-mail: Django's own views with what is Parley's around them. There, where there is a mail server.

Whoever asks sees the same page in the same time, whether anybody has the address or not.
"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView, PasswordResetView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import throttling
from accounts.forms import ChosenPasswordForm
from accounts.models import User
from accounts.services import letters, mail_limits, passwords
from core.web import mail
from core.web.mail import Letter

READ_AND_POST = ["get", "head", "post"]  # Django would take a PUT for a POST
MOST_PER_ADDRESS = 3  # e-mails within an hour
MOST_PER_NETWORK = 20


class ForgottenForm(PasswordResetForm):
    """Whose password is forgotten, by their confirmed address."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class AskForLink(PasswordResetView):
    """Sends a link to whoever has the address."""

    http_method_names = READ_AND_POST
    form_class = ForgottenForm
    template_name = "registration/forgot_password.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form. Raises Http404 without a mail server."""
        return _only_with_mail(super().get)(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the link. Raises Http404 without a mail server."""
        return _only_with_mail(super().post)(request, *args, **kwargs)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the links behind the request, and tell what to expect."""
        address = form.cleaned_data["email"]
        limits = {f"mailbox {address}": MOST_PER_ADDRESS, throttling.line_of(self.request): MOST_PER_NETWORK}
        if not mail_limits.take_turn(kind="password", limits=limits):
            form.add_error(None, _("Too many e-mails were requested. Try again in an hour."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        for person in list(form.get_users(address)):
            assert isinstance(person, User)
            mail.send_later(partial(_write, person, translation.get_language()))
        return self.render_to_response(self.get_context_data(form=form, sent_to=address))


class SetPassword(PasswordResetConfirmView):
    """Sets the new password by the link. It works once: it is made of what changes with the password."""

    http_method_names = READ_AND_POST
    token_generator = passwords.emailed_tokens
    form_class = ChosenPasswordForm
    template_name = "registration/set_password.html"
    success_url = reverse_lazy("login")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As Django's, with a page for a link that has ended."""
        if str(self.request.method).lower() not in READ_AND_POST:
            return self.http_method_not_allowed(self.request, *args, **kwargs)
        response = super().dispatch(*args, **kwargs)
        if response.status_code == HTTPStatus.OK and not self.validlink:
            response.status_code = HTTPStatus.GONE
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, or that the link has ended and whether another can be sent."""
        return {**super().get_context_data(**kwargs), "can_mail": mail.is_set()}

    def get_user(self, uidb64: str) -> User | None:
        """The person, if they can sign in and still have an address."""
        person = super().get_user(uidb64)
        return person if isinstance(person, User) and person.is_active and person.verified_email else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:  # type: ignore[type-arg]
        """Let no older link change the password back."""
        response = super().form_valid(form)
        passwords.delete_password_links(user=form.user)
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return response


def _only_with_mail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    if not mail.is_set():
        raise Http404
    return view


def _write(person: User, language: str | None) -> Letter:
    """The letter with the person's link. It asks the database for nothing."""
    with translation.override(language):
        uid = urlsafe_base64_encode(force_bytes(person.pk))
        link = letters.link_to("password_reset_confirm", uid, passwords.emailed_tokens.make_token(person))
        return letters.password_letter(person=person, link=link)
