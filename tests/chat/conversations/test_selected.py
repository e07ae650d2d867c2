"""Doing something to many conversations at once: to whose, what is said of it, and the one way back."""

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from chat.conversations import bulk
from chat.models import Conversation
from tests.chat.conversations.conftest import Make, plain
from tests.questions import words

pytestmark = pytest.mark.django_db


def to(action: str) -> str:
    return reverse("chat:change_selected", args=[action])


def main(client: Client, address: str) -> str:
    """The page without what stands beside it."""
    html = client.get(address).content.decode()
    return html[html.index("<main") : html.index("</main")]


def select(client: Client, action: str, chosen: Iterable[uuid.UUID], query: str = "", **fields: Any) -> str:
    """Do it, and return the page that follows."""
    response = client.post(f"{to(action)}{query}", {"id": [str(pk) for pk in chosen], **fields})
    assert response.status_code == 302
    return main(client, response["Location"])


def undo(client: Client, page: str) -> str:
    """Press the button that takes all of it back."""
    form = page[page.index('class="notice"') :]
    found = re.search(r'action="([^"]+)"', form)
    assert found
    fields = dict(re.findall(r'name="(ids|back|undoing|page)" value="([^"]*)"', form))
    return main(client, client.post(found[1].replace("&amp;", "&"), fields)["Location"])


@pytest.mark.parametrize(
    ("action", "before", "after", "said"),
    [
        ("archive", {}, {"archived": True}, "Archived: 2 conversations."),
        ("unarchive", {"archived": True}, {"archived": False}, "Unarchived: 2 conversations."),
        ("pin", {}, {"pinned": True}, "Pinned: 2 conversations."),
        ("unpin", {"pinned": True}, {"pinned": False}, "Unpinned: 2 conversations."),
        ("unshare", {}, {"visibility": "private"}, "Made private: 2 conversations."),
        ("share", {"visibility": "private"}, {"visibility": "team"}, "Shared with the team: 2 conversations."),
    ],
)
def test_many_are_changed_at_once_and_all_of_it_is_undone_at_once(
    alice: User, converse: Make, action: str, before: dict[str, Any], after: dict[str, Any], said: str
) -> None:
    made = [converse(**before).pk for _time in range(2)]
    left = converse(**before)
    client = plain(alice)

    page = select(client, action, made)

    assert said in page
    assert set(Conversation.objects.filter(**after).values_list("pk", flat=True)) == set(made)
    again = undo(client, page)
    assert Conversation.objects.filter(pk__in=[*made, left.pk], **after).count() == 0
    assert "Undo" not in again


def test_many_are_deleted_and_restored(alice: User, bob: User, converse: Make) -> None:
    made = [converse().pk, converse(owner=bob).pk]
    client = plain(alice)

    page = select(client, "delete", made)

    assert "Deleted: 2 conversations." in page
    assert set(Conversation.objects.values_list("deleted_by", flat=True)) == {alice.pk}
    assert "Restored: 2 conversations." in undo(client, page)
    assert Conversation.objects.filter(deleted_at=None, deleted_by=None).count() == 2


def test_those_that_one_may_not_change_are_named_and_the_others_are_changed(
    alice: User, bob: User, converse: Make
) -> None:
    mine, theirs = converse(title="Of Bob", owner=bob), converse(title="Of Alice & <b>")
    client = plain(bob)

    page = select(client, "archive", [mine.pk, theirs.pk])

    assert "Archived: 1 conversation." in page
    assert "only their owner or a team owner can change them" in page
    assert "<li>Of Alice &amp; &lt;b&gt;</li>" in page
    assert list(Conversation.objects.filter(archived=True)) == [mine]
    page = select(client, "unshare", [theirs.pk])
    assert "Nothing was changed." in page
    assert "only their owner can change who sees them" in page


def test_the_list_stays_as_it_was_narrowed(alice: User, converse: Make) -> None:
    conversation = converse(title="Kept.", visibility="private")
    converse(title="Other.")
    client = plain(alice)

    page = select(client, "pin", [conversation.pk], query="?filter=mine&visible=private")

    assert "Kept." in page
    assert "Other." not in page
    assert "Other." not in undo(client, page)


def test_undoing_changes_those_alone_that_were_changed(alice: User, converse: Make) -> None:
    pinned, other = converse(pinned=True), converse()
    client = plain(alice)

    page = select(client, "pin", [pinned.pk, other.pk])

    assert "Pinned: 1 conversation." in page
    undo(client, page)
    assert list(Conversation.objects.filter(pinned=True)) == [pinned]


def test_what_is_not_there_for_the_person_is_passed_over(
    alice: User, bob: User, charlie: User, elsewhere: Any, converse: Make
) -> None:
    private = converse(owner=bob, visibility="private")
    foreign = converse(owner=charlie, team=elsewhere)

    page = select(plain(alice), "archive", [private.pk, foreign.pk, uuid.uuid4()])

    assert "There was nothing to change." in page
    assert private.title not in page
    assert not Conversation.objects.filter(archived=True).exists()


