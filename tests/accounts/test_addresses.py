"""A person's e-mail address, and a new password by it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OneTimeLink, Team, User
from accounts.services import addresses, passwords
from tests.accounts.attempts import NEW
from tests.accounts.conftest import SignedIn
from tests.accounts.test_inviting_many import paths_in, text
from tests.cast import PASSWORD
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

ADDRESS, ME, LOGIN, FORGOT = (reverse(name) for name in ("accounts:address", "accounts:me", "login", "password_reset"))
HOME = "bob@harbour.example"


@pytest.fixture
def confirmed(crew: Team, bob: User) -> User:
    """Bob, with an address that is his."""
    User.objects.filter(pk=bob.pk).update(email=HOME, verified_email=HOME)
    return bob


def reset_path(mail_server: MailServer, address: str = HOME) -> str:
    before = len(mail_server.messages)
    Client().post(FORGOT, {"email": address})
    mail_server.wait_for(before + 1)
    return paths_in(mail_server.text_to(address))[-1]


def set_password(browser: Client, path: str) -> int:
    """Follow the link and send the form behind it."""
    response = browser.get(path, follow=True)
    if response.status_code != 200:
        return int(response.status_code)
    return int(browser.post(response.redirect_chain[-1][0], NEW).status_code)


# --- The address --------------------------------------------------------------------------------------------


def test_an_address_is_the_person_s_once_they_open_the_link(
    mail_server: MailServer, signed_in: SignedIn, crew: Team, bob: User
) -> None:
    browser = signed_in(bob)

    assert (
        "Open the link that was sent to bob@harbour.example."
        in browser.post(ADDRESS, {"address": HOME, "password": PASSWORD}, follow=True).content.decode()
    )
    bob.refresh_from_db()
    assert (bob.email, bob.verified_email) == (HOME, "")
    assert "Not confirmed yet" in text(browser, ME)
    path = paths_in(mail_server.text_to(HOME))[0]
    assert Client().get(path).status_code == 200
    bob.refresh_from_db()
    assert bob.verified_email == ""  # a mail filter that opens links confirms nothing

    Client().post(path)

    bob.refresh_from_db()
    assert bob.verified_email == HOME
    assert "Confirmed." in text(browser, ME)


def test_only_owners_and_the_person_see_the_address(
    mail_server: MailServer, signed_in: SignedIn, confirmed: User, alice: User, vera: User
) -> None:
    assert HOME in text(signed_in(alice))
    assert HOME in text(signed_in(confirmed), ME)
    assert HOME not in text(signed_in(vera))


def test_the_address_before_stays_in_use_until_the_new_one_is_confirmed(
    mail_server: MailServer, signed_in: SignedIn, confirmed: User
) -> None:
    browser = signed_in(confirmed)
    browser.post(ADDRESS, {"address": "new@harbour.example", "password": PASSWORD})

    assert "Until then, bob@harbour.example stays in use." in text(browser, ME)
    Client().post(FORGOT, {"email": "new@harbour.example"})
    assert paths_in(mail_server.text_to("new@harbour.example"))[-1].startswith("/accounts/confirm-address/")
    assert reset_path(mail_server).startswith("/accounts/reset-password/")


@pytest.mark.parametrize("change", ["another", "removed", "deactivated", "old", "forged", "signed out everywhere"])
def test_a_link_of_another_address_confirms_nothing(
    change: str, mail_server: MailServer, signed_in: SignedIn, crew: Team, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(bob)
    browser.post(ADDRESS, {"address": HOME, "password": PASSWORD})
    path = paths_in(mail_server.text_to(HOME))[0]

    if change == "another":
        browser.post(ADDRESS, {"address": "new@harbour.example", "password": PASSWORD})
    elif change == "removed":
        browser.post(ADDRESS, {"address": ""})
    elif change == "deactivated":
        User.objects.filter(pk=bob.pk).update(is_active=False)
    elif change == "signed out everywhere":
        passwords.end_sessions(user=bob)
    elif change == "old":
        path = re.sub(r":\w{6}:", ":1abcde:", path)
    else:
        path = path[:-3] + "xx/"

    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert User.objects.get(pk=bob.pk).verified_email == ""


def test_an_address_is_taken_back(mail_server: MailServer, signed_in: SignedIn, confirmed: User) -> None:
    signed_in(confirmed).post(ADDRESS, {"address": ""})

    confirmed.refresh_from_db()
    assert (confirmed.email, confirmed.verified_email) == ("", "")


def test_nobody_changes_the_address_without_the_password(
    mail_server: MailServer, signed_in: SignedIn, confirmed: User
) -> None:
    browser = signed_in(confirmed)

    for wrong in ("", "a guess"):
        page = browser.post(ADDRESS, {"address": "eve@x.example", "password": wrong}, follow=True).content.decode()
        assert "No e-mail was sent to eve@x.example. That isn’t your password." in page

    confirmed.refresh_from_db()
    assert (confirmed.email, confirmed.verified_email) == (HOME, HOME)
    assert mail_server.messages == []
    for number in range(addresses.MOST_TRIES):
        browser.post(ADDRESS, {"address": "eve@x.example", "password": f"guess {number}"})
    page = browser.post(ADDRESS, {"address": "eve@x.example", "password": PASSWORD}, follow=True).content.decode()
    assert "You’ve tried this too often. Try again in an hour." in page


@pytest.mark.parametrize("address", ["bob", "bob@", "a\x00@b.example", "b@b.example\nBcc: c@d.example", "x" * 300])
def test_what_is_no_address_changes_nothing(
    address: str, mail_server: MailServer, signed_in: SignedIn, confirmed: User
) -> None:
    page = signed_in(confirmed).post(ADDRESS, {"address": address}, follow=True).content.decode()

    assert "That is not an e-mail address." in page
    assert User.objects.get(pk=confirmed.pk).email == HOME
    assert mail_server.messages == []


def test_nobody_has_many_emails_sent(mail_server: MailServer, signed_in: SignedIn, crew: Team, bob: User) -> None:
    browser = signed_in(bob)

    for number in range(7):
        data = {"address": f"bob{number}@harbour.example", "password": PASSWORD}
        page = browser.post(ADDRESS, data, follow=True).content.decode()

    assert len(mail_server.messages) == 5
    assert "Too many e-mails were requested." in page


def test_a_mail_server_that_is_gone_is_told(
    mail_server: MailServer, signed_in: SignedIn, crew: Team, bob: User
) -> None:
    mail_server.stop()

    page = signed_in(bob).post(ADDRESS, {"address": HOME, "password": PASSWORD}, follow=True).content.decode()

    assert "No e-mail was sent to bob@harbour.example. The mail server couldn’t be reached." in page


def test_without_a_mail_server_there_is_nothing_of_all_this(signed_in: SignedIn, confirmed: User) -> None:
    assert "E-mail address" not in text(signed_in(confirmed), ME)
    assert FORGOT not in text(Client(), LOGIN)
    assert "A team owner can give you a link to set a new one." in text(Client(), LOGIN)
    assert Client().get(FORGOT).status_code == 404


# --- A new password -----------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_by_email(
    mail_server: MailServer, signed_in: SignedIn, confirmed: User, alice: User
) -> None:
    elsewhere = signed_in(confirmed)
    assert FORGOT in text(Client(), LOGIN)
    passwords.new_password_link(member=confirmed.memberships.get(), by=alice)
    path = reset_path(mail_server)
    browser = Client()

    page = browser.get(path, follow=True)
    assert path not in page.redirect_chain[-1][0]  # the address of the form holds no token
    assert set_password(browser, path) == 302

    assert User.objects.get(pk=confirmed.pk).check_password(NEW["new_password1"])
    assert "Your new password is set. Sign in with it." in text(browser, LOGIN)
    assert elsewhere.get(ME).status_code == 302
    assert not OneTimeLink.objects.filter(user=confirmed).exists()
    assert set_password(Client(), path) == 410  # it works once


def test_nobody_learns_whose_address_it_is(mail_server: MailServer, confirmed: User) -> None:
    known, unknown = (Client().post(FORGOT, {"email": address}) for address in (HOME, "nobody@harbour.example"))

    assert known.status_code == unknown.status_code == 200
    pages = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page.content.decode()) for page in (known, unknown)]
    assert pages[0].replace(HOME, "…") == pages[1].replace("nobody@harbour.example", "…")
    assert [one["To"] for one in mail_server.wait_for(1)] == [HOME]


@pytest.mark.parametrize("who", ["unconfirmed", "deactivated", "without a password"])
def test_some_get_no_link(who: str, mail_server: MailServer, confirmed: User, alice: User) -> None:
    if who == "unconfirmed":
        User.objects.filter(pk=confirmed.pk).update(verified_email="")
    elif who == "deactivated":
        User.objects.filter(pk=confirmed.pk).update(is_active=False)
    else:
        confirmed.refresh_from_db()
        confirmed.set_unusable_password()
        confirmed.save()
    User.objects.filter(pk=alice.pk).update(email="alice@x.example", verified_email="alice@x.example")
    alice.refresh_from_db()
    alice.set_password("a longer horse 8")
    alice.save()

    Client().post(FORGOT, {"email": HOME})
    reset_path(mail_server, "alice@x.example")

    assert [one["To"] for one in mail_server.messages] == ["alice@x.example"]


@pytest.mark.parametrize(
    "change", ["nothing", "password", "address", "deactivated", "reactivated", "signed in", "time"]
)
def test_a_link_ends(change: str, mail_server: MailServer, confirmed: User, settings: object) -> None:
    path = reset_path(mail_server)
    person = User.objects.get(pk=confirmed.pk)

    if change == "password":
        person.set_password("another horse 7")
    elif change == "address":
        person.verified_email = ""
    elif change == "deactivated":
        person.is_active = False
    elif change == "signed in":
        person.last_login = timezone.now()
    person.save()
    if change == "reactivated":
        passwords.end_access(user=person)
    if change == "time":
        settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]

    assert set_password(Client(), path) == (302 if change == "nothing" else 410)


def test_an_address_gets_few_links_an_hour(mail_server: MailServer, confirmed: User) -> None:
    responses = [Client().post(FORGOT, {"email": HOME.upper() if n % 2 else HOME}) for n in range(4)]

    assert [response.status_code for response in responses] == [200, 200, 200, 429]
    assert "Too many e-mails were requested." in responses[-1].content.decode()
    assert len(mail_server.wait_for(3)) == 3


def test_a_network_asks_for_few_links_an_hour(mail_server: MailServer, confirmed: User) -> None:
    statuses = [Client().post(FORGOT, {"email": f"x{n}@harbour.example"}).status_code for n in range(21)]

    assert statuses == [200] * 20 + [429]


def test_a_link_leads_to_the_address_that_the_operator_named(mail_server: MailServer, confirmed: User) -> None:
    Client(headers={"Host": "localhost"}).post(FORGOT, {"email": HOME})

    mail_server.wait_for(1)
    assert "http://127.0.0.1:8000/accounts/reset-password/" in mail_server.text_to(HOME)
