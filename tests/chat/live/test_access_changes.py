"""What is changed in this process and lets somebody read no more is heard after its commit."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import logout
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, User
from accounts.services import passwords, teams
from chat.conversations import service
from chat.live.access_changes import AccessChanges, Changed
from chat.models import Conversation, Space, SpaceMember
from chat.spaces import people
from chat.spaces import service as spaces
from tests.chat.conversations.conftest import Make, membership_of

pytestmark = pytest.mark.django_db


class Loop(asyncio.AbstractEventLoop):
    """An event loop that runs what it is given at once."""

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        callback(*args)


@pytest.fixture
def heard() -> Iterator[list[Changed]]:
    heard: list[Changed] = []
    changes = AccessChanges(heard.append)
    changes.open(Loop())
    yield heard
    changes.close()


def sign_out(bob: User) -> str:
    client = Client()
    client.force_login(bob)
    request = HttpRequest()
    request.session = client.session
    key = request.session.session_key
    assert key
    logout(request)
    return key


def remove(bob: User) -> UUID:
    owner = Membership.objects.get(role=Membership.Role.OWNER, team=membership_of(bob).team_id)
    teams.remove_member(member=membership_of(bob), by=owner.user)
    return bob.pk


def end_sessions(bob: User) -> UUID:
    passwords.end_sessions(user=bob)
    return bob.pk


def deactivate(bob: User) -> UUID:
    bob.is_active = False
    bob.save()
    return bob.pk


def unshare(bob: User) -> UUID:
    conversation = Conversation.objects.get()
    service.unshare_conversation(conversation=conversation, by=conversation.owner)
    return conversation.pk


def delete(bob: User) -> UUID:
    conversation = Conversation.objects.get()
    service.delete_conversation(conversation=conversation, by=conversation.owner)
    return conversation.pk


@pytest.mark.parametrize("change", [sign_out, remove, end_sessions, deactivate, unshare, delete])
def test_it_is_heard_after_the_commit(
    alice: User,
    bob: User,
    converse: Make,
    heard: list[Changed],
    change: Callable[[User], str | UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    converse()
    with django_capture_on_commit_callbacks(execute=True):
        what = change(bob)
        assert what not in heard

    assert what in heard


@pytest.mark.parametrize("change", ["leave", "close", "delete"])
def test_what_changes_in_a_space_may_change_what_anybody_reads(
    alice: User,
    bob: User,
    heard: list[Changed],
    change: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    team, member = membership_of(alice).team, membership_of(bob)
    with django_capture_on_commit_callbacks(execute=True):
        space = Space.objects.create(team=team, owner=alice, name="Q3", everyone=change == "close")
        SpaceMember.objects.create(space=space, membership=member)
    assert heard == []

    with django_capture_on_commit_callbacks(execute=True):
        if change == "leave":
            people.leave_space(space=space, member=member)
        elif change == "close":
            people.choose_people(space=space, by=alice, chosen={})
        else:
            spaces.delete_space(space=space, by=alice)

    assert None in heard


def test_a_new_conversation_and_a_new_person_change_nothing_for_those_who_watch(
    alice: User,
    converse: Make,
    heard: list[Changed],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        converse()
        User.objects.create_user("newcomer")

    assert heard == []


def test_nothing_is_heard_after_the_end(
    bob: User, heard: list[Changed], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    closed: list[Changed] = []
    changes = AccessChanges(closed.append)
    changes.open(Loop())
    changes.close()
    with django_capture_on_commit_callbacks(execute=True):
        deactivate(bob)

    assert closed == []
    assert heard == [bob.pk]
