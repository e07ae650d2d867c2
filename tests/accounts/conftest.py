"""Browsers for the cast, and several people doing something in the same moment."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from accounts.models import Team, User
from tests.mail_server import MailServer

ACCOUNT = {
    "username": "dana",
    "full_name": "Dana Deck",
    "password1": "a longer horse 7",
    "password2": "a longer horse 7",
}
"""What somebody new fills in."""


class SignedIn(Protocol):
    """Opens a browser in which the person is signed in."""

    def __call__(self, user: User) -> Client: ...


@pytest.fixture
def signed_in() -> SignedIn:
    """`signed_in(alice).get(url)`."""

    def open_browser(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return open_browser


@pytest.fixture
def anyone() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def crew(harbour: Team, alice: User, bob: User, vera: User) -> Team:
    """The team with everybody on it."""
    return harbour


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A mail server that Parley sends by, as an operator sets one."""
    with MailServer() as running:
        settings.EMAIL_IS_SET = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "Parley <parley@harbour.example>"
        yield running


class Together(Protocol):
    """Makes the calls in the same moment, each in a thread of its own, and returns what they returned."""

    def __call__(self, *calls: Callable[[], Any]) -> list[Any]: ...


@pytest.fixture
def together() -> Together:
    """`together(lambda: …, lambda: …)`; a call that raises is an error of the test."""

    def run(*calls: Callable[[], Any]) -> list[Any]:
        gate = threading.Barrier(len(calls))
        results: list[Any] = [None] * len(calls)
        mistakes: list[BaseException] = []

        def one(number: int) -> None:
            try:
                gate.wait(10)
                results[number] = calls[number]()
            except BaseException as exc:
                mistakes.append(exc)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        if mistakes:
            raise mistakes[0]
        return results

    return run
