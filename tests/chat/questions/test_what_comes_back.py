"""What comes back for a question: the new exchange alone, for a page that keeps its composer."""

import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from chat.models import Answer, Conversation
from chat.questions import service as questions
from tests import wishes

pytestmark = pytest.mark.django_db

QUESTION = "Which lights still stand?"
MOST_BYTES = 8_000


@pytest.fixture
def bobs(bob: User) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def conversation(harbour: Team, alice: User) -> Conversation:
    answer = questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=alice)
    return answer.question.conversation


def ask(client: Client, address: str, **fields: str) -> HttpResponse:
    form = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4()), "stays": "", "after": "1"}
    return client.post(address, form | fields)


def test_the_exchange_comes_alone_and_is_small(conversation: Conversation, bobs: Client) -> None:
    page = ask(bobs, f"/c/{conversation.pk}/ask/").content.decode()

    answer = Answer.objects.get(question__text=QUESTION)
    assert re.findall(r"<(?:section|article|form)[^>]*?(?:id|action)=\"([^\"]+)\"", page) == [
        f"exchange-{answer.question_id}",
        f"answer-{answer.pk}",
        f"/c/{conversation.pk}/answers/{answer.pk}/stop/",
    ]
    assert re.search(r'id="newer".+?name="after" value="2"', page, re.S)
    assert len(page.encode()) < MOST_BYTES


def test_the_first_exchange_of_a_conversation_takes_the_composer_along(harbour: Team, bobs: Client) -> None:
    response = ask(bobs, "/ask/", after="")

    page, asked_in = response.content.decode(), Conversation.objects.get()
    assert response["HX-Push-Url"] == f"/c/{asked_in.pk}/"
    assert f'data-ask="/c/{asked_in.pk}/ask/"' in page
    assert re.search(r'<form id="composer" hx-preserve>\s*</form>', page)
    assert "<textarea" not in page


@pytest.mark.parametrize("address", ["/ask/", "/c/{}/ask/"])
def test_a_page_that_does_not_keep_its_composer_gets_another(
    conversation: Conversation, bobs: Client, address: str
) -> None:
    form = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4())}

    page = bobs.post(address.format(conversation.pk), form).content.decode()

    assert page.count('<textarea id="question"') == 1
    assert 'name="stays"' in page


@pytest.mark.parametrize("address", ["/ask/", "/c/{}/ask/"])
def test_a_composer_that_came_back_refused_does_not_stay(
    conversation: Conversation, bobs: Client, address: str
) -> None:
    refused = ask(bobs, address.format(conversation.pk), text=" ")

    assert refused.status_code == 422
    assert 'name="stays"' not in refused.content.decode()


def test_a_question_sent_twice_comes_back_as_it_stands(conversation: Conversation, bobs: Client) -> None:
    key = str(uuid.uuid4())
    first, again = (ask(bobs, f"/c/{conversation.pk}/ask/", key=key).content.decode() for _ in range(2))

    assert re.findall(r'id="answer-[^"]+"', first) == re.findall(r'id="answer-[^"]+"', again)
    assert Answer.objects.filter(question__text=QUESTION).count() == 1


def test_what_was_just_stored_is_not_read_back(
    conversation: Conversation, bobs: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(bobs, f"/c/{conversation.pk}/ask/")

    with django_assert_max_num_queries(24) as seen:  # savepoints of the test among them
        ask(bobs, f"/c/{conversation.pk}/ask/", after="2", text="And which fell?")

    stored_at = max(at for at, query in enumerate(seen.captured_queries) if "INSERT" in query["sql"])
    assert not [query["sql"] for query in seen.captured_queries[stored_at:] if query["sql"].startswith("SELECT")]
