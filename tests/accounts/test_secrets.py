"""Tokens and passwords turn up nowhere but where they belong."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from accounts.services import invitations, passwords, setup
from tests.accounts.conftest import SignedIn

PASSWORD = "Tr0ubadour-staple"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What the product's own logging writes, everything from DEBUG on."""
    for name in ("", "django", "axes"):
        caplog.set_level(logging.DEBUG, logger=name)
    console = logging.getLogger("django").handlers[0]
    assert isinstance(console, logging.StreamHandler)
    kept = io.StringIO()
    terminal = console.setStream(kept)
    yield kept
    console.setStream(terminal)


def everything_stored() -> str:
    """Each value of each row in the database."""
    rows = [str(row) for model in apps.get_models() for row in model._base_manager.values_list()]
    return "\n".join(rows + [str(session.get_decoded()) for session in Session.objects.all()])


def test_tokens_are_in_no_log_and_no_row(signed_in: SignedIn, log: io.StringIO, alice: User, bob: User) -> None:
    team = Team.objects.get()
    invitation, joining = invitations.create_invitation(team=team, by=alice, role="member")
    reset = passwords.new_password_link(member=bob.memberships.get(), by=alice)
    first = setup.new_first_link()
    strict = Client(enforce_csrf_checks=True)
    browser = Client()
    paths = [
        reverse("accounts:join", args=[joining]),
        reverse("accounts:new_password", args=[reset]),
        reverse("accounts:welcome", args=[first]),
    ]

    for path in paths:
        assert strict.post(path).status_code == 403  # refused for the missing form token: Django logs the path
        browser.post(path, {"username": "dana"})  # refused for what is missing: logged as well
        browser.get(path)
        login = f"{reverse('login')}?next={path}"
        browser.get(login)
        browser.post(login, {"username": "alice", "password": "wrong", "next": path})
    invitations.revoke_invitation(invitation=invitation, by=alice)
    assert browser.get(paths[0]).status_code == 410
    assert signed_in(alice).post(reverse("accounts:invite"), {"role": "member", "days": 7}).status_code == 200

    assert "/accounts/join/…/" in log.getvalue()
    assert AccessAttempt.objects.exists()
    for token in (joining, reset, first):
        assert token not in log.getvalue()
        assert token not in everything_stored()


def test_a_traceback_with_a_token_in_it_is_blotted_out_too(log: io.StringIO) -> None:
    token = "a1B2-" * 8
    try:
        raise ValueError(f"cannot open https://parley.example/accounts/join/{token}/")
    except ValueError:
        logging.getLogger("anything").exception("at %s", f"/accounts/login/?next=%2Faccounts%2Fwelcome%2F{token}%2F")

    assert "Traceback" in log.getvalue()
    assert token not in log.getvalue()


def test_passwords_are_in_no_log_no_row_and_no_page(
    signed_in: SignedIn, log: io.StringIO, alice: User, bob: User
) -> None:
    team = Team.objects.get()
    _, token = invitations.create_invitation(team=team, by=alice, role="member")
    browser, pages = Client(), []
    attempts = [
        (reverse("login"), {"username": "alice", "password": PASSWORD}),
        (reverse("login"), {"username": PASSWORD, "password": "x"}),  # typed into the wrong field
        (reverse("accounts:join", args=[token]), {"username": "bob", "password1": PASSWORD, "password2": PASSWORD}),
        (reverse("accounts:join", args=[token]), {"username": "dana", "password1": PASSWORD, "password2": PASSWORD}),
        (reverse("password_change"), {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": "y"}),
    ]

    for path, fields in attempts:
        pages.append(browser.post(path, fields, follow=True).content.decode())

    assert User.objects.filter(username="dana").exists()
    assert PASSWORD not in log.getvalue()
    assert not any(PASSWORD in page for page in pages[:1] + pages[2:])
    stored = everything_stored()
    assert len(re.findall(PASSWORD, stored)) == 1  # what was typed as a name is a name, where failures are counted


def test_the_pages_of_secret_links_are_kept_by_nobody_and_told_to_nobody(anyone: Client, alice: User) -> None:
    _, token = invitations.create_invitation(team=Team.objects.get(), by=alice, role="member")

    for path in (reverse("accounts:join", args=[token]), f"{reverse('login')}?next=/accounts/join/{token}/"):
        response = anyone.get(path)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert "http-equiv" not in response.content.decode()
