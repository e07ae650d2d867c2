"""Searches that people keep: each for themselves, by name, with a way back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from chat.models import SavedSearch
from chat.search import saved
from core.errors import ActionRefused
from tests.chat.conversations.conftest import Make, plain

pytestmark = pytest.mark.django_db


def save(person: User, name: str, query: str, **more: str) -> str:
    """Where one is led, with the page's words."""
    response = plain(person).post(reverse("chat:save_search"), {"name": name, "query": query, **more}, follow=True)
    return response.content.decode()


def test_a_search_is_kept_opened_renamed_deleted_and_brought_back(alice: User, converse: Make) -> None:
    converse(("A heliotrope?", "Yes."))
    browser = plain(alice)

    page = save(alice, "  My   flowers ", "heliotrope is:shared", sort="new")
    kept = SavedSearch.objects.get()
    assert (kept.name, kept.query, kept.newest_first) == ("My flowers", "heliotrope is:shared", True)
    assert "Saved as “My flowers”." in page
    assert 'href="/search/?q=heliotrope+is%3Ashared&amp;sort=new"' in page
    assert "Save this search" not in page

    browser.post(reverse("chat:rename_search", args=[kept.pk]), {"name": "Flowers"})
    assert "<bdi>Flowers</bdi>" in browser.get("/search/").content.decode()

    deleted = browser.post(reverse("chat:delete_search", args=[kept.pk]), follow=True).content.decode()
    assert "“Flowers” was deleted." in deleted
    assert "<bdi>Flowers</bdi>" not in deleted
    browser.post(reverse("chat:restore_search", args=[kept.pk]))
    assert "<bdi>Flowers</bdi>" in browser.get("/search/").content.decode()


def test_nobody_else_sees_it(alice: User, bob: User, charlie: User) -> None:
    save(alice, "Of Alice", "lamp")
    kept = SavedSearch.objects.get()

    for person in (bob, charlie):
        browser = plain(person)
        for page in ("/search/", "/palette/?q=Of+Alice", f"/search/?deleted={kept.pk}"):
            assert ">Of Alice<" not in browser.get(page).content.decode()
        for action in ("rename", "delete", "restore"):
            assert browser.post(reverse(f"chat:{action}_search", args=[kept.pk]), {"name": "x"}).status_code == 404


def test_the_palette_leads_to_it(alice: User) -> None:
    save(alice, "Morning round", "lamp from:me")

    page = plain(alice).get("/palette/?q=morning").content.decode()

    assert "Morning round" in page
    assert 'href="/search/?q=lamp+from%3Ame"' in page


def test_saving_under_the_same_name_changes_what_is_kept(alice: User) -> None:
    save(alice, "Lamps", "lamp")
    save(alice, "LAMPS", "lantern")

    assert [(one.name, one.query) for one in SavedSearch.objects.all()] == [("LAMPS", "lantern")]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "lamp", "Enter a name."),
        (" \x07 ", "lamp", "Enter a name."),
        ("x" * 61, "lamp", "A name can have up to 60 characters; this one has 61."),
        ("Lamps", " ", "There’s nothing to save. Search for something first."),
        ("Lamps", "x" * 2_001, "2000"),
    ],
)
def test_what_cannot_be_kept_is_explained(alice: User, name: str, query: str, said: str) -> None:
    assert said in save(alice, name, query)
    assert not SavedSearch.objects.exists()


def test_fifty_are_kept_and_a_name_that_is_taken_is_not_given_twice(harbour: Team, alice: User) -> None:
    for number in range(saved.MOST):
        saved.save_search(team=harbour, by=alice, name=f"Search {number}", query="lamp")

    with pytest.raises(ActionRefused, match=re.escape("You have 50 saved searches")):
        saved.save_search(team=harbour, by=alice, name="One more", query="lamp")
    one, other = saved.saved_searches(alice, harbour)[:2]
    with pytest.raises(ActionRefused, match="already have a search"):
        saved.rename_search(search=one, by=alice, name=other.name.upper())
    saved.delete_search(search=one, by=alice)
    again = saved.save_search(team=harbour, by=alice, name=one.name, query="lantern")
    with pytest.raises(ActionRefused, match="Rename that one first"):
        saved.restore_search(search=one, by=alice)
    saved.rename_search(search=again, by=alice, name="Another")
    with pytest.raises(ActionRefused, match="limit"):
        saved.restore_search(search=one, by=alice)


def test_what_was_deleted_long_ago_is_gone(harbour: Team, alice: User) -> None:
    for name, days in (("old", 31), ("new", 29)):
        search = saved.save_search(team=harbour, by=alice, name=name, query="lamp")
        SavedSearch.objects.filter(pk=search.pk).update(deleted_at=timezone.now() - timedelta(days=days))

    assert saved.purge_searches() == 1
    assert SavedSearch.objects.get().name == "new"
