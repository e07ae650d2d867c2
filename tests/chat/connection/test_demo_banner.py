"""The banner of the demo, and what the front page offers to begin with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.models import Preset
from tests.chat.conftest import Browser

CLOSE = "chat:close_demo_banner"


def test_it_leads_operators_to_the_page_and_tells_others_whom_to_ask(browser: Browser, alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)

    operators, teammates = (browser(person).get("/").content.decode() for person in (alice, bob))

    assert f'<a href="{reverse("chat:connect")}">Connect Perplexity</a>' in operators
    assert "Ask your administrator to connect Perplexity." in teammates
    assert reverse("chat:connect") not in teammates


def test_it_is_closed_in_this_browser_until_the_day_is_over(browser: Browser, bob: User) -> None:
    bobs = browser(bob)

    response = bobs.post(reverse(CLOSE), headers={"referer": "http://testserver/history/"})

    assert response["Location"] == "http://testserver/history/"
    cookie = response.cookies["demo_banner"]
    assert 0 < cookie["max-age"] <= timedelta(days=1).total_seconds()
    assert datetime.now(UTC) + timedelta(seconds=cookie["max-age"]) <= timezone.now() + timedelta(days=1)
    assert "demo-banner" not in bobs.get("/").content.decode()
    assert "demo-banner" in browser(bob).get("/").content.decode()


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example"])
def test_closing_it_leads_nowhere_else(browser: Browser, bob: User, referer: str) -> None:
    assert browser(bob).post(reverse(CLOSE), headers={"referer": referer})["Location"] == "/"


def test_with_htmx_the_page_stays(browser: Browser, bob: User) -> None:
    response = browser(bob).post(reverse(CLOSE), headers={"HX-Request": "true"})

    assert (response.status_code, response.content) == (200, b"")


def test_examples_fit_what_is_connected(browser: Browser, bob: User, settings: Settings) -> None:
    demo = browser(bob).get("/").content.decode()
    settings.PERPLEXITY_API_KEY = "pplx-of-the-environment"
    connected = browser(bob).get("/").content.decode()

    assert "What is a list?" in demo
    assert "What is a list?" not in connected
    assert "What were the most important news stories this week?" in connected


def test_presets_that_the_team_shares_are_ways_to_begin(
    browser: Browser, harbour: Team, alice: User, bob: User, vera: User, charlie: User
) -> None:
    kept = {"team": harbour, "owner": alice, "options": {"search_mode": "academic"}}
    shared = Preset.objects.create(name="Papers <b>", shared=True, **kept)
    for number in range(5):
        Preset.objects.create(name=f"Sites {number}", shared=True, **kept)
    Preset.objects.create(name="Private", shared=False, **kept)
    Preset.objects.create(name="Deleted", shared=True, deleted_at=timezone.now(), **kept)

    page = browser(bob).get("/").content.decode()

    assert f'href="/?preset={shared.pk}"' in page
    assert "Use preset “Papers &lt;b&gt;”" in page
    assert page.count("Use preset “") == 3
    assert "Private" not in page
    assert "Deleted" not in page
    for other in (vera, charlie):  # one who cannot ask, and one of another team
        assert "Use preset “" not in browser(other).get("/").content.decode()


def test_nobody_closes_it_by_reading(client: Client) -> None:
    assert client.get(reverse(CLOSE)).status_code == 405
