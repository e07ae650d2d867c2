"""Who finds which conversation, question and answer."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Team, User
from accounts.services import passwords
from chat import access
from chat.models import Answer, Conversation
from tests.chat.conversations.conftest import Make, membership_of

pytestmark = pytest.mark.django_db

YES, NO, GONE = None, PermissionDenied, Http404
OWNER, MEMBER, AUTHOR, VIEWER, STRANGER = "alice", "bob", "dora", "vera", "charlie"
LOOKUPS: dict[str, Callable[[User, Conversation], Any]] = {
    "read": lambda person, found: access.readable_conversation(person, found.pk),
    "ask": lambda person, found: access.askable_conversation(person, found.pk),
    "manage": lambda person, found: access.managed_conversation(person, found.pk),
    "own": lambda person, found: access.owned_conversation(person, found.pk),
    "read answer": lambda person, found: access.readable_answer(person, found.pk, answer_of(found).pk),
    "stop answer": lambda person, found: access.askable_answer(person, found.pk, answer_of(found).pk),
    "ask again": lambda person, found: access.askable_question(person, found.pk, answer_of(found).question_id),
}
Table = dict[str, dict[str, type[Exception] | None]]
SHARED: Table = {
    "read": {OWNER: YES, MEMBER: YES, AUTHOR: YES, VIEWER: YES, STRANGER: GONE},
    "ask": {OWNER: YES, MEMBER: YES, AUTHOR: YES, VIEWER: NO, STRANGER: GONE},
    "manage": {OWNER: YES, MEMBER: NO, AUTHOR: YES, VIEWER: NO, STRANGER: GONE},
    "own": {OWNER: NO, MEMBER: NO, AUTHOR: YES, VIEWER: NO, STRANGER: GONE},
    "read answer": {OWNER: YES, MEMBER: YES, AUTHOR: YES, VIEWER: YES, STRANGER: GONE},
    "stop answer": {OWNER: YES, MEMBER: YES, AUTHOR: YES, VIEWER: NO, STRANGER: GONE},
    "ask again": {OWNER: YES, MEMBER: YES, AUTHOR: YES, VIEWER: NO, STRANGER: GONE},
}
PRIVATE: Table = {name: {**dict.fromkeys(row, GONE), AUTHOR: YES} for name, row in SHARED.items()}
DELETED: Table = {name: {**dict.fromkeys(row, GONE)} for name, row in SHARED.items()}
TABLES = {"shared": SHARED, "private": PRIVATE, "deleted": DELETED}


def answer_of(conversation: Conversation) -> Answer:
    return Answer.objects.get(question__conversation=conversation)


@pytest.fixture
def cast(alice: User, bob: User, vera: User, charlie: User, harbour: Team) -> dict[str, User]:
    dora = User.objects.create_user("dora")
    Membership.objects.create(team=harbour, user=dora)
    return {OWNER: alice, MEMBER: bob, AUTHOR: dora, VIEWER: vera, STRANGER: charlie}


@pytest.fixture
def conversations(cast: dict[str, User], converse: Make) -> dict[str, Conversation]:
    said = ("Who keeps it?", "The keeper.")
    owner = cast[AUTHOR]
    return {
        "shared": converse(said, owner=owner),
        "private": converse(said, owner=owner, visibility="private"),
        "deleted": converse(said, owner=owner, deleted_at="2026-01-01T00:00:00Z"),
    }


@pytest.mark.parametrize("who", [OWNER, MEMBER, AUTHOR, VIEWER, STRANGER])
@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("kind", TABLES)
def test_a_lookup_gives_each_person_what_the_table_says(
    cast: dict[str, User], conversations: dict[str, Conversation], kind: str, lookup: str, who: str
) -> None:
    refusal = TABLES[kind][lookup][who]

    if refusal:
        with pytest.raises(refusal):
            LOOKUPS[lookup](cast[who], conversations[kind])
    else:
        assert LOOKUPS[lookup](cast[who], conversations[kind])


@pytest.mark.parametrize(("who", "kinds"), [(OWNER, 1), (MEMBER, 1), (AUTHOR, 2), (VIEWER, 1), (STRANGER, 0)])
def test_a_list_holds_what_can_be_read_alone(
    cast: dict[str, User], conversations: dict[str, Conversation], who: str, kinds: int
) -> None:
    assert access.readable_conversations(membership_of(cast[who])).count() == kinds


def test_an_owner_who_became_a_viewer_reads_but_does_not_manage(alice: User, converse: Make) -> None:
    conversation = converse(visibility="private")
    Membership.objects.filter(user=alice).update(role="viewer")

    assert access.readable_conversation(alice, conversation.pk) == conversation
    with pytest.raises(PermissionDenied):
        access.managed_conversation(alice, conversation.pk)


def test_somebody_who_left_the_team_finds_not_even_their_own(alice: User, converse: Make) -> None:
    conversation = converse()
    Membership.objects.filter(user=alice).delete()

    with pytest.raises(Http404):
        access.readable_conversation(alice, conversation.pk)


def test_a_conversation_of_the_persons_other_team_is_found_with_the_rights_there(
    bob: User, charlie: User, elsewhere: Team, converse: Make
) -> None:
    there = converse(owner=charlie, team=elsewhere)
    Membership.objects.create(team=elsewhere, user=bob, role="viewer")

    assert access.readable_conversation(bob, there.pk) == there
    with pytest.raises(PermissionDenied):
        access.askable_conversation(bob, there.pk)


def test_a_deleted_conversation_is_found_to_be_restored_and_a_living_one_is_not(alice: User, converse: Make) -> None:
    now = timezone.now()
    deleted = converse(deleted_at=now - timedelta(days=29))
    long_deleted = converse(deleted_at=now - timedelta(days=31))
    living = converse()

    assert access.managed_conversation(alice, deleted.pk, deleted=True) == deleted
    for other in (long_deleted, living):
        with pytest.raises(Http404):
            access.managed_conversation(alice, other.pk, deleted=True)


def test_an_answer_of_another_conversation_is_not_found(alice: User, converse: Make) -> None:
    here, there = converse(("One?", "One.")), converse(("Two?", "Two."))

    with pytest.raises(Http404):
        access.readable_answer(alice, here.pk, answer_of(there).pk)
    with pytest.raises(Http404):
        access.askable_question(alice, here.pk, answer_of(there).question_id)


def test_an_unknown_id_is_not_found(alice: User, converse: Make) -> None:
    with pytest.raises(Http404):
        access.readable_conversation(alice, uuid.uuid4())
    with pytest.raises(Http404):
        access.readable_answer(alice, converse().pk, uuid.uuid4())


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    key = client.session.session_key
    assert key
    return key


def permission_of(person: User, conversation: Conversation) -> access.Permission:
    return access.Permission(session_of(person), person.pk, conversation.pk)


def test_who_may_still_read_is_who_may_read_and_that_is_three_queries_for_all(
    cast: dict[str, User],
    conversations: dict[str, Conversation],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    held = {(kind, who): permission_of(cast[who], found) for kind, found in conversations.items() for who in cast}
    with django_assert_num_queries(3):
        good = access.still_good(held.values())

    assert {name for name, one in held.items() if one in good} == {
        (kind, who) for kind, table in TABLES.items() for who, refusal in table["read"].items() if refusal is YES
    }


def deactivate(person: User) -> None:
    person.is_active = False
    person.save()


def set_a_new_password(person: User) -> None:
    person.set_password("another one that is long")
    person.save()


@pytest.mark.parametrize(
    "end",
    [
        lambda person: Session.objects.all().delete(),
        lambda person: Session.objects.update(expire_date=timezone.now()),
        lambda person: Session.objects.update(session_data="forged"),
        lambda person: passwords.end_sessions(user=person),
        lambda person: Membership.objects.filter(user=person).delete(),
        deactivate,
        set_a_new_password,
    ],
    ids=["signed out", "ran out", "forged", "signed out everywhere", "left the team", "deactivated", "new password"],
)
def test_nobody_still_reads_after(alice: User, bob: User, converse: Make, end: Callable[[User], object]) -> None:
    conversation = converse()
    held, other = permission_of(alice, conversation), permission_of(bob, conversation)
    assert access.still_good([held, other]) == {held, other}

    end(alice)

    assert held not in access.still_good([held, other])


def test_nobody_still_reads_with_the_session_of_somebody_else_or_with_none(
    alice: User, bob: User, converse: Make
) -> None:
    held = permission_of(bob, converse())

    assert access.still_good([held._replace(user_id=alice.pk), held._replace(session_key="")]) == set()
    assert access.still_good([]) == set()
