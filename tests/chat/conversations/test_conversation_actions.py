"""Renaming, pinning, archiving, deleting and sharing, with htmx and without JavaScript."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chat import access
from chat.conversations import service as conversations
from chat.models import Answer, Conversation, LogEntry, Question
from tests.chat.conversations.conftest import Make, add, as_, plain

pytestmark = pytest.mark.django_db

KEPT_FOR = timedelta(days=30)


def to(name: str, conversation: Conversation) -> str:
    return reverse(f"chat:{name}", args=[conversation.pk])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("pin", {"pinned": True}),
        ("unpin", {"pinned": False}),
        ("archive", {"archived": True}),
        ("unarchive", {"archived": False}),
        ("share", {"visibility": "team"}),
        ("unshare", {"visibility": "private"}),
    ],
)
def test_a_button_does_what_it_says(alice: User, converse: Make, name: str, fields: dict[str, object]) -> None:
    conversation = converse()

    response = plain(alice).post(to(name, conversation))

    assert (response.status_code, response["Location"]) == (302, to("conversation", conversation))
    assert Conversation.objects.filter(pk=conversation.pk, **fields).exists()


def test_renaming_keeps_one_line(alice: User, converse: Make) -> None:
    conversation = converse()

    plain(alice).post(to("rename", conversation), {"title": "  Lamps\r\n and\tlenses\x1b\u200e "})

    conversation.refresh_from_db()
    assert conversation.title == "Lamps and lenses"


@pytest.mark.parametrize("title", ["", "  \n ", "\u200e", "x" * 201, "\x00"])
def test_a_title_that_is_none_is_refused_and_the_old_one_stays(alice: User, converse: Make, title: str) -> None:
    conversation = converse(title="Lights")

    with_htmx = as_(alice).post(to("rename", conversation), {"title": title})
    without = plain(alice).post(to("rename", conversation), {"title": title}, follow=True)

    conversation.refresh_from_db()
    assert conversation.title == "Lights"
    assert with_htmx.status_code == 422
    for answer in (with_htmx, without):
        assert "A title must have 1 to 200 characters." in answer.content.decode()


def test_a_changed_conversation_comes_back_in_every_place_that_shows_it(alice: User, converse: Make) -> None:
    conversation = converse()
    client = as_(alice, on=f"/c/{conversation.pk}/")

    response = client.post(
        to("rename", conversation), {"title": "Lamps"}, headers={"HX-Target": f"menu-{conversation.pk}"}
    )

    html = response.content.decode()
    assert "history-changed" in response["HX-Trigger"]
    assert f'id="menu-{conversation.pk}"' in html
    assert re.search(r'<h1 id="conversation-title"\s+hx-swap-oob="true">Lamps</h1>', html)
    assert 'id="conversation-menu"' in html


def test_deleting_hides_from_everybody_and_offers_to_undo(alice: User, bob: User, converse: Make) -> None:
    conversation = converse()

    html = as_(alice).post(to("delete", conversation)).content.decode()

    assert to("restore", conversation) in html
    assert plain(bob).get(to("conversation", conversation)).status_code == 404
    assert not access.readable_conversations(access.membership_for(bob, conversation)).exists()
    as_(alice).post(to("restore", conversation))
    assert plain(bob).get(to("conversation", conversation)).status_code == 200


def test_deleting_the_open_conversation_leads_to_the_list_with_the_way_back(alice: User, converse: Make) -> None:
    conversation = converse(title="Open one")

    leads_to = as_(alice, on=f"/c/{conversation.pk}/").post(to("delete", conversation))["HX-Redirect"]
    html = plain(alice).get(leads_to).content.decode()

    assert to("restore", conversation) in html
    assert "“Open one” was deleted." in html


def test_without_javascript_deleting_can_be_undone_too(alice: User, vera: User, converse: Make) -> None:
    conversation = converse()

    response = plain(alice).post(to("delete", conversation), follow=True)

    assert to("restore", conversation) in response.content.decode()
    assert to("restore", conversation) not in plain(vera).get(response.request["PATH_INFO"]).content.decode()


def test_archiving_offers_to_undo(alice: User, converse: Make) -> None:
    conversation = converse()

    html = as_(alice).post(to("archive", conversation)).content.decode()

    assert to("unarchive", conversation) in html


def test_unsharing_takes_the_conversation_from_teammates_who_asked_in_it(
    alice: User, bob: User, converse: Make
) -> None:
    conversation = converse(("One?", "One."))
    Question.objects.update(author=bob)

    plain(alice).post(to("unshare", conversation))

    assert plain(bob).get(to("conversation", conversation)).status_code == 404


@pytest.mark.parametrize(("who", "names"), [("vera", set()), ("bob", {"pin"}), ("alice", {"pin", "archive", "delete"})])
def test_a_menu_offers_what_the_person_may_do(
    request: pytest.FixtureRequest, alice: User, converse: Make, who: str, names: set[str]
) -> None:
    conversation = converse(owner=alice)

    html = as_(request.getfixturevalue(who)).get(to("menu", conversation)).content.decode()

    offered = {name for name in ("pin", "archive", "delete") if to(name, conversation) in html}
    assert offered == names


def test_only_its_owner_is_offered_to_make_it_private(alice: User, bob: User, converse: Make) -> None:
    conversation = converse(owner=bob)

    assert to("unshare", conversation) in as_(bob).get(to("menu", conversation)).content.decode()
    assert to("unshare", conversation) not in as_(alice).get(to("menu", conversation)).content.decode()


def test_two_changes_at_once_do_not_undo_each_other(alice: User, converse: Make) -> None:
    conversation = converse()
    one, other = Conversation.objects.get(pk=conversation.pk), Conversation.objects.get(pk=conversation.pk)

    conversations.pin_conversation(conversation=one, by=alice)
    conversations.rename_conversation(conversation=other, title="Lamps", by=alice)

    conversation.refresh_from_db()
    assert (conversation.title, conversation.pinned) == ("Lamps", True)


def test_what_was_deleted_long_ago_is_purged_with_all_that_belongs_to_it(alice: User, converse: Make) -> None:
    now = timezone.now()
    old = converse(("One?", "One."), deleted_at=now - KEPT_FOR - timedelta(hours=1))
    writing = add(old, 2, "Two?", "", state=Answer.State.WRITING)
    LogEntry.objects.create(answer=writing, seq=1, kind="text", data="Two")
    fork = converse(forked_from=old)
    recent = converse(deleted_at=now - KEPT_FOR + timedelta(hours=1))
    told = StringIO()

    call_command("purge_deleted", stdout=told)

    assert "1 conversation" in told.getvalue()
    assert set(Conversation.objects.all()) == {fork, recent}
    assert not LogEntry.objects.exists()
