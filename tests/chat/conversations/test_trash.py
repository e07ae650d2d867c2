"""The trash: what is in it for whom, until when, bringing it back, and deleting it for good."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.conversations import service as conversations
from chat.models import Answer, Conversation
from tests.chat.conversations.conftest import Make, plain
from tests.questions import words

pytestmark = pytest.mark.django_db

TRASH = "/trash/"


def main(client: Client, address: str = TRASH) -> str:
    """The page without what stands beside it, as words."""
    html = client.get(address).content.decode()
    return words(html[html.index("<main") : html.index("</main")])


@pytest.fixture
def deleted(converse: Make, alice: User, bob: User) -> dict[str, Conversation]:
    """Conversations that Alice, who owns the team, or their owners deleted just now."""
    made = {
        "of alice": converse(title="Of Alice."),
        "of bob": converse(title="Of Bob.", owner=bob),
        "private": converse(title="Private of Bob.", owner=bob, visibility="private"),
    }
    for conversation in made.values():
        conversations.delete_conversation(conversation=conversation, by=bob if conversation.is_private else alice)
    return made


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("alice", {"Of Alice.", "Of Bob."}),
        ("bob", {"Of Bob.", "Private of Bob."}),
        ("vera", set()),
        ("charlie", set()),
    ],
)
@pytest.mark.usefixtures("deleted")
def test_one_sees_what_one_may_restore(request: pytest.FixtureRequest, who: str, titles: set[str]) -> None:
    page = main(plain(request.getfixturevalue(who)))

    assert {title for title in ("Of Alice.", "Of Bob.", "Private of Bob.") if title in page} == titles
    assert ("The trash is empty." in page) == (not titles)


def test_a_row_says_who_deleted_it_when_and_until_when_it_can_be_restored(
    bob: User, alice: User, deleted: dict[str, Conversation]
) -> None:
    Conversation.objects.filter(pk=deleted["of bob"].pk).update(deleted_at="2026-11-20T10:00:00Z")

    page = main(plain(bob))

    assert "Deleted by alice, 20 Nov 2026, 10:00 · can be restored until 20 Dec 2026" in page


def test_what_was_deleted_before_this_was_known_has_no_name(alice: User, converse: Make) -> None:
    converse(title="Earlier.", deleted_at=timezone.now())

    assert "Earlier. Deleted " in main(plain(alice))


def test_some_are_restored_and_the_page_says_so(alice: User, deleted: dict[str, Conversation]) -> None:
    client = plain(alice)

    response = client.post(
        reverse("chat:change_selected", args=["restore"]), {"id": str(deleted["of bob"].pk), "page": "trash"}
    )

    assert response["Location"] == TRASH
    page = main(client)
    assert "Restored: 1 conversation." in page
    assert "Undo" in page
    restored = Conversation.objects.get(pk=deleted["of bob"].pk)
    assert (restored.deleted_at, restored.deleted_by) == (None, None)


def test_all_are_restored(alice: User, deleted: dict[str, Conversation]) -> None:
    client = plain(alice)

    client.post(reverse("chat:change_selected", args=["restore"]), {"all": "yes", "page": "trash"})

    assert "Restored: 2 conversations." in main(client)
    assert list(Conversation.objects.exclude(deleted_at=None)) == [deleted["private"]]


def test_deleting_for_good_is_asked_and_then_nobody_can_restore_it(
    alice: User, bob: User, converse: Make, deleted: dict[str, Conversation]
) -> None:
    client, wanted = plain(alice), {"id": str(deleted["of bob"].pk)}

    asked = client.post(reverse("chat:erase_selected"), wanted)

    assert asked.status_code == 200
    assert "This removes 1 conversation with all its questions" in words(asked.content.decode())
    assert "Of Bob." in main(client)
    client.post(reverse("chat:erase_selected"), {"ids": deleted["of bob"].pk.hex, "sure": "yes"})
    page = main(client)
    assert "Deleted for good: 1 conversation." in page
    assert "Of Bob." not in page
    assert "Of Bob." not in main(plain(bob))
    restore = reverse("chat:restore", args=[deleted["of bob"].pk])
    assert plain(bob).post(restore).status_code == 404
    conversations.purge_conversations()
    assert not Conversation.objects.filter(pk=deleted["of bob"].pk).exists()


def test_one_deletes_for_good_only_what_is_in_the_own_trash(
    alice: User, bob: User, converse: Make, deleted: dict[str, Conversation]
) -> None:
    living = converse(owner=bob)
    ids = ",".join(str(one.pk) for one in (deleted["of alice"], living))

    plain(bob).post(reverse("chat:erase_selected"), {"ids": ids, "sure": "yes"})
    plain(alice).post(reverse("chat:erase_selected"), {"ids": deleted["private"].pk.hex, "sure": "yes"})

    conversations.purge_conversations()
    assert Conversation.objects.count() == 4


def test_the_days_are_a_setting(alice: User, bob: User, converse: Make, settings: Settings) -> None:
    settings.TRASH_DAYS = 3
    old = converse(("One?", "One."), title="Old.", deleted_at=timezone.now() - timedelta(days=4))
    converse(title="New.", deleted_at=timezone.now() - timedelta(days=2))
    client = plain(alice)

    page = main(client)

    assert "can be restored for 3 days" in page
    assert "New." in page
    assert "Old." not in page
    assert client.post(reverse("chat:restore", args=[old.pk])).status_code == 404
    assert conversations.purge_conversations() == 1
    assert not Answer.objects.exists()


def test_a_long_trash_goes_on_on_the_next_page(alice: User, harbour: Team) -> None:
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(team=harbour, owner=alice, title=f"Talk {number}.", deleted_at=now - timedelta(minutes=number))
        for number in range(41)
    )
    client = plain(alice)
    html = client.get(TRASH).content.decode()
    link = html[: html.rindex(">Show more</a>")].rsplit('href="', 1)[1].split('"')[0]

    assert "Talk 40." not in main(client)
    assert "Talk 40." in main(client, link)
    assert client.get(f"{TRASH}?before=x").status_code == 404


def test_titles_are_text_and_nothing_else(alice: User, converse: Make) -> None:
    converse(title="<script>alert(1)</script>", deleted_at=timezone.now())

    assert "<script>alert" not in plain(alice).get(TRASH).content.decode()


def test_deleting_says_who_did_it(alice: User, bob: User, converse: Make) -> None:
    conversation: Any = converse(owner=bob)

    plain(alice).post(reverse("chat:delete", args=[conversation.pk]))

    conversation.refresh_from_db()
    assert conversation.deleted_by == alice
