"""What a program says was said before its question: told with it, with what is asked later."""

import pytest

from accounts.models import Team, User
from chat.answers.given_turns import GivenTurn
from chat.answers.prompt import plan_prompt
from chat.models import Answer
from chat.questions import service as questions
from tests import wishes

pytestmark = pytest.mark.django_db

GIVEN = (GivenTurn("user", "Who keeps it?"), GivenTurn("assistant", "The pilot."))


def told(answer: Answer) -> list[str]:
    return [turn.text for turn in plan_prompt(answer, attachments=[]).request.turns]


@pytest.fixture
def first(harbour: Team, alice: User) -> Answer:
    return questions.ask_in_new_conversation(wishes.wish("Since when?", given=GIVEN), team=harbour, by=alice)


def test_it_is_told_with_the_question_and_with_another_answer_to_it(first: Answer, alice: User) -> None:
    assert told(first) == ["Who keeps it?", "The pilot.", "Since when?"]
    again = questions.ask_another_model(wishes.choice(), question=first.question, by=alice)
    assert told(again) == told(first)


def test_it_is_told_with_what_is_asked_later_in_the_conversation(first: Answer, alice: User) -> None:
    Answer.objects.update(state="finished", text="1911.")
    conversation = first.question.conversation
    later = questions.ask_in_conversation(wishes.wish("Why?"), conversation=conversation, by=alice)
    assert told(later) == ["Who keeps it?", "The pilot.", "Since when?", "1911.", "Why?"]
    assert "given" not in later.request


def test_it_stays_with_an_edited_question(first: Answer, alice: User) -> None:
    edited = questions.ask_edited(wishes.wish("Until when?"), question=first.question, by=alice)
    assert told(edited) == ["Who keeps it?", "The pilot.", "Until when?"]
