"""Who finds a space and what is in it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat import access, search
from chat.models import Conversation, Space, SpaceMember
from tests.chat.conversations.conftest import Make, membership_of

pytestmark = pytest.mark.django_db

YES, NO, GONE = None, PermissionDenied, Http404
PEOPLE = ("alice", "bob", "cora", "dora", "vera", "charlie")  # team owner, member, reader, owner of the space, viewer
LOOKUPS: dict[str, Callable[[User, Conversation], Any]] = {
    "see the space": lambda person, one: access.readable_space(person, one.space_id or uuid.uuid4()),
    "add to the space": lambda person, one: access.contributed_space(person, one.space_id or uuid.uuid4()),
    "manage the space": lambda person, one: access.managed_space(person, one.space_id or uuid.uuid4()),
    "read": lambda person, one: access.readable_conversation(person, one.pk),
    "ask": lambda person, one: access.askable_conversation(person, one.pk),
    "manage": lambda person, one: access.managed_conversation(person, one.pk),
}
CHOSEN = {
    "see the space": (GONE, YES, YES, YES, GONE, GONE),
    "add to the space": (GONE, YES, NO, YES, GONE, GONE),
    "manage the space": (GONE, NO, NO, YES, GONE, GONE),
    "read": (GONE, YES, YES, YES, GONE, GONE),
    "ask": (GONE, YES, NO, YES, GONE, GONE),
    "manage": (GONE, YES, NO, YES, GONE, GONE),
}
EVERYONE = {
    "see the space": (YES, YES, YES, YES, YES, GONE),
    "add to the space": (YES, YES, YES, YES, NO, GONE),
    "manage the space": (YES, NO, NO, YES, NO, GONE),
    "read": (YES, YES, YES, YES, YES, GONE),
    "ask": (YES, YES, YES, YES, NO, GONE),
    "manage": (YES, YES, NO, YES, NO, GONE),
}
PRIVATE = {
    **{name: CHOSEN[name] for name in CHOSEN if "space" in name},
    **dict.fromkeys(("read", "ask", "manage"), (GONE, YES, GONE, GONE, GONE, GONE)),
}
DELETED = dict.fromkeys(CHOSEN, (GONE,) * 6) | dict.fromkeys(("read", "ask", "manage"), PRIVATE["read"])
TABLES = {"chosen": CHOSEN, "everyone": EVERYONE, "private": PRIVATE, "deleted": DELETED}


@pytest.fixture
def cast(alice: User, bob: User, vera: User, charlie: User, harbour: Team) -> dict[str, User]:
    cora, dora = User.objects.create_user("cora"), User.objects.create_user("dora")
    for person in (cora, dora):
        Membership.objects.create(team=harbour, user=person)
    return dict(zip(PEOPLE, (alice, bob, cora, dora, vera, charlie), strict=True))


@pytest.fixture
def in_space(cast: dict[str, User], harbour: Team, converse: Make) -> Callable[[str], Conversation]:
    """A conversation of Bob's in Dora's space, in which Bob contributes and Cora reads."""

    def begin(kind: str) -> Conversation:
        space = Space.objects.create(team=harbour, owner=cast["dora"], name="Q3", everyone=kind == "everyone")
        for name, role in (("bob", SpaceMember.Role.CONTRIBUTOR), ("cora", SpaceMember.Role.READER)):
            SpaceMember.objects.create(space=space, membership=membership_of(cast[name]), role=role)
        conversation = converse(title="Lanterns of the third quarter", owner=cast["bob"])
        conversation.space = space
        conversation.visibility = "private" if kind == "private" else "space"
        conversation.save()
        if kind == "deleted":
            Space.objects.update(deleted_at=timezone.now())
        return conversation

    return begin


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("kind", TABLES)
def test_each_person_gets_what_the_table_says(
    kind: str, lookup: str, person: str, cast: dict[str, User], in_space: Callable[[str], Conversation]
) -> None:
    conversation, expected = in_space(kind), TABLES[kind][lookup][PEOPLE.index(person)]
    if expected:
        with pytest.raises(expected):
            LOOKUPS[lookup](cast[person], conversation)
    else:
        LOOKUPS[lookup](cast[person], conversation)


@pytest.mark.parametrize("kind", TABLES)
def test_lists_searches_and_streams_show_it_to_the_same_people(
    kind: str, cast: dict[str, User], harbour: Team, in_space: Callable[[str], Conversation]
) -> None:
    conversation = in_space(kind)
    members = {name: membership_of(cast[name]) for name in PEOPLE if name != "charlie"}

    expected = {name for name, found in zip(PEOPLE, TABLES[kind]["read"], strict=True) if found is YES}
    listed = {name for name, one in members.items() if conversation in access.readable_conversations(one)}
    found = {name for name, one in members.items() if search.search(one, words="lanterns").conversations}
    readers = access.readers_of([conversation.pk], [person.pk for person in cast.values()])

    assert listed == expected
    assert found == expected
    assert readers == {(cast[name].pk, conversation.pk) for name in expected}


def test_whoever_is_taken_off_a_space_loses_sight_of_what_they_asked_in_it(
    cast: dict[str, User], in_space: Callable[[str], Conversation]
) -> None:
    conversation = in_space("chosen")
    SpaceMember.objects.filter(membership__user=cast["bob"]).delete()

    with pytest.raises(Http404):
        access.readable_conversation(cast["bob"], conversation.pk)
    assert access.readers_of([conversation.pk], [cast["bob"].pk]) == set()


def test_what_was_in_a_space_that_is_gone_for_good_is_its_owners(
    cast: dict[str, User], in_space: Callable[[str], Conversation]
) -> None:
    conversation = in_space("chosen")
    Space.objects.all().delete()

    assert access.readable_conversation(cast["bob"], conversation.pk) == conversation
    with pytest.raises(Http404):
        access.readable_conversation(cast["dora"], conversation.pk)
