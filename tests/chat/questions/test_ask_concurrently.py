"""What a teammate asked meanwhile comes back with the answer to one's own question: none missing, none twice."""

import re
import uuid

import pytest
from django.test import Client

from accounts.models import Team, User
from chat.conversations import exchanges
from chat.models import Conversation, Question
from chat.questions import service as questions
from tests import wishes

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(harbour: Team, alice: User) -> Conversation:
    answer = questions.ask_in_new_conversation(wishes.wish("Question 1"), team=harbour, by=alice)
    return answer.question.conversation


def fill(conversation: Conversation, by: User, *, through: int) -> None:
    """Let the person ask until the conversation has so many questions."""
    for position in range(conversation.questions.count() + 1, through + 1):
        questions.ask_in_conversation(
            wishes.wish(f"Question {position}"),
            conversation=conversation,
            by=by,
        )


def ask_as(person: User, conversation: Conversation, *, after: str | None, key: str = "") -> tuple[list[int], str]:
    """Ask from a page that has the conversation up to `after`; the positions that come back, and where to go on."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    data = {"text": "Mine", "model": "sonar", "key": key or str(uuid.uuid4())}
    if after is not None:
        data["after"] = after
    response = client.post(f"/c/{conversation.pk}/ask/", data, headers={"HX-Request": "true"})
    assert response.status_code == 200
    page = response.content.decode()
    positions = [int(position) for position in re.findall(r'data-position="(\d+)"', page)]
    if not positions:
        return [], response["HX-Redirect"]
    newest = re.search(r'name="after" value="(\d+)"', page)
    assert newest
    return positions, newest[1]


def test_what_a_teammate_asked_meanwhile_comes_too_and_in_order(
    conversation: Conversation, alice: User, bob: User
) -> None:
    fill(conversation, alice, through=3)
    assert ask_as(bob, conversation, after="1") == ([2, 3, 4], "4")


def test_more_than_a_page_of_questions_brings_ones_own_as_well(
    conversation: Conversation, alice: User, bob: User
) -> None:
    fill(conversation, alice, through=exchanges.PER_PAGE + 5)
    positions, newest = ask_as(bob, conversation, after="1")
    assert positions == [*range(2, exchanges.PER_PAGE + 7)]
    assert newest == str(exchanges.PER_PAGE + 6)


def test_a_page_that_is_far_behind_is_led_to_ones_own_question(
    conversation: Conversation, alice: User, bob: User
) -> None:
    fill(conversation, alice, through=exchanges.MOST_AFTER + 2)
    positions, address = ask_as(bob, conversation, after="1")
    assert positions == []
    assert address == f"/c/{conversation.pk}/?around={exchanges.MOST_AFTER + 3}"


@pytest.mark.parametrize("after", [None, "", "2", "999", "-1", "1.5", "nonsense", "9" * 40, "²"])
def test_a_position_that_cannot_be_brings_ones_own_question(
    conversation: Conversation, bob: User, after: str | None
) -> None:
    assert ask_as(bob, conversation, after=after) == ([2], "2")


def test_a_form_sent_again_after_its_question_came_brings_the_question_once_more(
    conversation: Conversation, bob: User
) -> None:
    key = str(uuid.uuid4())
    assert ask_as(bob, conversation, after="1", key=key) == ([2], "2")
    assert ask_as(bob, conversation, after="2", key=key) == ([2], "2")
    assert Question.objects.count() == 2


def test_a_form_that_asked_in_another_conversation_leads_there(
    conversation: Conversation, harbour: Team, bob: User
) -> None:
    key = uuid.uuid4()
    other = questions.ask_in_new_conversation(wishes.wish("Mine", key=key), team=harbour, by=bob)
    positions, address = ask_as(bob, conversation, after="1", key=str(key))
    assert (positions, address) == ([], f"/c/{other.question.conversation_id}/?around=1")
