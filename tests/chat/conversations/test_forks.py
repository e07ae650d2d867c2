"""A conversation goes on from one of its questions in a new one."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Spending, User
from chat.conversations import fork as forks
from chat.models import Answer, Conversation, Source
from chat.notifications import news, read_marks
from tests.chat.conversations.conftest import Make, as_, plain

pytestmark = pytest.mark.django_db

THREE = (("One?", "First."), ("Two?", "Second."), ("Three?", "Third."))


def send(person: User, conversation: Conversation, text: str, **fields: Any) -> Any:
    question = conversation.questions.get(text=text)
    data = {"visible_to": "private", "key": str(uuid.uuid4()), **fields}
    return plain(person).post(f"/c/{conversation.pk}/questions/{question.pk}/fork/", data)


def forked(person: User, conversation: Conversation, text: str, **fields: Any) -> Conversation:
    response = send(person, conversation, text, **fields)
    assert response.status_code == 302, response.content.decode()
    return Conversation.objects.get(pk=response["Location"].split("/")[2])


def texts(conversation: Conversation) -> list[tuple[str, str]]:
    return list(conversation.questions.order_by("position").values_list("text", "answers__text"))


def test_a_fork_has_everything_up_to_its_question(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)
    Source.objects.create(answer=Answer.objects.get(text="First."), number=1, title="Lights", url="https://l.example/")

    made = forked(alice, conversation, "Two?")

    assert texts(made) == [("One?", "First."), ("Two?", "Second.")]
    assert texts(conversation) == list(THREE)
    assert (made.owner, made.visibility, made.forked_from) == (alice, "private", conversation)
    assert Source.objects.get(answer__question__conversation=made).title == "Lights"


def test_a_teammate_makes_a_fork_of_what_they_read_their_own(alice: User, bob: User, converse: Make) -> None:
    made = forked(bob, converse(*THREE), "Three?")

    assert made.owner == bob
    assert plain(alice).get(f"/c/{made.pk}/").status_code == 404
    data = {"text": "And?", "model": "sonar", "key": str(uuid.uuid4())}
    assert plain(bob).post(f"/c/{made.pk}/ask/", data).status_code == 302
    assert texts(made)[-1][0] == "And?"


def test_nobody_forks_what_they_cannot_see(bob: User, vera: User, charlie: User, converse: Make) -> None:
    private, shared = converse(*THREE, visibility="private"), converse(*THREE)

    assert send(bob, private, "One?").status_code == 404
    assert send(charlie, shared, "One?").status_code == 404
    assert send(vera, shared, "One?").status_code == 403
    assert Conversation.objects.count() == 2


def test_a_fork_says_where_it_comes_from_to_those_who_may_see_it(alice: User, bob: User, converse: Make) -> None:
    private = converse(*THREE, visibility="private", title="Secret plan")
    made = forked(alice, private, "Two?", visible_to="team")

    own = " ".join(plain(alice).get(f"/c/{made.pk}/").content.decode().split())
    others = " ".join(plain(bob).get(f"/c/{made.pk}/").content.decode().split())

    assert f'Forked from <a href="/c/{private.pk}/">Secret plan</a>' in own
    assert "Forked from a conversation that you can’t see" in others
    assert "Secret plan" not in others


def test_what_was_paid_is_counted_once(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)
    before = Spending.objects.count()

    made = forked(alice, conversation, "Three?")

    assert Spending.objects.count() == before
    assert not Spending.objects.filter(conversation_id=made.pk).exists()


def test_nobody_is_told_again_of_what_a_fork_has_copied(alice: User, bob: User, converse: Make) -> None:
    conversation = converse(*THREE)
    Answer.objects.update(ended_at=timezone.now())

    made = forked(bob, conversation, "Three?", visible_to="team")
    read_marks.mark_seen(conversation=made, by=alice)

    told = news.news_since(timezone.now() - timedelta(hours=1), {alice.pk})[alice.pk]
    of_both = [(notice.kind, notice.conversation_id) for notice in told]
    assert of_both == [("ended", conversation.pk)] * 3 + [("seen", made.pk)]


def test_the_same_form_sent_again_is_the_same_fork(alice: User, converse: Make) -> None:
    conversation, key = converse(*THREE), str(uuid.uuid4())

    assert forked(alice, conversation, "Two?", key=key) == forked(alice, conversation, "Two?", key=key)
    assert Conversation.objects.count() == 2


def test_an_answer_being_written_stays_behind(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)
    Answer.objects.filter(text="Second.").update(state="writing")

    refused = send(alice, conversation, "Two?")

    assert refused.status_code == 422
    assert "This question has no answer yet." in refused.content.decode()
    assert texts(forked(alice, conversation, "Three?")) == [("One?", "First."), ("Two?", None), ("Three?", "Third.")]


def test_a_fork_of_a_branch_has_what_led_there(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)
    question = conversation.questions.get(text="Two?")
    data = {"text": "Deux?", "model": "sonar", "key": str(uuid.uuid4())}
    assert plain(alice).post(f"/c/{conversation.pk}/questions/{question.pk}/edit/", data).status_code == 302
    Answer.objects.filter(question__text="Deux?").update(state="finished", text="Nouveau.")

    made = forked(alice, conversation, "Deux?")

    assert texts(made) == [("One?", "First."), ("Deux?", "Nouveau.")]
    assert made.branched_at is None


def test_a_conversation_that_is_too_long_is_refused_in_words(alice: User, converse: Make) -> None:
    conversation = converse(*[(f"{number}?", "Yes.") for number in range(forks.MOST_QUESTIONS + 1)])

    refused = send(alice, conversation, f"{forks.MOST_QUESTIONS}?")

    assert refused.status_code == 422
    assert "too long to fork here" in refused.content.decode()


def test_without_a_choice_nothing_is_forked(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)

    assert send(alice, conversation, "Two?", visible_to="everybody").status_code == 422
    assert send(alice, conversation, "Two?", key="none").status_code == 422
    assert Conversation.objects.count() == 1


def test_the_form_comes_in_place_and_as_a_page(alice: User, converse: Make) -> None:
    conversation = converse(*THREE)
    address = f"/c/{conversation.pk}/questions/{conversation.questions.get(text='Two?').pk}/fork/"

    assert "<html" not in as_(alice).get(address).content.decode()
    assert "<html" in plain(alice).get(address).content.decode()
    answer = as_(alice).post(address, {"visible_to": "team", "key": str(uuid.uuid4())})
    assert answer["HX-Redirect"] == f"/c/{Conversation.objects.exclude(pk=conversation.pk).get().pk}/"
