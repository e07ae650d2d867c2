"""Whatever somebody searches for, it costs a second of CPU at most."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from chat.models import Answer, Conversation, Question, Source
from chat.search import note_facts
from tests.cpu_time import at_most
from tests.test_permissions import World, world  # noqa: F401 - a fixture

PHRASES = (
    '"' + "a " * 150 + 'b"',
    "a " * 12,
    " ".join(f'"a {n}"' for n in range(9)),
    " ".join('"' + "a " * words + '"' for words in range(2, 12)),
    'a -"' + "a " * 20 + 'b"',
    "ab -c a",
)


FILTERS = {"by": "me", "since": "2020-01-01", "site": "example.org", "model": "sonar", "attached": "on"}


@pytest.mark.django_db
def test_no_filtered_search_takes_longer_than_a_second(world: World) -> None:  # noqa: F811
    owner, team = world.people["owner"], world.conversation.team
    conversation = Conversation.objects.create(team=team, owner=owner, title="light")
    asked = [
        Question(conversation=conversation, author=owner, position=number, text="light", key=uuid.uuid4())
        for number in range(2_000)
    ]
    Question.objects.bulk_create(asked)
    answers = [
        Answer(question=one, asked_by=owner, state="finished", text="a light", key=uuid.uuid4(), model="sonar")
        for one in asked
    ]
    Answer.objects.bulk_create(answers)
    Source.objects.bulk_create(
        Source(answer=one, number=number, url=f"https://{'x' * 200}.example/{number}")
        for one in answers
        for number in range(1, 11)
    )
    while note_facts(connection, most=500):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself before long
        if connection.vendor == "postgresql":  # the end of the test looks at 20,000 references in one statement
            cursor.execute("SET LOCAL statement_timeout = 0")
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for filters in (FILTERS, {"site": "example.org"}, {"sort": "new"}):
        with at_most(1):
            assert client.get(reverse("chat:search"), {"q": "light", **filters}).status_code == 200


OPERATORS = (
    " ".join(f"-has:{what}" for what in ("table", "code", "math", "image", "file", "sources")) + " light",
    " ".join(f"site:{number}.example" for number in range(200)),
    " ".join(f'-from:"a{number}"' for number in range(200)),
    "light " + "-site:x.example " * 200,
    "from:" * 400,
    'from:"' * 300,
    "a:" * 1_000,
    '"' * 2_000,
    "-" * 1_000 + "from:me",
    "has:table" + "\x00" * 500,
    "من:أنا " * 100,
    "从:我 " * 300,
    "model:" + "s" * 1_900,
)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", OPERATORS)
def test_no_search_with_operators_takes_longer_than_a_second(typed: str, world: World) -> None:  # noqa: F811
    owner, team = world.people["owner"], world.conversation.team
    conversation = Conversation.objects.create(team=team, owner=owner, title="light")
    asked = [
        Question(conversation=conversation, author=owner, position=number, text="light", key=uuid.uuid4())
        for number in range(2_000)
    ]
    Question.objects.bulk_create(asked)
    while note_facts(connection, most=500):
        pass
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    with at_most(1):
        assert client.get(reverse("chat:search"), {"q": typed}).status_code == 200
    with at_most(1):
        assert client.get(reverse("chat:search_suggestions"), {"q": typed}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("words", PHRASES)
def test_no_search_takes_longer_than_a_second(words: str, world: World) -> None:  # noqa: F811
    owner, team = world.people["owner"], world.conversation.team
    text = "a " * 90_000 + " ".join(f"a {n}" for n in range(9)) + " " + "a " * 150 + "b"
    for _time in range(20):
        conversation = Conversation.objects.create(team=team, owner=owner, title="a b")
        question = conversation.questions.create(author=owner, position=1, text="a b", key=uuid.uuid4())
        Answer.objects.create(question=question, asked_by=owner, state="finished", text=text, key=uuid.uuid4())
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    with at_most(1):
        assert client.get(reverse("chat:search"), {"q": words}).status_code == 200
