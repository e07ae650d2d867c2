"""The front door: signing in, where one goes next, signing out, and what happens to people who guess."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.db import connections
from django.test import AsyncClient, Client, override_settings
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import SignedIn, Together
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"


def guess(browser: Client, username: str, password: str = "wrong", **extra: Any) -> int:
    return browser.post(LOGIN, {"username": username, "password": password}, **extra).status_code


def is_signed_in(browser: Client) -> bool:
    return browser.get(reverse("accounts:me")).status_code == 200


def test_a_person_signs_in_with_username_and_password(anyone: Client, alice: User) -> None:
    response = anyone.post(LOGIN, {"username": "alice", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(anyone)


def test_the_form_has_labelled_fields(anyone: Client, alice: User) -> None:
    page = anyone.get(LOGIN).content.decode()

    assert '<label for="id_username">Username</label>' in page
    assert '<label for="id_password">Password</label>' in page


def test_a_wrong_password_is_told_to_screen_readers_and_never_echoed(anyone: Client, alice: User) -> None:
    page = anyone.post(LOGIN, {"username": "alice", "password": "swordfish-9"}).content.decode()

    assert 'role="alert"' in page
    assert "swordfish-9" not in page


def test_the_first_visitor_of_a_fresh_server_learns_where_the_first_account_comes_from(
    anyone: Client, db: None
) -> None:
    assert "There are no accounts here yet" in anyone.get(LOGIN).content.decode()


def test_somebody_who_is_signed_in_may_go_on(signed_in: SignedIn, alice: User) -> None:
    assert "You are signed in as alice." in " ".join(signed_in(alice).get(LOGIN).content.decode().split())


def test_signing_in_leads_back_to_where_one_wanted_to_go(anyone: Client, alice: User) -> None:
    sent = anyone.get(reverse("accounts:me"))
    assert sent["Location"] == f"{LOGIN}?next=/accounts/me/"

    response = anyone.post(sent["Location"], {"username": "alice", "password": PASSWORD})

    assert response["Location"] == "/accounts/me/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //elsewhere.example",
        "https://testserver@elsewhere.example/",
        "\x08//elsewhere.example",
    ],
)
def test_signing_in_never_leads_to_another_host(anyone: Client, alice: User, elsewhere: str) -> None:
    page = anyone.get(LOGIN, {"next": elsewhere}).content.decode()
    response = anyone.post(LOGIN, {"username": "alice", "password": PASSWORD, "next": elsewhere})

    assert response["Location"] == "/"
    assert "elsewhere.example" not in page
    assert "alert(1)" not in page


def test_signing_in_makes_a_new_session(anyone: Client, alice: User) -> None:
    session = anyone.session
    session["planted"] = True
    session.save()
    before = session.session_key

    anyone.post(LOGIN, {"username": "alice", "password": PASSWORD})

    assert anyone.session.session_key != before


def test_signing_in_needs_the_form_of_this_site(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(LOGIN, {"username": "alice", "password": PASSWORD})

    assert response.status_code == 403
    assert "Reload the page" in response.content.decode()


def test_signing_out_is_a_post(signed_in: SignedIn, alice: User) -> None:
    browser = signed_in(alice)
    assert browser.get(reverse("logout")).status_code == 405
    assert is_signed_in(browser)

    response = browser.post(reverse("logout"))

    assert response["Location"] == LOGIN
    assert not is_signed_in(browser)


def test_the_fifth_wrong_password_makes_one_wait(anyone: Client, alice: User) -> None:
    answers = [guess(anyone, "alice") for _ in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert guess(anyone, "alice", PASSWORD) == 429
    assert not is_signed_in(anyone)


def test_the_page_says_how_long_to_wait(anyone: Client, alice: User) -> None:
    for _ in range(5):
        guess(anyone, "alice")

    response = anyone.post(LOGIN, {"username": "alice", "password": "wrong"})

    assert 14 * 60 < int(response["Retry-After"]) <= 15 * 60
    assert "Try again in 15 minutes." in response.content.decode()


def test_guessing_on_does_not_make_the_wait_longer(anyone: Client, alice: User) -> None:
    for _ in range(5):
        guess(anyone, "alice")
    counted = AccessAttempt.objects.get().attempt_time

    for _ in range(3):
        guess(anyone, "alice")

    assert AccessAttempt.objects.get().attempt_time == counted


def test_after_the_wait_one_may_sign_in_again(anyone: Client, alice: User) -> None:
    for _ in range(5):
        guess(anyone, "alice")

    with override_settings(AXES_COOLOFF_TIME=0.0):
        status = guess(anyone, "alice", PASSWORD)

    assert status == 302


def test_a_name_that_nobody_has_is_throttled_with_the_same_page(anyone: Client, alice: User) -> None:
    pages = {}
    for name in ("alice", "nobody"):
        for _ in range(6):
            response = anyone.post(LOGIN, {"username": name, "password": "wrong"})
        pages[name] = (response.status_code, response.content)

    assert pages["alice"] == pages["nobody"]


def test_a_name_that_nobody_has_is_refused_with_the_same_words(anyone: Client, alice: User) -> None:
    words = []
    for name in ("alice", "nobod"):
        page = anyone.post(LOGIN, {"username": name, "password": "wrong"}).content.decode()
        words.append(page[page.index('role="alert"') : page.index("id_username")])

    assert words[0] == words[1]


def test_waiting_is_for_one_name_from_one_place(anyone: Client, alice: User, bob: User) -> None:
    for _ in range(5):
        guess(anyone, "alice")

    assert guess(anyone, "bob", PASSWORD) == 302
    assert guess(anyone, "alice", PASSWORD, REMOTE_ADDR="192.0.2.7") == 302


def test_other_ways_to_write_a_name_or_another_browser_give_no_further_guesses(anyone: Client, alice: User) -> None:
    for name in ("alice", "ａlice", "al\uff49ce"):
        guess(anyone, name)
    guess(anyone, "alice", HTTP_USER_AGENT="Another/1.0")

    assert guess(anyone, "alice", HTTP_USER_AGENT="Third/1.0") == 429


def test_what_a_client_says_about_its_own_address_counts_for_nothing(anyone: Client, alice: User) -> None:
    answers = [guess(anyone, "alice", HTTP_X_FORWARDED_FOR=f"192.0.2.{n}") for n in range(5)]

    assert answers[-1] == 429


def test_all_addresses_of_one_ipv6_network_count_as_one(anyone: Client, alice: User) -> None:
    answers = [guess(anyone, "alice", REMOTE_ADDR=f"2001:db8:0:1::{n:x}") for n in range(5)]

    assert answers[-1] == 429
    assert guess(anyone, "alice", PASSWORD, REMOTE_ADDR="2001:db8:0:2::1") == 302


def test_a_connection_without_an_address_can_sign_in_and_is_throttled(anyone: Client, alice: User) -> None:
    assert guess(anyone, "alice", PASSWORD, REMOTE_ADDR="") == 302
    assert [guess(Client(), "alice", REMOTE_ADDR="") for _ in range(5)][-1] == 429


def test_the_admin_panel_has_no_door_of_its_own(anyone: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)

    answer = anyone.post(reverse("admin:login"), {"username": "alice", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next={reverse('admin:index')}")
    assert SESSION_KEY not in anyone.session


@pytest.mark.django_db(transaction=True)
async def test_people_are_throttled_as_well_where_the_server_is_asynchronous(alice: User) -> None:
    browser = AsyncClient()
    fields = {"username": "alice", "password": "wrong"}

    answers = [await browser.post(LOGIN, fields) for _ in range(5)]
    await sync_to_async(connections.close_all)()  # the server's thread keeps its own

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Try again in 15 minutes." in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 14 * 60


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_all_count(together: Together, alice: User) -> None:
    statuses = together(*[lambda: guess(Client(), "alice")] * 12)

    assert set(statuses) <= {200, 429}
    assert guess(Client(), "alice", PASSWORD) == 429


def test_a_success_forgives_the_mistakes_before_it(anyone: Client, alice: User) -> None:
    for _ in range(4):
        guess(anyone, "alice")
    guess(anyone, "alice", PASSWORD)

    assert [guess(anyone, "alice") for _ in range(4)] == [200] * 4


def test_a_deactivated_person_is_refused_as_with_a_wrong_password(anyone: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)

    response = anyone.post(LOGIN, {"username": "bob", "password": PASSWORD})

    assert response.status_code == 200
    assert "Please enter a correct username and password" in response.content.decode()


@pytest.mark.parametrize("username", ["", "x" * 100_000, "a\x00b", "\u202ealice", "😀" * 200])
def test_names_that_cannot_be_are_refused_calmly(anyone: Client, alice: User, username: str) -> None:
    assert guess(anyone, username) == 200
