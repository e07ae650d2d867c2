"""The page of a kept copy: what it shows, and to whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from chat.models import PageCopy
from chat.sources.copies import latest_copies, versions_of
from chat.sources.copies.records import Reading, keep_reading
from chat.sources.copies.texts import as_file, store
from files.text import DocumentText, Passage

pytestmark = pytest.mark.django_db

PARTS = ("Nothing here.\nStill <b>nothing</b>.", "# Tides\nThe highest tide was 6.42 metres.\nThe end.")


def kept(team: Team, *parts: str, unit: str = "part", **facts: object) -> PageCopy:
    """A copy of a page with these parts."""
    passages = tuple(Passage(number, text) for number, text in enumerate(parts, start=1))
    text = DocumentText(unit, len(parts) if unit == "page" else 0, passages)
    data = as_file(text)
    reading = Reading(
        "https://paper.example/tides",
        text_sha256=store.put(data),
        size=len(data),
        characters=text.characters,
        unit=unit,
        **{"title": "Tides", "language": "en"} | facts,  # type: ignore[arg-type]
    )
    return keep_reading(team.pk, reading)


def shown(client: Client, copy: PageCopy, **parameters: object) -> str:
    """The page of the copy."""
    response = client.get(reverse("chat:page_copy", args=[copy.pk]), parameters)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def alices(alice: User) -> Client:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_cited_passage_is_marked_and_nothing_of_the_page_is_markup(harbour: Team, alices: Client) -> None:
    copy = kept(harbour, *PARTS, title="<script>alert(1)</script>")
    html = shown(alices, copy, q="The highest tide was 6.42 metres.")
    assert '<mark class="cited" id="cited">The highest tide was 6.42 metres.</mark>' in html
    assert "&lt;b&gt;nothing&lt;/b&gt;" in html
    assert "<script>alert" not in html
    assert copy.text_sha256 in html
    assert 'href="https://paper.example/tides"' in html


def test_a_passage_is_found_by_its_place_and_over_two_parts(harbour: Team, alices: Client) -> None:
    copy = kept(harbour, *PARTS)
    start = len(PARTS[0]) + 1 + len("# Tides\n")
    assert ">The highest</mark>" in shown(alices, copy, passage=f"{start}-{start + 11}")
    assert shown(alices, copy, q="Still <b>nothing</b>.\n# Tides").count('<mark class="cited"') == 2


def test_on_a_page_of_a_pdf_only_that_page_is_looked_through(harbour: Team, alices: Client) -> None:
    copy = kept(harbour, "Costs: 3 million.", "Costs: 3 million.", unit="page")
    html = shown(alices, copy, q="3 million", page=2)
    assert html.index("Page 1") < html.index("Page 2") < html.index("<mark")


def test_a_passage_that_does_not_stand_there_is_said(harbour: Team, alices: Client) -> None:
    assert "The passage doesn’t stand in this copy." in shown(alices, kept(harbour, *PARTS), q="Wholly different words")
    assert "doesn’t stand" not in shown(alices, kept(harbour, *PARTS))


@pytest.mark.parametrize("nonsense", ["9-3", "-1", "x", "0-99999999999", "٣-٤", ""])
def test_a_place_that_makes_no_sense_marks_nothing(harbour: Team, alices: Client, nonsense: str) -> None:
    html = shown(alices, kept(harbour, *PARTS), passage=nonsense, page="-7", screen="999")
    assert "<mark" not in html
    assert "6.42 metres" in html


def test_a_long_copy_is_shown_in_parts(harbour: Team, alices: Client) -> None:
    copy = kept(harbour, *(f"Part {number}. " + "word " * 1500 for number in range(6)))
    html = shown(alices, copy)
    assert "Next part" in html
    assert "Previous part" not in html
    assert "Part 5." in shown(alices, copy, screen=6)


def test_what_became_of_the_page_since_is_said(harbour: Team, alices: Client) -> None:
    old = kept(harbour, "Before.")
    new = kept(harbour, "Before, and more.")
    assert "The page has changed since this copy was made." in shown(alices, old)
    assert "Changed: 10 characters longer" in shown(alices, new)
    gone = keep_reading(harbour.pk, Reading("https://paper.example/tides", problem="not_found", status=404))
    PageCopy.objects.filter(pk=gone.pk).update(seen_at=timezone.now() + timedelta(seconds=1))
    assert "The page is gone" in shown(alices, new)
    html = shown(alices, gone)
    assert "The page is gone" in html
    assert reverse("chat:page_copy", args=[new.pk]) in html


def test_a_page_that_moved_keeps_its_history(harbour: Team, alices: Client) -> None:
    old = kept(harbour, "Before.")
    data = as_file(DocumentText("part", 0, (Passage(1, "After."),)))
    there = "https://new.example/tides"
    moved = Reading(old.address, final_address=there, text_sha256=store.put(data), size=len(data), characters=6)
    new = keep_reading(harbour.pk, moved)
    assert new.address == there
    assert "The page has moved to another address since this copy was made." in shown(alices, old)
    for key in (old.address_key, new.address_key):
        assert [version.copy for version in versions_of(harbour, key)] == [new, old]
        assert latest_copies(harbour, [key]) == {key: new}
    PageCopy.objects.filter(pk=new.pk).delete()
    assert latest_copies(harbour, [old.address_key], readable=True) == {old.address_key: old}


def test_what_a_publication_says_of_itself_is_said(harbour: Team, alices: Client) -> None:
    copy = kept(harbour, *PARTS, newer={"kind": "retracted", "words": "RETRACTED: <i>Tides</i>"})
    html = shown(alices, copy)
    assert "The page says that this publication was retracted:" in html
    assert "RETRACTED: &lt;i&gt;Tides&lt;/i&gt;" in html


def test_people_of_other_teams_do_not_know_of_it(harbour: Team, charlie: User) -> None:
    client = Client()
    client.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("chat:page_copy", args=[kept(harbour, *PARTS).pk])).status_code == 404
