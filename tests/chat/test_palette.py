"""The command palette: everybody finds what they may see and do, in a sane order, for a bounded price."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.web.palette import LONGEST, match_rank
from tests.chat.conftest import Browser
from tests.chat.conversations.conftest import Make

pytestmark = pytest.mark.django_db


def labels(client: Client, typed: str | None = None) -> list[str]:
    """What the palette lists, from top to bottom."""
    page = client.get("/palette/", {} if typed is None else {"q": typed}).content.decode()
    found = re.findall(r'<span class="palette-label"[^>]*>\s*(.*?)\s*</span>', page, re.DOTALL)
    return [label.replace("&amp;", "&").replace("&#x27;", "'") for label in found]


def test_it_opens_with_what_one_mostly_wants(browser: Browser, alice: User, converse: Make) -> None:
    converse(title="The older one", ago=timedelta(days=2))
    converse(title="The newest one")
    converse(title="The one put away", archived=True)

    found = labels(browser(alice))

    assert found[:2] == ["The newest one", "The older one"]
    assert found.index("New question") < found.index("Invite people") < found.index("All conversations")
    assert "The one put away" not in found
    assert "Deutsch" not in found


def test_conversations_are_found_by_words_of_their_titles(browser: Browser, alice: User, converse: Make) -> None:
    converse(title="Fog horns of the Élbe", ago=timedelta(days=1))
    converse(title="A horn in the fog")
    converse(title="Tides")

    assert labels(browser(alice), "fog ho") == [
        "Fog horns of the Élbe",
        "A horn in the fog",
        "Search everywhere for “fog ho”",
    ]
    assert labels(browser(alice), "ELBE")[0] == "Fog horns of the Élbe"
    assert "A horn in the fog" in labels(browser(alice), "orn")


def test_nobody_finds_what_is_not_theirs_to_read(
    browser: Browser, alice: User, bob: User, charlie: User, converse: Make
) -> None:
    converse(title="Berth prices")
    converse(title="Berth salaries", visibility="private")

    assert labels(browser(alice), "berth")[:2] == ["Berth salaries", "Berth prices"]
    assert labels(browser(bob), "berth") == ["Berth prices", "Search everywhere for “berth”"]
    assert labels(browser(charlie), "berth") == ["Search everywhere for “berth”"]


def test_everybody_is_offered_what_their_role_allows(browser: Browser, alice: User, bob: User, vera: User) -> None:
    owner, member, viewer = (set(labels(browser(person))) for person in (alice, bob, vera))

    assert {"Invite people", "Costs", "Models and tools"} <= owner
    assert member & {"Invite people", "Costs", "Models and tools"} == set()
    assert {"New question", "New private question", "Switch model"} <= member
    assert viewer & {"New question", "New private question", "Switch model"} == set()
    assert {"Images", "Team", "Your account"} <= viewer


def test_only_operators_are_led_to_the_connection(browser: Browser, alice: User) -> None:
    assert "Connect Perplexity" not in labels(browser(alice), "connect")
    alice.is_superuser = True
    alice.save()
    assert "Connect Perplexity" in labels(browser(alice), "connect")


def test_a_teammate_leads_to_the_conversations_that_they_started(
    browser: Browser, alice: User, bob: User, converse: Make
) -> None:
    converse(title="Bob’s tides", owner=bob)
    converse(title="Alice’s tides")
    client = browser(alice)

    page = client.get("/palette/", {"q": "bob"}).content.decode()
    address = f"/history/?by={bob.pk}"
    found = client.get(address).content.decode().split("<main", 1)[1]

    assert f'href="{address}"' in page
    assert "Bob’s tides" in found
    assert "Alice’s tides" not in found


def test_teammates_are_found_by_name_and_strangers_are_not(
    browser: Browser, alice: User, bob: User, charlie: User
) -> None:
    bob.full_name = "Robert Tanaka"
    bob.save()

    assert labels(browser(alice), "tanaka")[0] == "Robert Tanaka"
    assert labels(browser(alice), "bob")[0] == "Robert Tanaka"
    assert labels(browser(charlie), "tanaka") == ["Search everywhere for “tanaka”"]


def test_a_language_is_found_by_its_own_name(browser: Browser, alice: User) -> None:
    page = browser(alice).get("/palette/", {"q": "deut"}).content.decode()

    assert "Deutsch" in page
    assert 'formaction="/accounts/language/"' in page
    assert 'value="de"' in page


def test_whoever_is_on_no_team_gets_on(browser: Browser, alice: User) -> None:
    alice.memberships.all().delete()

    found = labels(browser(alice))

    assert "Your account" in found
    assert "New question" not in found
    assert "Sign out" in labels(browser(alice), "sign")


def test_what_is_typed_stays_text(browser: Browser, alice: User) -> None:
    page = browser(alice).get("/palette/", {"q": '<b>"&\x00'}).content.decode()

    assert "<b>" not in page
    assert "%3Cb%3E%22%26" in page


def test_the_search_gets_no_more_than_counts(browser: Browser, alice: User) -> None:
    page = browser(alice).get("/palette/", {"q": "x" * 5000}).content.decode()

    assert "x" * LONGEST in page
    assert "x" * (LONGEST + 1) not in page


def test_more_conversations_take_no_more_queries(browser: Browser, alice: User, converse: Make) -> None:
    client = browser(alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/palette/", {"q": "light"})
        return len(captured)

    converse(title="Light 0")
    before = queries()
    for number in range(30):
        converse(title=f"Light {number}")

    assert queries() == before <= 11
    assert len(labels(client, "light 1")) <= 10


@pytest.mark.parametrize(
    ("typed", "text", "rank"),
    [
        ("fog", "Fog horns", 0),
        ("hor", "Fog horns", 1),
        ("orn", "Fog horns", 2),
        ("fog tide", "Fog horns", None),
        ("", "Fog horns", 0),
        ("uber", "Über uns", 0),
        ("灯台", "日本の灯台", 2),
    ],
)
def test_a_beginning_fits_better_than_a_middle(typed: str, text: str, rank: int | None) -> None:
    assert match_rank(typed, text) == rank


def test_the_list_of_shortcuts_is_a_page_and_a_dialog(browser: Browser, bob: User) -> None:
    page = browser(bob).get("/shortcuts/").content.decode()
    dialog = browser(bob).get("/shortcuts/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" in page
    assert "<html" not in dialog
    for part in (page, dialog):
        assert "Copy with sources" in part
        assert "<kbd>J</kbd>" in part
