"""When a link shows nothing, and that nobody outside learns why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Team, User
from accounts.services import teams
from chat.conversations import service as conversations
from chat.models import Conversation
from sharing.links import service
from sharing.models import ShareLink
from tests.chat.conversations.conftest import Make, plain
from tests.sharing.conftest import Share, Shared, page_of, said_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def bobs(converse: Make, share: Share, bob: User) -> Shared:
    """Bob's link to a conversation of his."""
    return share(converse(("Who keeps it?", "Ada."), owner=bob))


Ending = Callable[[Shared, User], object]

ENDINGS: dict[str, Ending] = {
    "ended": lambda one, by: service.end_link(link=one.link, by=by),
    "expired": lambda one, by: ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
    "in the trash": lambda one, by: conversations.delete_conversation(conversation=one.link.conversation, by=by),
    "deleted for good": lambda one, by: Conversation.objects.all().delete(),
    "of somebody who left": lambda one, by: Membership.objects.filter(user=one.link.made_by).delete(),
    "of somebody who is deactivated": lambda one, by: User.objects.filter(pk=one.link.made_by_id).update(
        is_active=False
    ),
    "of somebody who may not read it": lambda one, by: Conversation.objects.update(owner=by, visibility="private"),
    "switched off": lambda one, by: service.switch_sharing(team=one.link.team, by=by, on=False),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_whatever_the_reason_the_page_is_that_of_a_link_that_never_was(
    ending: Ending, bobs: Shared, alice: User, visitor: Client
) -> None:
    page_of(bobs)
    assert visitor.get(bobs.at("alive")).status_code == 204
    ending(bobs, alice)
    for place in ("shared", "alive"):
        wrong = Shared(bobs.link, "A" * 22)
        assert said_by(visitor.get(bobs.at(place))) == said_by(visitor.get(wrong.at(place)))
    assert visitor.get(bobs.address).status_code == 404
    assert visitor.post(bobs.at("password"), {"password": "correct horse"}).status_code == 404


def test_a_link_rests_while_its_maker_cannot_read_the_conversation(bobs: Shared, alice: User, bob: User) -> None:
    Conversation.objects.update(owner=alice, visibility="private")
    assert Client().get(bobs.address).status_code == 404
    assert "Rests" in plain(alice).get(f"/c/{bobs.link.conversation_id}/links/").content.decode()
    Conversation.objects.update(visibility="team")
    page_of(bobs)


def test_links_stay_ended_when_sharing_is_switched_on_again(bobs: Shared, harbour: Team, alice: User) -> None:
    owner = plain(alice)
    assert owner.post("/team/sharing/switch/").status_code == 302
    assert owner.post("/team/sharing/switch/", {"on": "on"}).status_code == 302
    assert Client().get(bobs.address).status_code == 404
    page = owner.get("/team/sharing/").content.decode()
    assert "Sharing by link is on" in page
    assert "Ended by alice" in page


def test_the_server_may_refuse_links_for_everybody(bobs: Shared, alice: User, bob: User, settings: Settings) -> None:
    settings.SHARING = False
    assert Client().get(bobs.address).status_code == 404
    owner = plain(alice)
    assert "Your administrator has turned sharing by link off" in owner.get("/team/sharing/").content.decode()
    service.switch_sharing(team=bobs.link.team, by=alice, on=False)
    owner.post("/team/sharing/switch/", {"on": "on"})
    assert not Team.objects.get(pk=bobs.link.team_id).shares_by_link
    form = {"kind": "snapshot", "ends": "7"}
    assert plain(bob).post(f"/c/{bobs.link.conversation_id}/links/", form).status_code == 422


def test_a_member_who_is_removed_takes_their_links_with_them(bobs: Shared, alice: User, bob: User) -> None:
    teams.remove_member(member=Membership.objects.get(user=bob), by=alice)
    assert Client().get(bobs.address).status_code == 404
