"""Images below the questions that they were drawn from, as far as the reader may see them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import Team, User
from chat.conversations import exchanges
from chat.models import Conversation, Question
from chat.questions import service as questions
from imaging import links
from imaging.models import GeneratedImage
from tests import wishes
from tests.chat.in_spaces import make_space
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def question(harbour: Team, bob: User) -> Question:
    asked = wishes.wish("What does a lighthouse look like?")
    return questions.ask_in_new_conversation(asked, team=harbour, by=bob).question


def below(user: User, question: Question) -> str:
    return client_of(user).get(f"/images/drawn/{question.pk}/").content.decode()


def test_each_sees_what_they_may_see(question: Question, harbour: Team, bob: User, alice: User) -> None:
    about: dict[str, Any] = {"conversation_id": question.conversation_id, "question_id": question.pk}
    drawn(team=harbour, by=bob, prompt="Pending one", **about)
    drawn(team=harbour, by=bob, prompt="Approved one", state="approved", **about)
    drawn(team=harbour, by=bob, prompt="Of another question", state="approved")
    assert "Pending one" in below(bob, question)
    assert "Approved one" in below(alice, question)
    assert "Pending one" not in below(alice, question)
    assert "another question" not in below(bob, question)


def test_a_page_without_such_images_asks_for_nothing(question: Question, harbour: Team, bob: User, alice: User) -> None:
    page = f"/c/{question.conversation_id}/"
    assert "/images/drawn/" not in client_of(bob).get(page).content.decode()
    drawn(team=harbour, by=bob, conversation_id=question.conversation_id, question_id=question.pk)
    assert f"/images/drawn/{question.pk}/" in client_of(bob).get(page).content.decode()
    assert "/images/drawn/" not in client_of(alice).get(page).content.decode()  # not even that there is one
    assert links.drawn_images(None, question.conversation_id) == {}


def test_a_question_asked_just_now_has_none_and_one_asked_again_keeps_its_own(
    question: Question, harbour: Team, bob: User
) -> None:
    drawn(team=harbour, by=bob, conversation_id=question.conversation_id, question_id=question.pk)
    request = RequestFactory().post("/")
    request.user = bob
    asked = {"exchange": exchanges.exchange_of(question), "conversation": question.conversation, "request": request}
    assert "/images/drawn/" not in render_to_string("chat/conversation/_exchange.html", asked | {"is_new": True})
    assert "/images/drawn/" in render_to_string("chat/conversation/_exchange.html", asked)


def test_it_is_sent_again_only_when_something_changed(question: Question, harbour: Team, bob: User) -> None:
    image = drawn(team=harbour, by=bob, conversation_id=question.conversation_id, question_id=question.pk)
    page = below(bob, question)
    address = page.partition('hx-get="')[2].partition('"')[0]
    assert client_of(bob).get(address).status_code == 204
    GeneratedImage.objects.filter(pk=image.pk).update(state="rejected")
    assert "Rejected" in client_of(bob).get(address).content.decode()
    GeneratedImage.objects.update(deleted_at=timezone.now())
    assert "hidden" in client_of(bob).get(address).content.decode()


def test_a_private_conversation_tells_nobody_else(question: Question, harbour: Team, bob: User, alice: User) -> None:
    drawn(team=harbour, by=bob, state="approved", conversation_id=question.conversation_id, question_id=question.pk)
    Conversation.objects.update(visibility=Conversation.Visibility.PRIVATE)
    assert client_of(alice).get(f"/images/drawn/{question.pk}/").status_code == 404
    assert client_of(bob).get(f"/images/drawn/{question.pk}/").status_code == 200
    assert client_of(bob).get(f"/images/drawn/{uuid.uuid4()}/").status_code == 404


def test_what_is_drawn_from_a_space_says_that_the_team_sees_it_and_leads_nobody_else_there(
    question: Question, harbour: Team, bob: User, alice: User
) -> None:
    space = make_space(harbour, bob, "Quarterly")
    image = drawn(
        team=harbour, by=bob, state="approved", conversation_id=question.conversation_id, question_id=question.pk
    )
    Conversation.objects.update(visibility="space", space=space, title="Secret of the quarter")

    assert "Only people in its space can see that conversation" in page_of(bob, f"/images/?question={question.pk}")
    assert "Secret of the quarter" in page_of(bob, f"/images/{image.pk}/")
    assert "Secret of the quarter" not in page_of(alice, f"/images/{image.pk}/")
    assert client_of(alice).get(f"/images/drawn/{question.pk}/").status_code == 404
    space.everyone = True
    space.save()
    assert "Only people in its space" not in page_of(bob, f"/images/?question={question.pk}")


def page_of(person: User, address: str) -> str:
    return client_of(person).get(address).content.decode()


def test_an_image_that_knows_its_conversation_alone_stands_below_the_last_question_before_it(
    question: Question, harbour: Team, bob: User
) -> None:
    asked = wishes.wish("And by night?")
    later = questions.ask_in_conversation(asked, conversation=question.conversation, by=bob).question
    now = timezone.now()
    Question.objects.filter(pk=question.pk).update(created_at=now - timedelta(hours=3))
    Question.objects.filter(pk=later.pk).update(created_at=now - timedelta(hours=1))
    about: dict[str, Any] = {"conversation_id": question.conversation_id, "state": "approved"}
    drawn(team=harbour, by=bob, prompt="By day", created_at=now - timedelta(hours=2), **about)
    drawn(team=harbour, by=bob, prompt="By night", created_at=now, **about)
    assert "By day" in below(bob, question)
    assert "By day" not in below(bob, later)
    assert "By night" in below(bob, later)
