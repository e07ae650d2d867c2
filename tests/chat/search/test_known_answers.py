"""What the team has asked and had answered before is found while somebody types the same."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Answer, Conversation, Question
from chat.search import known
from chat.search.known import Likeness, known_answers
from tests.chat.conversations.conftest import Make, add, membership_of

pytestmark = pytest.mark.django_db

ASKED = "Which are the biggest harbours of Germany by tonnage?"


def found(person: User, text: str) -> list[str]:
    """The questions that are found for the text, the most alike first."""
    return [one.question.text for one in known_answers(membership_of(person), text=text)]


@pytest.mark.parametrize(
    "typed",
    [
        ASKED,
        ASKED.upper(),
        "which are the biggest harbours of germany by tonnage",
        "What are Germany’s biggest harbours by tonnage?",
        "biggest harbour of Germany by tonnage",
        "Which are the biggest harbours of Germ",
        "Which are the biggest harbours",
        "the biggest harbours of Germany by tonnage, please",
    ],
)
def test_a_teammates_question_is_found_in_nearly_the_same_words(
    alice: User, bob: User, converse: Make, typed: str
) -> None:
    converse((ASKED, "Hamburg comes first."))
    assert found(bob, typed) == [ASKED]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "harbours",
        "Which are the biggest",
        "Which are the biggest harbours of Spain by tonnage?",
        "Which are the smallest harbours of Spain by tonnage?",
        "How do I cook rice for six people?",
        "?? !! …",
        "🙂🙂🙂🙂",
    ],
)
def test_another_question_is_not(bob: User, converse: Make, typed: str) -> None:
    converse((ASKED, "Hamburg comes first."))
    assert found(bob, typed) == []


def test_another_year_is_another_question(bob: User, converse: Make) -> None:
    asked = "How much did the port of Hamburg handle in 2024?"
    converse((asked, "A lot."))
    assert found(bob, "How much did the port of Hamburg handle in 2025?") == []
    assert found(bob, "How much did the port of Hamburg handle in 202") == [asked]


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("When does the EU AI Act take effect?", "When does the EU Data Act take effect?"),
        ("What is the tax rate in the US?", "What is the tax rate in the UK?"),
        ("What was our revenue in May?", "What was our revenue in June?"),
        ("Which ships sail with a pilot?", "Which ships sail without a pilot?"),
        ("Which ships sail without a pilot?", "Which ships sail with a pilot?"),
        ("Wie sortiert man eine Liste nicht?", "Wie sortiert man eine Liste?"),
        ("What is the capital gains tax rate in Spain?", "What is the capital gains tax rate in Portugal?"),
    ],
)
def test_one_word_makes_another_question(bob: User, converse: Make, asked: str, typed: str) -> None:
    converse((asked, "So."))
    assert found(bob, typed) == []


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("How can I undo the last commit in git?", "undo last git commit"),
        ("What are the side effects of ibuprofen?", "ibuprofen side effects"),
        ("What is the difference between OAuth and OpenID Connect?", "OAuth vs OpenID Connect difference"),
        ("How do I rotate AWS access keys safely?", "safe way to rotate AWS access keys"),
        ("Who are the main competitors of Stripe in Europe?", "Stripe's main competitors in Europe"),
    ],
)
def test_the_same_in_few_words_is_found(bob: User, converse: Make, asked: str, typed: str) -> None:
    converse((asked, "So."))
    assert found(bob, typed) == [asked]


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("東京で一番高い建物は何ですか", "東京で一番高い建物は"),
        ("北京最高的建筑是什么？", "北京最高的建筑是什么"),
        ("ما هي أكبر الموانئ في مصر؟", "ما هي اكبر الموانئ في مصر"),
        ("ตึกที่สูงที่สุดในกรุงเทพคืออะไร", "ตึกที่สูงที่สุดในกรุงเทพ"),
        ("Was ist neu in C++23 gegenüber C++20?", "was ist neu in c++23 gegenüber c++20"),
        ("Wie groß ist der Überseehafen?", "wie gross ist der uberseehafen"),
        ("What is it about?", "what is it about"),
    ],
)
def test_it_is_found_in_every_script(bob: User, converse: Make, asked: str, typed: str) -> None:
    converse((asked, "So."))
    converse(("Something else altogether, really", "So."))
    assert found(bob, typed) == [asked]


def test_a_private_question_is_its_owners(alice: User, bob: User, converse: Make) -> None:
    conversation = converse((ASKED, "Hamburg."), owner=alice, visibility="private")
    assert found(alice, ASKED) == [ASKED]
    assert found(bob, ASKED) == []
    Conversation.objects.filter(pk=conversation.pk).update(visibility="team")
    assert found(bob, ASKED) == [ASKED]


def test_another_teams_question_is_not_found(charlie: User, converse: Make) -> None:
    converse((ASKED, "Hamburg."))
    assert found(charlie, ASKED) == []


def test_a_deleted_question_is_not_found(bob: User, converse: Make) -> None:
    conversation = converse((ASKED, "Hamburg."))
    Conversation.objects.filter(pk=conversation.pk).update(deleted_at=timezone.now())
    assert found(bob, ASKED) == []


@pytest.mark.parametrize("state", ["waiting", "writing", "stopped", "interrupted", "failed"])
def test_only_a_question_whose_last_answer_is_finished_is_found(bob: User, converse: Make, state: str) -> None:
    conversation = converse((ASKED, "Hamburg."))
    question = conversation.questions.get()
    Answer.objects.create(question=question, asked_by=bob, state=state, text="Perhaps", key=uuid.uuid4())
    assert found(bob, ASKED) == []


def test_what_is_found_says_where_its_answer_stands(bob: User, converse: Make) -> None:
    conversation = converse(("Where are ships built today?", "In Korea."), (ASKED, "**Hamburg** comes first[1]."))
    (one,) = known_answers(membership_of(bob), text=ASKED)
    answer = Answer.objects.get(question__text=ASKED)
    assert one.likeness is Likeness.SAME
    assert one.address == f"/c/{conversation.pk}/?around=2#answer-{answer.pk}"
    assert one.beginning == "Hamburg comes first."
    assert one.follows_others
    (near,) = known_answers(membership_of(bob), text="biggest harbours of Germany by tonnage")
    assert near.likeness is Likeness.NEAR


def test_the_same_words_come_before_similar_ones_and_each_wording_once(bob: User, converse: Make) -> None:
    near = "Which are the biggest harbours of Germany by tonnage and passengers?"
    converse((near, "Hamburg."))
    for _time in range(4):
        converse((ASKED, "Hamburg."))
    assert found(bob, ASKED) == [ASKED, near]


def test_a_conversations_own_questions_can_be_left_out(bob: User, converse: Make) -> None:
    conversation = converse((ASKED, "Hamburg."))
    assert known_answers(membership_of(bob), text=ASKED, but=conversation.pk) == []


def test_it_is_found_among_many_with_the_same_words(bob: User, harbour: Team, converse: Make) -> None:
    asked = "Compare budget options for team travel"
    converse((asked, "So."))
    conversation = Conversation.objects.create(team=harbour, owner=bob, title="Much")
    others = ["budget", "options", "team", "travel", "compare"]
    Question.objects.bulk_create(
        Question(
            conversation=conversation,
            author=bob,
            position=number,
            text=f"{others[number % 5]} {others[(number + 1) % 5]} thing{number}",
            key=uuid.uuid4(),
        )
        for number in range(1, 600)
    )
    assert found(bob, asked) == [asked]
    assert found(bob, "Compare options and budget for team travel please") == [asked]
    assert found(bob, "Compare budget options for team travels now") == [asked]


def keys() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_known")
        return int(cursor.fetchone()[0])


def test_the_keys_follow_the_questions(bob: User, converse: Make) -> None:
    others = keys()  # of tests before, whose rows were cleared table by table
    conversation = converse((ASKED, "Hamburg."))
    Question.objects.update(text="How deep is the water at low tide?")
    assert found(bob, ASKED) == []
    assert found(bob, "How deep is the water at low tide?") != []
    before = keys()
    add(conversation, 2, "And who keeps the lamps at night?", "Ann.")
    assert keys() > before
    Question.objects.all().delete()
    assert keys() == others


def test_the_keys_are_made_anew_by_command(bob: User, converse: Make) -> None:
    converse((ASKED, "Hamburg."))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_known")
    assert found(bob, ASKED) == []
    call_command("rebuild_search")
    assert found(bob, ASKED) == [ASKED]
    assert not known.missing(connection)


@pytest.mark.parametrize(
    "text", ["a" * 4_000, "word " * 800, "x1 " * 1_300, "漢字" * 2_000, "ا" * 4_000, "a\0b c\0 d \ud800 e"]
)
def test_nothing_that_is_typed_is_too_much(bob: User, converse: Make, text: str) -> None:
    converse((ASKED, "Hamburg."))
    assert found(bob, text) == []
