"""One click is one question and one answer."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.answers.leases import answer_leases
from chat.models import Answer, Conversation, Question
from chat.questions import service as questions
from core.web.jobs.leases import Sweeper
from tests import wishes
from tests.prompts import prompt_plan_for
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def ask(conversation: Conversation, by: User, question: str, **fields: object) -> Answer:
    answer = questions.ask_in_conversation(
        wishes.wish(question),
        conversation=conversation,
        by=by,
    )
    for name, value in fields.items():
        setattr(answer, name, value)
    answer.save()
    return answer


def test_the_first_line_becomes_the_title() -> None:
    assert questions.title_from("\n  What is a lighthouse?\nAnd why?") == "What is a lighthouse?"


def test_a_long_title_is_cut_at_a_word() -> None:
    title = questions.title_from("word " * 40)
    assert len(title) <= 80
    assert title.endswith("word…")


def test_a_title_without_blanks_is_cut_all_the_same() -> None:
    assert len(questions.title_from("x" * 500)) == 80


def test_the_same_form_sent_again_is_the_same_question(harbour: Team, alice: User) -> None:
    key = uuid.uuid4()
    first, second = (
        questions.ask_in_new_conversation(wishes.wish("Hello?", key=key), team=harbour, by=alice) for _ in range(2)
    )
    assert first == second
    assert Conversation.objects.count() == Question.objects.count() == Answer.objects.count() == 1


def test_the_same_form_with_another_text_is_another_question(harbour: Team, alice: User) -> None:
    key = uuid.uuid4()
    for text in ("Hello?", "Who is there?"):
        questions.ask_in_new_conversation(wishes.wish(text, key=key), team=harbour, by=alice)
    assert Question.objects.count() == 2


def test_asking_again_twice_by_one_form_is_once(asked: Answer, alice: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        questions.ask_another_model(wishes.choice(key=key), question=asked.question, by=alice)
    assert asked.question.answers.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twenty_times_at_once_is_one_question(harbour: Team, alice: User) -> None:
    key = uuid.uuid4()
    answers = at_once(
        20,
        lambda: questions.ask_in_new_conversation(wishes.wish("Hello?", key=key), team=harbour, by=alice),
    )

    assert len(answers) == 20
    assert len({answer.pk for answer in answers}) == 1
    assert Conversation.objects.count() == Question.objects.count() == Answer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_get_positions_of_their_own(asked: Answer, bob: User) -> None:
    conversation = asked.question.conversation

    at_once(6, lambda: ask(conversation, bob, "And?"))

    assert list(conversation.questions.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_another_person_may_use_the_same_key(harbour: Team, alice: User, bob: User) -> None:
    key = uuid.uuid4()
    for person in (alice, bob):
        questions.ask_in_new_conversation(wishes.wish("Hello?", key=key), team=harbour, by=person)
    assert Question.objects.count() == 2


def test_asking_takes_a_conversation_out_of_the_archive(asked: Answer, alice: User) -> None:
    conversation = asked.question.conversation
    Conversation.objects.update(archived=True)
    ask(conversation, alice, "Still there?")
    conversation.refresh_from_db()
    assert not conversation.archived


def test_follow_ups_carry_the_conversation(asked: Answer, alice: User) -> None:
    Answer.objects.update(text="A keeper.", state="finished")
    answer = ask(asked.question.conversation, alice, "Since when?")

    request = prompt_plan_for(answer.pk).read_attachments()

    assert [(turn.role, turn.text) for turn in request.turns] == [
        ("user", "Who keeps the light?"),
        ("assistant", "A keeper."),
        ("user", "Since when?"),
    ]


def test_the_last_answer_with_text_is_the_one_that_is_carried(asked: Answer, alice: User) -> None:
    Answer.objects.update(text="First.", state="finished")
    for text, state in (("Second, stopped", "stopped"), ("", "failed")):
        answer = questions.ask_another_model(wishes.choice(), question=asked.question, by=alice)
        Answer.objects.filter(pk=answer.pk).update(text=text, state=state)
    answer = ask(asked.question.conversation, alice, "And?")

    assert [turn.text for turn in prompt_plan_for(answer.pk).read_attachments().turns][1] == "Second, stopped"


def test_questions_without_an_answer_are_left_out(asked: Answer, alice: User) -> None:
    Answer.objects.update(state="failed")
    answer = ask(asked.question.conversation, alice, "Once more?")

    assert [turn.text for turn in prompt_plan_for(answer.pk).read_attachments().turns] == ["Once more?"]


def test_the_oldest_turns_are_left_out_of_an_endless_conversation(asked: Answer, alice: User) -> None:
    Answer.objects.update(text="old", state="finished")
    conversation = asked.question.conversation
    for _ in range(3):
        ask(conversation, alice, "More?", text="x" * 100_000, state="finished")
    answer = ask(conversation, alice, "End?")

    sent = prompt_plan_for(answer.pk).read_attachments().turns

    assert [turn.role for turn in sent] == ["user", "assistant", "user", "assistant", "user"]
    assert sum(len(turn.text) for turn in sent) < 250_000


def test_an_answer_is_taken_by_one_process(asked: Answer) -> None:
    here, there = uuid.uuid4(), uuid.uuid4()
    assert answer_leases.take(asked.pk, holder=here)
    assert not answer_leases.take(asked.pk, holder=there)


def test_an_answer_that_nobody_began_is_taken_over(asked: Answer) -> None:
    assert answer_leases.claim_answers(holder=uuid.uuid4()) == {}
    Answer.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert answer_leases.claim_answers(holder=uuid.uuid4()) == {asked.pk: False}


def test_an_answer_whose_writer_is_gone_is_interrupted_with_its_text(asked: Answer) -> None:
    holder = uuid.uuid4()
    answer_leases.take(asked.pk, holder=holder)
    answer_leases.confirm_sending(asked.pk, holder=holder)
    asked.log.create(seq=1, kind="text", data="The kee")
    sweeper = Sweeper(answer_leases)
    assert sweeper.sweep() == []
    Answer.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert sweeper.sweep() == [asked.pk]

    asked.refresh_from_db()
    assert (asked.state, asked.text) == ("interrupted", "The kee")
    assert asked.error["retryable"]


def test_a_renewed_lease_is_not_swept_and_a_lost_one_is_told(asked: Answer) -> None:
    holder, lost = uuid.uuid4(), uuid.uuid4()
    answer_leases.take(asked.pk, holder=holder)
    Answer.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert answer_leases.renew(holder=holder, held=[asked.pk, lost]) == {lost}
    assert Sweeper(answer_leases).sweep() == []


@pytest.mark.parametrize("stores", [False, True])
def test_an_answer_is_stored_at_the_service_only_where_the_operator_says_so(
    asked: Answer, settings: Settings, stores: bool
) -> None:
    settings.PERPLEXITY_STORE = stores
    assert prompt_plan_for(asked.pk).read_attachments().store is stores


@pytest.mark.parametrize(("model", "asked_for"), [("sonar", True), ("sonar-reasoning-pro", True), ("smollm2", False)])
def test_related_questions_are_asked_of_models_that_know_them(
    harbour: Team, alice: User, model: str, asked_for: bool
) -> None:
    answer = questions.ask_in_new_conversation(wishes.wish("Who?", model=model), team=harbour, by=alice)
    assert ("return_related_questions" in prompt_plan_for(answer.pk).read_attachments().options) == asked_for
