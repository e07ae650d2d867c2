"""Who guesses over many names, or from many addresses; and the one whose name it is, who still gets in."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, override_settings

from accounts.devices import COOKIE
from accounts.models import User
from accounts.throttling import MOST_OF_A_NAME, MOST_OF_AN_ADDRESS
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
ELSEWHERE = "192.0.2.200"


def guess(browser: Client, username: str, password: str = "wrong", **extra: Any) -> Any:
    return browser.post(LOGIN, {"username": username, "password": password}, **extra)


@pytest.fixture
def known(alice: User) -> Client:
    """A browser in which Alice has signed in, and out again."""
    browser = Client()
    assert guess(browser, "alice", PASSWORD).status_code == 302
    browser.post("/accounts/logout/")
    return browser


def everybody_guesses(name: str) -> None:
    """So many addresses, each a few times, that the name is not taken from an unknown one any more."""
    for number in range(MOST_OF_A_NAME // 4):
        for _ in range(4):
            assert guess(Client(), name, REMOTE_ADDR=f"192.0.2.{number}").status_code == 200


def test_an_address_that_tries_ever_new_names_has_to_wait(alice: User) -> None:
    statuses = [guess(Client(), f"name{n}").status_code for n in range(MOST_OF_AN_ADDRESS + 2)]
    response = guess(Client(), "alice", PASSWORD)

    assert statuses == [200] * MOST_OF_AN_ADDRESS + [429, 429]
    assert response.status_code == 429
    assert "There were too many sign-in attempts from your network." in response.content.decode()
    assert "Try again in 15 minutes." in response.content.decode()
    assert 14 * 60 < int(response["Retry-After"]) <= 15 * 60


def test_others_elsewhere_do_not_wait_for_that_address(alice: User) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        guess(Client(), f"name{number}")

    assert guess(Client(), "alice", PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_a_browser_that_somebody_has_signed_in_with_passes_where_its_address_has_to_wait(known: Client) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        guess(Client(), f"name{number}")

    assert guess(known, "alice", PASSWORD).status_code == 302
    assert guess(known, "another").status_code == 429


def test_a_name_that_is_tried_from_many_addresses_has_to_wait_at_new_ones(alice: User) -> None:
    everybody_guesses("alice")
    response = guess(Client(), "alice", PASSWORD, REMOTE_ADDR=ELSEWHERE)

    assert response.status_code == 429
    assert "There were too many sign-in attempts with this username." in response.content.decode()


def test_the_one_whose_name_it_is_gets_in_with_a_known_browser(known: Client) -> None:
    everybody_guesses("alice")

    assert guess(known, "alice", PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_guesses_beside_a_person_do_not_lock_their_browser_out(known: Client) -> None:
    for _ in range(5):
        guess(Client(), "alice")
    assert guess(Client(), "alice", PASSWORD).status_code == 429

    assert guess(known, "alice", PASSWORD).status_code == 302


def test_a_known_browser_has_five_guesses_too(known: Client) -> None:
    statuses = [guess(known, "alice").status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    assert guess(known, "alice", PASSWORD).status_code == 429


def test_a_browser_is_known_for_the_names_that_signed_in_with_it_alone(known: Client, bob: User) -> None:
    everybody_guesses("bob")

    assert guess(known, "bob", PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "WyJ4Il0:1abc:xyz", "\x00", '["a", ["b"]]'])
def test_nobody_makes_themselves_known(alice: User, forged: str) -> None:
    everybody_guesses("alice")
    browser = Client()
    browser.cookies[COOKIE] = forged

    assert guess(browser, "alice", PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 429


def test_a_name_that_nobody_has_is_told_the_same(alice: User) -> None:
    pages = []
    for name in ("alice", "nobody"):
        everybody_guesses(name)
        pages.append(guess(Client(), name, REMOTE_ADDR=ELSEWHERE).content)

    assert pages[0] == pages[1]


def test_after_the_wait_every_address_may_try_again(alice: User) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        guess(Client(), f"name{number}")

    with override_settings(AXES_COOLOFF_TIME=0.0):
        assert guess(Client(), "alice", PASSWORD).status_code == 302


def test_people_without_an_address_do_not_wait_for_each_other(alice: User) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        guess(Client(), f"name{number}", REMOTE_ADDR="")

    assert guess(Client(), "alice", PASSWORD, REMOTE_ADDR="").status_code == 302


def test_the_cookie_of_a_known_browser_names_nobody_and_is_kept_from_scripts(known: Client, alice: User) -> None:
    cookie = known.cookies[COOKIE]

    assert "alice" not in cookie.value
    assert str(alice.pk) not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


class CountingHasher(MD5PasswordHasher):
    """Counts how often it is asked."""

    asked = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.asked += 1
        return super().encode(password, salt)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"])
def test_a_refused_guess_costs_no_hash(alice: User) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        guess(Client(), f"name{number}")
    before = CountingHasher.asked
    assert before >= MOST_OF_AN_ADDRESS

    assert guess(Client(), "alice", PASSWORD).status_code == 429
    assert guess(Client(), "nobody").status_code == 429
    assert CountingHasher.asked == before
