"""Who is spoken to in which language."""

import re

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from config.middleware import outages
from tests.i18n import pseudo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pseudo_languages")]

LOGIN = "/accounts/login/"
ME = "/accounts/me/"
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(page: str) -> tuple[str, str]:
    """The language and the direction that a page says it has."""
    found = re.search(r'<html lang="([^"]+)"\s+dir="([^"]+)"', page)
    assert found, page[:300]
    return found[1], found[2]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("wish", "language", "direction"),
    [
        ("", "en", "ltr"),
        ("de-AT, en;q=0.5", "de", "ltr"),
        ("ar", "ar", "rtl"),
        ("fi, ar;q=0.2", "ar", "rtl"),
        ("fi", "en", "ltr"),
        ("x" * 5000, "en", "ltr"),
    ],
)
def test_a_page_speaks_the_language_that_the_browser_asks_for(wish: str, language: str, direction: str) -> None:
    response = Client().get(LOGIN, headers={"Accept-Language": wish})
    assert language_of(response.text) == (language, direction)
    assert response["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
    assert ("⟦" in response.text) == (language != "en")


def test_somebody_who_has_not_signed_in_chooses_a_language_and_comes_back_to_the_page() -> None:
    browser = Client()
    response = browser.post(reverse("accounts:language"), {"language": "ar", "next": f"{LOGIN}?next=/history/"})
    assert response["Location"] == f"{LOGIN}?next=/history/"
    assert language_of(browser.get(LOGIN, headers={"Accept-Language": "de"}).text) == ("ar", "rtl")


def test_the_choice_leads_to_no_other_place() -> None:
    response = Client().post(reverse("accounts:language"), {"language": "ar", "next": "https://elsewhere.example/"})
    assert response["Location"] == LOGIN


@pytest.mark.parametrize("language", ["xx", "fr", "../../etc", "de\x00", "x" * 10_000])
def test_a_language_that_is_not_offered_is_not_taken(language: str, alice: User) -> None:
    response = signed_in(alice).post(reverse("accounts:language"), {"language": language})
    assert response.status_code == 400
    assert COOKIE not in response.cookies
    alice.refresh_from_db()
    assert alice.language == ""


def test_a_choice_is_kept_with_the_person_and_follows_them_to_another_browser(alice: User) -> None:
    response = signed_in(alice).post(reverse("accounts:language"), {"language": "de"}, follow=True)
    assert pseudo.translated("Your language is saved.") in response.text  # in that language already
    elsewhere = signed_in(alice)
    response = elsewhere.get(ME, headers={"Accept-Language": "ar"})
    assert language_of(response.text) == ("de", "ltr")
    assert response.cookies[COOKIE].value == "de"  # for pages on which nobody can be looked up
    elsewhere.post(reverse("logout"))
    assert language_of(elsewhere.get(LOGIN, headers={"Accept-Language": "ar"}).text) == ("de", "ltr")


def test_to_follow_the_browser_again_forgets_the_choice(alice: User) -> None:
    browser = signed_in(alice)
    browser.post(reverse("accounts:language"), {"language": "de"})
    browser.post(reverse("accounts:language"), {"language": ""})
    alice.refresh_from_db()
    assert alice.language == ""
    assert language_of(browser.get(ME, headers={"Accept-Language": "ar"}).text) == ("ar", "rtl")


def test_a_language_that_is_no_longer_offered_does_no_harm(alice: User) -> None:
    alice.language = "tlh"
    alice.save()
    assert language_of(signed_in(alice).get(ME).text) == ("en", "ltr")


def test_one_request_leaves_its_language_to_no_other() -> None:
    Client().get(LOGIN, headers={"Accept-Language": "ar"})
    assert translation.get_language() == "en"
    assert language_of(Client().get(LOGIN).text) == ("en", "ltr")


def test_errors_speak_the_language_too(alice: User) -> None:
    response = signed_in(alice).get("/c/none/", headers={"Accept-Language": "ar"})
    assert response.status_code == 404
    assert language_of(response.text) == ("ar", "rtl")
    assert "⟦" in response.text


def test_the_page_for_our_own_mistakes_speaks_the_language_too() -> None:
    with translation.override("ar"):
        page = outages.server_error(HttpRequest())
    assert language_of(page.text) == ("ar", "rtl")
    assert "⟦" in page.text


def test_the_administration_speaks_the_language_too(alice: User) -> None:
    alice.is_staff = alice.is_superuser = True
    alice.save()
    page = signed_in(alice).get("/admin/chat/answer/", headers={"Accept-Language": "ar"}).text
    assert re.search(r'<html lang="ar" dir="rtl"', page)
    assert "⟦" in page
