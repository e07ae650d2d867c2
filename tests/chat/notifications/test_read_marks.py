"""Unread conversations: those that somebody opened, and in which an answer ended since."""

import pytest
from django.test import Client

from accounts.models import User
from chat.answers import finalize
from chat.conversations import history
from chat.conversations.history import HistoryFilter
from chat.models import Answer, Conversation, ReadMark
from chat.notifications import read_marks
from tests.chat.conversations.conftest import HTMX, Make, add, membership_of

pytestmark = pytest.mark.django_db


def unread(person: User) -> list[str]:
    """The titles that the person's list shows as unread."""
    page = history.history_page(membership_of(person), filter=HistoryFilter.EVERYONE)
    return [row.conversation.title for group in page.groups for row in group.rows if row.is_unread]


def end_one(conversation: Conversation) -> None:
    """Have another answer of the conversation end now."""
    answer = add(conversation, conversation.questions.count() + 1, "And?", "", state=Answer.State.WRITING)
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)


def test_nothing_old_is_unread_for_whoever_never_opened_it(converse: Make, alice: User, bob: User) -> None:
    end_one(converse(title="Old"))

    assert unread(alice) == unread(bob) == []


def test_a_conversation_is_unread_from_the_end_of_an_answer_until_it_is_seen(
    converse: Make, alice: User, bob: User
) -> None:
    lights = converse(title="Lights")
    for person in (alice, bob):
        read_marks.mark_seen(conversation=lights, by=person)
    assert unread(alice) == []

    end_one(lights)
    assert unread(alice) == unread(bob) == ["Lights"]
    read_marks.mark_seen(conversation=lights, by=bob)

    assert (unread(alice), unread(bob)) == (["Lights"], [])
    assert ReadMark.objects.count() == 2


def test_the_list_says_so_in_a_word_too_and_comes_anew(converse: Make, alice: User) -> None:
    lights = converse(title="Lights")
    read_marks.mark_seen(conversation=lights, by=alice)
    before = history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE).version
    client = Client()
    client.force_login(alice)
    assert "Unread" not in client.get("/history/", headers=HTMX).content.decode()

    end_one(lights)

    assert history.history_page(membership_of(alice), filter=HistoryFilter.EVERYONE).version != before
    assert '<b class="row-title">Lights</b>' in client.get("/history/", headers=HTMX).content.decode()
    assert "<b>Unread</b>" in client.get("/history/").content.decode()


def test_asking_marks_the_conversation_as_seen(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    key = "0198a6f0-0000-7000-8000-000000000001"
    client.post("/ask/", {"text": "Who asks?", "model": "sonar", "key": key})

    assert ReadMark.objects.get().person == alice
