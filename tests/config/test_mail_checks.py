"""Settings of the mail server: read from an address, and refused with a sentence where they cannot work."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import env
from config.checks.mail import check_mail
from config.doctor.mail import look_at_mail
from tests.mail_server import MailServer

SECRET = "open:sesame@4711"
SENDER = "Parley <parley@harbour.example>"
THERE = {"EMAIL_IS_SET": True, "EMAIL_HOST": "mail.example", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"is_set": False, "starttls": False, "tls": False}),
        ("smtp://mail.example", {"is_set": True, "host": "mail.example", "port": 587, "starttls": True, "tls": False}),
        ("smtps://mail.example", {"port": 465, "starttls": False, "tls": True}),
        ("smtp+plain://localhost", {"port": 25, "starttls": False, "tls": False}),
        ("smtp://a%40b:open%3Asesame%404711@[::1]:2525/", {"port": 2525, "user": "a@b", "password": SECRET}),
    ],
)
def test_the_address_of_a_mail_server_is_read(
    url: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)

    found = env.mail_server("EMAIL_URL")

    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port", "smtp://u:pa/ss@mail.example"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", url)

    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must be") as refused:
        env.mail_server("EMAIL_URL")

    assert "pa/ss" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"DEFAULT_FROM_EMAIL": SENDER}, ["parley.E080"]),
        ({**THERE, "DEFAULT_FROM_EMAIL": SENDER}, []),
        ({**THERE, "DEFAULT_FROM_EMAIL": "parley@harbour.example"}, []),
        ({**THERE, "DEFAULT_FROM_EMAIL": ""}, ["parley.E081"]),
        ({**THERE, "DEFAULT_FROM_EMAIL": "Parley"}, ["parley.E081"]),
        ({**THERE, "DEFAULT_FROM_EMAIL": SENDER, "EMAIL_USE_TLS": False}, ["parley.W080"]),
        ({**THERE, "DEFAULT_FROM_EMAIL": SENDER, "EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"}, []),
    ],
)
def test_what_cannot_work_is_refused(settings: Settings, values: dict[str, Any], expected: list[str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)

    assert [message.id for message in check_mail(None)] == expected


def test_the_doctor_looks_at_the_mail_server_where_there_is_one(settings: Settings) -> None:
    assert look_at_mail() == []

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_IS_SET, settings.EMAIL_HOST = True, "127.0.0.1"
    with MailServer() as running:
        settings.EMAIL_PORT = running.port
        assert [found.line for found in look_at_mail()] == ["ok      mail: The mail server at 127.0.0.1 answers."]
        assert running.messages == []
    assert [found.line for found in look_at_mail()] == [
        "problem mail: The mail server couldn’t be reached. Check EMAIL_URL."
    ]
