"""No ledger tells of a conversation that its reader may not read: not by a row, a count, a date, an order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat.access import ALONE, TEAM, in_space
from chat.conversations import fork, moving
from chat.conversations import service as conversations
from chat.models import Conversation, LedgerSource, SourceUse, Space
from chat.sources import copies
from chat.sources.ledger import settling
from chat.spaces import service as spaces
from tests.chat.conversations.conftest import membership_of
from tests.chat.in_spaces import let_in, make_space, take_out
from tests.chat.sources.ledger.conftest import LIGHT, TIDES, Used, answer_of, note_all, rows_of, use

pytestmark = pytest.mark.django_db

PEOPLE = ("alice", "bob", "cora", "dora", "vera", "charlie")  # team owner, member, reader, owner of the space, viewer
WHERE = ("team", "own", "space")
ONE = [(LIGHT, 1, 1)]
GONE = "404"
TABLE: dict[str, dict[str, tuple[Any, ...]]] = {
    "team": {"team": (ONE, ONE, ONE, ONE, ONE, []), "own": ([], [], [], [], [], [])},
    "private": {"team": ([], [], [], [], [], []), "own": ([], ONE, [], [], [], [])},
    "chosen": {
        "team": ([], [], [], [], [], []),
        "own": ([], [], [], [], [], []),
        "space": (GONE, ONE, ONE, ONE, GONE, GONE),
    },
    "everyone": {
        "team": ([], [], [], [], [], []),
        "own": ([], [], [], [], [], []),
        "space": (ONE, ONE, ONE, ONE, ONE, GONE),
    },
    "private in a space": {
        "team": ([], [], [], [], [], []),
        "own": ([], ONE, [], [], [], []),
        "space": (GONE, [], [], [], GONE, GONE),
    },
    "in a deleted space": {
        "team": ([], [], [], [], [], []),
        "own": ([], [], [], [], [], []),
        "space": (GONE, GONE, GONE, GONE, GONE, GONE),
    },
    "deleted": {"team": ([], [], [], [], [], []), "own": ([], [], [], [], [], [])},
}
READ_BY = {
    "team": "alice bob cora dora vera",
    "private": "bob",
    "chosen": "bob cora dora",
    "everyone": "alice bob cora dora vera",
    "private in a space": "bob",
    "in a deleted space": "bob",
    "deleted": "",
}


@pytest.fixture
def cast(alice: User, bob: User, vera: User, charlie: User, harbour: Team) -> dict[str, User]:
    cora, dora = User.objects.create_user("cora"), User.objects.create_user("dora")
    for person in (cora, dora):
        Membership.objects.create(team=harbour, user=person)
    return dict(zip(PEOPLE, (alice, bob, cora, dora, vera, charlie), strict=True))


@pytest.fixture
def hidden(cast: dict[str, User], harbour: Team, used: Used) -> Callable[[str], tuple[Conversation, Space | None]]:
    """A conversation of Bob's, whose answer cites a page; in Dora's space where one is named, which Cora reads."""

    def begin(kind: str) -> tuple[Conversation, Space | None]:
        space = None
        if kind in ("chosen", "everyone", "private in a space", "in a deleted space"):
            space = make_space(
                harbour, cast["dora"], everyone=kind == "everyone", people=[cast["bob"]], readers=[cast["cora"]]
            )
        visibility = "team" if kind in ("team", "deleted") else "space" if space else "private"
        visibility = "private" if kind.startswith("private") else visibility
        conversation = used(LIGHT, owner=cast["bob"], space=space, visibility=visibility)
        if kind == "deleted":
            conversations.delete_conversation(conversation=conversation, by=cast["bob"])
        if kind == "in a deleted space" and space:
            spaces.delete_space(space=space, by=cast["dora"])
        return conversation, space

    return begin


def pages(person: User, where: str) -> list[str]:
    """Both pages and the table for other programs, as text."""
    client = Client()
    client.force_login(person)
    answers = [client.get(reverse(f"chat:{name}"), {"in": where}) for name in ("sources", "sources_table")]
    return [
        str(answer.status_code)
        if answer.status_code != 200
        else (answer.getvalue() if answer.streaming else answer.content).decode()
        for answer in answers
    ]


@pytest.mark.parametrize("kind", TABLE)
def test_a_source_is_in_the_ledgers_of_those_who_may_read_its_answer_and_in_no_other(
    kind: str, hidden: Callable[[str], tuple[Conversation, Space | None]], cast: dict[str, User]
) -> None:
    _conversation, space = hidden(kind)
    for place, (name, person) in enumerate(cast.items()):
        for where, expected in TABLE[kind].items():
            said = str(space.pk) if where == "space" and space else where
            shown = pages(person, said)
            if expected[place] == GONE:
                assert shown == [GONE, GONE]
            else:
                assert rows_of(person, said) == expected[place]
                assert [LIGHT in text for text in shown] == [bool(expected[place])] * 2, (name, where)
        may_read = name in READ_BY[kind].split()
        client = Client()
        client.force_login(person)
        page = client.get(reverse("chat:source", args=[copies.address_key(LIGHT)]))
        assert page.status_code == (200 if may_read else 404)
        site = client.get(reverse("chat:site", args=["light.example"])).content.decode()
        assert ("Who keeps the light?" in site) == may_read


def test_counts_dates_and_titles_are_those_of_the_audience_alone(
    used: Used, alice: User, bob: User, harbour: Team
) -> None:
    shared = used(LIGHT, title="Shared")
    for _n in range(3):
        used(f"{LIGHT}?utm_source=secret", owner=bob, visibility="private")
    later = timezone.now() + timedelta(days=1)
    SourceUse.objects.exclude(conversation=shared).update(used_at=later)

    settling.forget_conversation(used(LIGHT, title="Another").pk)  # has the sum of the team made anew

    row = LedgerSource.objects.get(audience=harbour.pk)
    assert (row.answers, row.address, row.last_at < later) == (1, LIGHT, True)
    assert rows_of(bob, "own")[0][1:] == (3, 3)


def test_what_becomes_private_is_out_of_the_ledger_at_once(used: Used, alice: User, bob: User) -> None:
    conversation = used(LIGHT, TIDES)
    used(LIGHT)
    assert rows_of(bob) == [(TIDES, 1, 1), (LIGHT, 2, 2)]

    conversations.unshare_conversation(conversation=conversation, by=alice)
    assert TIDES not in pages(bob, "")[0]
    assert rows_of(bob) == [(LIGHT, 1, 1)]
    assert rows_of(alice, "own") == [(TIDES, 1, 1), (LIGHT, 1, 1)]

    conversations.share_conversation(conversation=conversation, by=alice)
    assert rows_of(bob) == [(TIDES, 1, 1), (LIGHT, 2, 2)]


def test_what_is_moved_deleted_restored_and_purged_counts_where_it_is(
    used: Used, alice: User, bob: User, harbour: Team
) -> None:
    space = make_space(harbour, alice, people=[bob])
    conversation = used(LIGHT)

    moving.move_conversation(conversation=conversation, to=in_space(space), by=membership_of(alice), seen=TEAM.value)
    assert (rows_of(bob), rows_of(bob, str(space.pk))) == ([], ONE)
    take_out(space, bob)
    assert pages(bob, str(space.pk)) == [GONE, GONE]
    let_in(space, bob)
    assert rows_of(bob, str(space.pk)) == ONE

    conversation.refresh_from_db()
    conversations.delete_conversation(conversation=conversation, by=alice)
    assert rows_of(bob, str(space.pk)) == []
    conversations.restore_conversation(conversation=conversation, by=alice)
    assert rows_of(bob, str(space.pk)) == ONE

    Space.objects.filter(pk=space.pk).update(deleted_at=timezone.now() - timedelta(days=10_000))
    spaces.purge_spaces()
    assert (rows_of(alice, "own"), rows_of(bob), rows_of(bob, "own")) == (ONE, [], [])

    conversation.refresh_from_db()
    conversations.erase_conversation(conversation=conversation, by=alice)
    conversations.purge_conversations()  # before anybody settled anything
    assert not LedgerSource.objects.exists()
    assert not SourceUse.objects.exists()


def test_what_is_removed_without_having_been_in_the_trash_is_out_of_the_sums(used: Used, alice: User) -> None:
    used(LIGHT).delete()
    assert not LedgerSource.objects.exists()


def test_a_team_that_is_removed_takes_its_ledger_along(used: Used, harbour: Team) -> None:
    used(LIGHT)
    harbour.conversations.all().delete()
    harbour.delete()
    assert not LedgerSource.objects.exists()


def test_a_fork_is_in_the_ledger_of_whom_it_belongs_to(used: Used, alice: User, bob: User) -> None:
    question = answer_of(used(LIGHT)).question
    fork.fork_conversation(question=question, by=bob, place=ALONE, key=question.pk)
    note_all()
    assert (rows_of(bob), rows_of(bob, "own"), rows_of(alice, "own")) == (ONE, ONE, [])


def test_no_ledger_is_shown_while_a_move_is_not_settled(
    used: Used, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = used(LIGHT)
    conversations.unshare_conversation(conversation=conversation, by=alice)
    monkeypatch.setattr(settling, "READERS_WAIT", -1.0)
    page, table = pages(bob, "")
    assert "Sources are being updated" in page
    assert LIGHT not in page + table


def test_an_answer_that_was_asked_again_counts_twice_and_a_carried_source_once(used: Used, alice: User) -> None:
    conversation = used(LIGHT)
    answer = answer_of(conversation)
    again = type(answer).objects.create(
        question=answer.question, asked_by=alice, key=conversation.pk, provider="sonar", model="sonar", state="finished"
    )
    use(again, LIGHT)
    use(again, TIDES, cited=False, carried=True)
    note_all()
    assert rows_of(alice) == [(LIGHT, 2, 2)]
