"""Refuses settings of the mail server that cannot work."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from upstream.endpoints import is_local


@register
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with EMAIL_URL and EMAIL_FROM."""
    if not settings.EMAIL_IS_SET:
        alone = Error("EMAIL_FROM is set, but EMAIL_URL isn’t, so no e-mail is sent. Set both.", id="parley.E080")
        return [alone] if settings.DEFAULT_FROM_EMAIL else []
    found: list[CheckMessage] = []
    if not _is_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]):
        found.append(
            Error(
                "EMAIL_URL is set, so EMAIL_FROM must be the sender of Parley’s e-mails, such as "
                "Parley <parley@example.org>.",
                id="parley.E081",
            )
        )
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_local(settings.EMAIL_HOST)):
        found.append(
            Warning(
                "EMAIL_URL starts with smtp+plain://, so invitations and links for new passwords can be read on "
                "their way to the mail server. Use smtp:// or smtps:// for a server on another machine.",
                id="parley.W080",
            )
        )
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