def test_nothing_selected_is_said(alice: User) -> None:
    assert "Select at least one conversation first." in select(plain(alice), "archive", [])


@pytest.mark.parametrize("ids", ["", "x", "x,y", ",,,", "0" * 40_000, "\x00"])
def test_nonsense_for_ids_selects_nothing(alice: User, converse: Make, ids: str) -> None:
    converse()

    select(plain(alice), "delete", [], ids=ids)

    assert not Conversation.objects.exclude(deleted_at=None).exists()


@pytest.mark.parametrize("action", ["erase", "rename", "x"])
def test_another_action_is_not_found(alice: User, converse: Make, action: str) -> None:
    conversation = converse()

    assert plain(alice).post(to(action), {"id": str(conversation.pk)}).status_code == 404


def test_all_of_a_list_are_those_that_its_filters_leave(alice: User, bob: User, converse: Make) -> None:
    wanted = [converse(title=f"{number}", owner=bob).pk for number in range(3)]
    converse(title="of alice")
    converse(title="archived", owner=bob, archived=True)

    page = select(plain(alice), "archive", [], query=f"?filter=everyone&by={bob.pk}", all="yes")

    assert "Archived: 3 conversations." in page
    assert set(
        Conversation.objects.filter(archived=True).exclude(title="archived").values_list("pk", flat=True)
    ) == set(wanted)


def test_of_a_long_list_so_many_are_changed_as_the_page_says(alice: User, harbour: Any) -> None:
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(team=harbour, owner=alice, title=f"{number}", last_asked_at=now - timedelta(minutes=number))
        for number in range(bulk.MOST_AT_ONCE + 2)
    )
    client = plain(alice)
    assert f"Select the first {bulk.MOST_AT_ONCE}" in words(main(client, reverse("chat:history")))

    page = select(client, "archive", [], all="yes")

    assert f"Archived: {bulk.MOST_AT_ONCE} conversations." in page
    left = Conversation.objects.filter(archived=False).values_list("title", flat=True)
    assert set(left) == {str(bulk.MOST_AT_ONCE), str(bulk.MOST_AT_ONCE + 1)}


# --- The page ----------------------------------------------------------------------------------------


def test_the_page_is_narrowed_by_person_day_and_visibility(alice: User, bob: User, converse: Make) -> None:
    converse(title="Alices old one", ago=timedelta(days=20))
    converse(title="Alices private one", visibility="private")
    converse(title="Bobs", owner=bob, pinned=True)
    client = plain(alice)
    week_ago = f"{timezone.localdate() - timedelta(days=7):%Y-%m-%d}"

    def shown(query: str) -> set[str]:
        page = main(client, f"{reverse('chat:history')}?{query}")
        return {title for title in ("Alices old one", "Alices private one", "Bobs") if title in page}

    assert shown("") == {"Alices old one", "Alices private one", "Bobs"}
    assert shown("by=me") == {"Alices old one", "Alices private one"}
    assert shown(f"by={bob.pk}") == {"Bobs"}
    assert shown(f"since={week_ago}") == {"Alices private one", "Bobs"}
    assert shown(f"until={week_ago}") == {"Alices old one"}
    assert shown("visible=private") == {"Alices private one"}
    assert shown("filter=mine&visible=team") == {"Alices old one"}


def test_filters_stay_in_the_links_of_the_page(alice: User, converse: Make) -> None:
    for number in range(41):
        converse(title=f"{number}")

    page = main(plain(alice), f"{reverse('chat:history')}?by=me&since=2020-01-01&until=")

    assert "?filter=everyone&amp;by=me&amp;since=2020-01-01&amp;before=" in page
    assert "?filter=archived&amp;by=me&amp;since=2020-01-01" in page
    assert "selected/archive/?filter=everyone&amp;by=me&amp;since=2020-01-01" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=x", "Enter a date, such as 2026-11-26."),
        ("since=2026-11-26&until=2026-11-25", "“To” can’t be before “From”."),
        ("by=x", "Choose an option from the list."),
        ("visible=x%00", "Choose an option from the list."),
    ],
)
def test_a_filter_that_cannot_be_read_is_explained_and_nothing_is_listed(
    alice: User, converse: Make, query: str, said: str
) -> None:
    converse(title="Lanterns")
    client = plain(alice)

    page = main(client, f"{reverse('chat:history')}?{query}")

    assert said in page
    assert "Lanterns" not in page
    select(client, "archive", [], query=f"?{query}", all="yes")
    assert not Conversation.objects.filter(archived=True).exists()


def test_no_conversation_for_the_filters_is_said(alice: User, converse: Make) -> None:
    converse()

    page = words(main(plain(alice), f"{reverse('chat:history')}?visible=private"))

    assert "No conversations match these filters. Remove filters" in page


def test_a_viewer_selects_nothing(vera: User, converse: Make) -> None:
    converse()

    assert 'type="checkbox"' not in main(plain(vera), reverse("chat:history"))
