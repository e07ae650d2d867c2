"""Bad input is refused where the person can act on it, and given back as it was typed."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Answer, Question
from chat.questions.forms import LONGEST_QUESTION

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, text: str, *, htmx: bool = False, **other: str) -> tuple[int, str]:
    data = {"text": text, "model": "sonar", "key": str(uuid.uuid4())} | other
    response = client.post("/ask/", data, headers={"HX-Request": "true"} if htmx else {})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t\n", "\x00", "\x01\x02\x1f\x7f", "\ufffe", "\u200b\u2060", "\u3164", "\u2800"]
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_question_without_a_visible_character_is_refused(client_of_alice: Client, text: str, htmx: bool) -> None:
    status, page = send(client_of_alice, text, htmx=htmx)
    assert status == 422
    assert "Write a question first." in page
    assert not Question.objects.exists()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_question_of_100_kb_is_refused_and_given_back(client_of_alice: Client, htmx: bool) -> None:
    text = "0123456789abcde\n" * 6400 + "the end"
    status, page = send(client_of_alice, text, htmx=htmx)
    assert status == 422
    assert f"{LONGEST_QUESTION} characters; this one has {len(text)}" in page
    assert text in page
    assert not Question.objects.exists()


def test_the_longest_question_is_taken(client_of_alice: Client) -> None:
    status, _ = send(client_of_alice, "é" * LONGEST_QUESTION)
    assert status == 302
    assert len(Question.objects.get().text) == LONGEST_QUESTION


def test_what_nobody_sees_is_left_out_of_a_question_and_line_breaks_stay(client_of_alice: Client) -> None:
    send(client_of_alice, "One\x00 \x1b[31mtwo\r\nthree\rfour\tfive\u2028six")
    assert Question.objects.get().text == "One [31mtwo\nthree\nfour\tfive\nsix"


@pytest.mark.parametrize(
    ("model", "sentence"),
    [("sonar-reasoning", "sonar-reasoning-pro"), ("gpt-99", "isn’t available here"), ("sonar ", None), ("", None)],
)
def test_a_model_that_cannot_answer_is_refused_with_the_way_out(
    client_of_alice: Client, model: str, sentence: str | None
) -> None:
    status, page = send(client_of_alice, "Who keeps it?", model=model)
    assert status == (422 if sentence else 302)
    if sentence:
        assert sentence in page
        assert "Who keeps it?" in page
    else:
        assert Answer.objects.get().model == "sonar"


@pytest.mark.parametrize("key", ["", "nonsense", "00000000"])
def test_a_form_with_a_spoilt_key_comes_back_with_a_good_one(client_of_alice: Client, key: str) -> None:
    status, page = send(client_of_alice, "Who keeps it?", key=key, htmx=True)
    assert status == 422
    assert "Who keeps it?" in page
    fresh = page.partition('name="key"')[2].partition('value="')[2].partition('"')[0]
    assert uuid.UUID(fresh)
    assert send(client_of_alice, "Who keeps it?", key=fresh)[0] == 302
