"""Which passages are found for a question, on both databases."""

import pytest
from django.db import connection

from accounts.models import Team, User
from chat.documents import service
from chat.documents.find import find_passages
from chat.documents.index import backend_for, rebuild
from chat.models import Document, Passage, Space
from chat.search.query import Term, parse_query
from tests.chat.documents.conftest import Add, new_version, settle

pytestmark = pytest.mark.django_db

LIGHTS = "# Lights\n\nThe lighthouse of Harbour was built in 1872 by Ada Stevenson.\n"
FERRIES = "# Ferries\n\nA ferry leaves every 40 minutes. Tickets cost 3.20 euros.\n"


def names(space: Space, *words: str) -> list[str]:
    return [found.name for found in find_passages(space.pk, [Term((word,)) for word in words])]


def indexed() -> set[int]:
    """The passages that the index holds, by a word that stands in every one of them."""
    spaces = list(Space.objects.values_list("pk", flat=True))
    found = backend_for(connection).matching(connection, spaces, parse_query("everywhere "), most=1000)
    return {number for number, _ in found}


def test_a_passage_is_found_by_any_of_the_words(space: Space, add: Add) -> None:
    add("lights.md", LIGHTS)
    add("ferries.md", FERRIES)
    assert names(space, "lighthouse") == ["lights.md"]
    assert sorted(names(space, "ferry", "stevenson")) == ["ferries.md", "lights.md"]
    assert names(space, "submarine") == []
    assert names(space) == []


def test_what_stands_in_more_words_comes_first(space: Space, add: Add) -> None:
    add("one.md", "Tickets for the lighthouse are sold at the door.")
    add("two.md", "Tickets for the ferry are sold on board.")
    assert names(space, "tickets", "ferry") == ["two.md", "one.md"]


def test_a_heading_is_found_like_the_text_below(space: Space, add: Add) -> None:
    add("lights.md", "# Opening hours\n\nDaily from ten to five, closed in January because of storms at sea.")
    assert names(space, "hours") == ["lights.md"]


def test_the_beginning_of_a_word_finds_it(space: Space, add: Add) -> None:
    add("lights.md", LIGHTS)
    assert [one.name for one in find_passages(space.pk, [Term(("lighth",), grows=True)])] == ["lights.md"]
    assert find_passages(space.pk, [Term(("lighth",))]) == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("返金は三十日以内に行います。", ("返", "金")),
        ("Die Größe des Straßenbelags", ("strassenbelags",)),
        ("تذاكر العبّارة", ("تذاكر",)),
        ("Written in C++ by hand", ("c＋＋",)),
    ],
)
def test_words_of_every_script_are_found(space: Space, add: Add, text: str, tokens: tuple[str, ...]) -> None:
    add("text.txt", text)
    assert [one.name for one in find_passages(space.pk, [Term(tokens)])] == ["text.txt"]


def test_other_spaces_are_left_out(space: Space, add: Add, harbour: Team, elsewhere: Team, alice: User) -> None:
    other = Space.objects.create(team=harbour, owner=alice, name="Other")
    foreign = Space.objects.create(team=elsewhere, owner=alice, name="Foreign")
    add("lights.md", LIGHTS)
    add("other.md", LIGHTS, to=other)
    add("foreign.md", LIGHTS, to=foreign)
    assert names(space, "lighthouse") == ["lights.md"]
    assert names(other, "lighthouse") == ["other.md"]


def test_two_spaces_that_share_a_mark_in_the_index_share_nothing_else(space: Space, add: Add, alice: User) -> None:
    twin = Space.objects.create(
        id=f"00000000-0000-7000-8000-0000{space.pk.hex[-8:]}", team=space.team, owner=alice, name="Twin"
    )
    add("twin.md", LIGHTS, to=twin)
    assert names(space, "lighthouse") == []
    add("lights.md", LIGHTS)
    assert names(space, "lighthouse") == ["lights.md"]


def test_a_new_version_takes_the_place_of_the_one_before(space: Space, add: Add, alice: User) -> None:
    lights = add("lights.md", LIGHTS)
    new_version(lights, "# Lights\n\nThe beacon of Harbour was built in 1901.", by=alice)
    assert names(space, "beacon") == ["lights.md"]
    assert names(space, "lighthouse") == []
    settle()
    assert names(space, "beacon") == ["lights.md"]
    assert names(space, "lighthouse") == []
    assert Passage.objects.filter(version__document=lights, version__number=1, found_in=None).exists()


def test_a_removed_document_is_found_again_when_it_is_restored(space: Space, add: Add, alice: User) -> None:
    lights = add("lights.md", f"{LIGHTS} everywhere")
    service.remove_document(document=lights, by=alice)
    assert names(space, "lighthouse") == []
    assert len(indexed()) == 1
    settle()
    assert indexed() == set()
    service.restore_document(document=lights, by=alice)
    settle()
    assert names(space, "lighthouse") == ["lights.md"]


def test_removed_documents_take_no_place_of_those_that_are_there(space: Space, add: Add, alice: User) -> None:
    for number in range(6):
        service.remove_document(document=add(f"{number}.md", f"lighthouse lighthouse lighthouse {number}"), by=alice)
    add("here.md", "A lighthouse, mentioned once in a text that has a few more words than the others have.")
    assert [one.name for one in find_passages(space.pk, [Term(("lighthouse",))], limit=2)] == ["here.md"]


def test_nothing_of_a_deleted_space_is_found(space: Space, add: Add) -> None:
    from django.utils import timezone

    add("lights.md", LIGHTS)
    Space.objects.filter(pk=space.pk).update(deleted_at=timezone.now())
    assert names(space, "lighthouse") == []


def test_rows_that_go_take_their_words_out_of_the_index(space: Space, add: Add) -> None:
    add("lights.md", f"{LIGHTS} everywhere")
    assert len(indexed()) == 1
    Passage.objects.update(text="nothing everywhere")
    assert names(space, "lighthouse") == []
    assert len(indexed()) == 1
    Document.objects.update(current=None)
    Document.objects.all().delete()
    assert indexed() == set()


def test_the_index_made_anew_is_the_same(space: Space, add: Add) -> None:
    add("lights.md", f"{LIGHTS} everywhere")
    add("ferries.md", f"{FERRIES} everywhere")
    before = indexed()
    rebuild(connection)
    assert indexed() == before
    assert names(space, "ferry") == ["ferries.md"]


def test_words_that_stand_in_very_many_passages_are_found_within_bounds(space: Space, add: Add) -> None:
    document = add("many.md", "first")
    Passage.objects.bulk_create(
        Passage(
            version=document.current,
            number=number,
            page=1,
            text=f"common everywhere {'usual' if number % 2 else 'rare' if number % 1000 == 0 else ''}",
            found_in=space.pk,
        )
        for number in range(2, 9500)
    )
    assert len(names(space, "common")) == 100
    assert len(names(space, "common", "everywhere")) == 100
    found = find_passages(space.pk, [Term(("common",)), Term(("everywhere",)), Term(("rare",))])
    assert [one.text for one in found[:9]] == ["common everywhere rare"] * 9
