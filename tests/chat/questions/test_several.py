"""Several models are asked the same question at once."""

import uuid
from decimal import Decimal

import pytest

from accounts.errors import LimitReached
from accounts.models import Team, User
from chat.models import Answer
from chat.questions import service as questions
from chat.questions.service import Handover
from chat.questions.several import ask_several_models
from tests import wishes

pytestmark = pytest.mark.django_db
MODELS = ("sonar", "sonar-pro", "sonar-reasoning-pro")


def test_each_model_gives_an_answer_and_the_form_sent_again_gives_the_same(harbour: Team, alice: User) -> None:
    question = questions.ask_in_new_conversation(wishes.wish("Hello?"), team=harbour, by=alice).question
    key = uuid.uuid4()
    first, second = (
        ask_several_models(
            [wishes.choice(key=key, model=model) for model in MODELS], question=question, by=alice, begin=Handover
        )
        for _ in range(2)
    )
    assert [answer.model for answer, _ in first] == list(MODELS)
    assert [answer.pk for answer, _ in first] == [answer.pk for answer, _ in second]
    assert [bool(handover.answer) for _, handover in first + second] == [True] * 3 + [False] * 3
    assert question.answers.count() == 4


def test_where_a_limit_has_no_room_for_all_none_is_asked(harbour: Team, alice: User) -> None:
    question = questions.ask_in_new_conversation(wishes.wish("Hello?"), team=harbour, by=alice).question
    harbour.monthly_limit = Decimal("0.05")
    harbour.save()
    question.refresh_from_db()
    choices = [wishes.choice(model=model) for model in (*MODELS, "sonar-deep-research")]
    with pytest.raises(LimitReached):
        ask_several_models(choices, question=question, by=alice, begin=Handover)
    assert Answer.objects.count() == 1
