"""Guessing tokens and passwords, and what the database keeps of them."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.services.link_tokens import hash_token
from sharing.links import guesses
from sharing.models import ShareLink, WrongGuess
from tests.chat.conversations.conftest import Make
from tests.sharing.conftest import Share, Shared, page_of

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse"


@pytest.fixture
def locked(converse: Make, share: Share) -> Shared:
    """A link with a password."""
    return share(converse(("Who keeps the light?", "Ada."), title="Secret lights"), password=PASSWORD)


def give(visitor: Client, shared: Shared, password: str, **more: str) -> HttpResponse:
    """Type a password into the page."""
    return visitor.post(shared.at("password"), {"password": password}, **more)


def test_a_token_has_128_bits_and_is_kept_as_a_hash(locked: Shared) -> None:
    assert len(locked.token) == 22
    kept = ShareLink.objects.get()
    assert kept.token_hash == hash_token(locked.token)
    assert PASSWORD not in kept.password
    assert locked.token not in str(ShareLink.objects.values().get())


def test_without_the_password_nothing_is_shown(locked: Shared, visitor: Client) -> None:
    page = page_of(locked, visitor)
    assert "Password needed" in page
    assert "light" not in page.replace("data-theme", "").lower().replace("light dark", "")
    assert visitor.get(locked.at("alive")).status_code == 403
    locked.link.refresh_from_db()
    assert locked.link.times_opened == 0
    assert give(visitor, locked, "wrong horse").status_code == 422
    assert "Who keeps" not in page_of(locked, visitor)


def test_the_password_opens_the_link_in_this_browser_for_this_link_alone(
    locked: Shared, share: Share, visitor: Client
) -> None:
    response = give(visitor, locked, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, locked.address)
    cookie = response.cookies["share"]
    assert cookie["path"] == locked.address
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 12 * 3600
    assert locked.token not in cookie.value
    assert "Who keeps the light?" in page_of(locked, visitor)
    assert visitor.get(locked.at("alive")).status_code == 204
    other = share(locked.link.conversation, password=PASSWORD)
    stranger = Client()
    stranger.cookies["share"] = cookie.value
    assert "Password needed" in page_of(other, stranger)


def test_the_cookie_lasts_no_longer_than_the_link(locked: Shared, visitor: Client) -> None:
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    assert int(give(visitor, locked, PASSWORD).cookies["share"]["max-age"]) <= 300


def test_whoever_guesses_twenty_tokens_waits_whatever_they_ask_for_next(
    converse: Make, share: Share, visitor: Client
) -> None:
    made = share(converse(("Who?", "Ada.")))
    for number in range(guesses.MOST):
        assert visitor.get(f"/s/guess{number}/").status_code == 404
    for address in (made.address, made.at("alive"), "/s/another/"):
        refused = visitor.get(address)
        assert refused.status_code == 429
        assert "Try again in 10 minutes." in refused.content.decode()
        assert 0 < int(refused["Retry-After"]) <= 601
    assert visitor.get(made.address, REMOTE_ADDR="198.51.100.7").status_code == 200
    WrongGuess.objects.update(at=timezone.now() - guesses.WITHIN)
    assert visitor.get(made.address).status_code == 200
    visitor.get("/s/another/")
    assert WrongGuess.objects.count() == 1


def test_whoever_guesses_twenty_passwords_waits(locked: Shared, visitor: Client) -> None:
    for number in range(guesses.MOST):
        assert give(visitor, locked, f"wrong horse {number}").status_code == 422
    assert give(visitor, locked, PASSWORD).status_code == 429
    assert give(visitor, locked, "x" * 100_000, REMOTE_ADDR="198.51.100.7").status_code == 422


def test_over_a_socket_without_addresses_the_link_counts_for_all(locked: Shared, visitor: Client) -> None:
    for number in range(guesses.MOST):
        assert visitor.get(f"/s/guess{number}/", REMOTE_ADDR="").status_code == 404
    assert visitor.get(locked.address, REMOTE_ADDR="").status_code == 200
    for number in range(guesses.MOST):
        give(visitor, locked, f"wrong horse {number}", REMOTE_ADDR="")
    assert give(visitor, locked, PASSWORD, REMOTE_ADDR="").status_code == 429


def test_no_address_is_kept_of_those_who_guess(visitor: Client) -> None:
    visitor.get("/s/guess/", REMOTE_ADDR="198.51.100.7")
    assert "198.51" not in str(WrongGuess.objects.values().get())


def test_an_old_link_is_no_guess(locked: Shared, visitor: Client) -> None:
    ShareLink.objects.update(ended_at=timezone.now())
    for _ in range(guesses.MOST + 1):
        assert visitor.get(locked.address).status_code == 404
