"""Answers that were never checked, and those with a figure in no source, are found as they are typed and chosen."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Team, User
from chat.models import Answer
from chat.search.facts import note_again
from chat.search.forms import read_search
from chat.search.meaning import read_meaning
from chat.search.suggestions import suggestions
from tests.chat.conversations.conftest import membership_of, plain
from tests.chat.search.finding import kinds, settle
from tests.chat.sources.panel import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(harbour: Team, alice: User) -> Answer:
    """An answer with citations that nobody has checked."""
    return made.answered(team=harbour, by=alice)


def found(person: User, text: str) -> list[str]:
    meaning = read_meaning(text, membership_of(person))
    assert not meaning.problems
    return kinds(person, meaning.words, meaning.filters)


def check(answer: Answer, **fields: Any) -> None:
    made.check_of(answer, **fields)
    note_again(connection, [answer.pk])


@pytest.mark.parametrize(
    "typed", ["unchecked:", "is:unchecked", "Unchecked:yes", "ungeprüft:", "lighthouse unchecked:"]
)
def test_what_was_never_checked_is_found_until_it_is(typed: str, answer: Answer, alice: User) -> None:
    assert found(alice, typed)
    check(answer)
    assert found(alice, typed) == []


@pytest.mark.parametrize(
    "typed", ["figure-missing:", "has:missing-figure", "figure-missing:yes", "tower figure-missing:"]
)
def test_a_figure_in_no_source_is_found_until_a_newer_check_finds_it(typed: str, answer: Answer, alice: User) -> None:
    assert found(alice, typed) == []
    check(answer)
    assert found(alice, typed)
    check(answer, figures_missing=0)
    assert found(alice, typed) == []


def test_an_answer_that_cites_nothing_is_not_said_to_be_unchecked(harbour: Team, alice: User) -> None:
    made.answered(team=harbour, by=alice, text="The lighthouse is tall.")
    assert found(alice, "lighthouse")
    assert found(alice, "unchecked:") == []


def test_a_title_knows_what_its_questions_know(answer: Answer, alice: User) -> None:
    answer.question.conversation.title = "Pharology"
    answer.question.conversation.save()
    assert found(alice, "pharology is:unchecked") == ["title"]
    check(answer)
    assert found(alice, "pharology is:unchecked") == []
    assert found(alice, "pharology has:missing-figure") == ["title"]


def test_the_three_ways_say_the_same(alice: User) -> None:
    membership = membership_of(alice)
    typed = read_search(QueryDict("q=unchecked:+-figure-missing:"), membership)
    assert [label for label, _address in typed.chips] == ["Only: Not checked", "Not: Contains: Figure in no source"]
    assert typed.form["only"].value() == ["unchecked"]
    chosen = read_search(QueryDict("q=light&only=unchecked&has=missing-figure"), membership)
    assert chosen.text == "light has:missing-figure is:unchecked"


def test_they_are_offered_while_somebody_types(alice: User) -> None:
    membership = membership_of(alice)
    assert [one.text for one in suggestions("unch", membership)] == ["unchecked:"]
    assert [one.text for one in suggestions("is:unc", membership)] == ["is:unchecked"]
    assert "figure-missing:" in plain(alice).get(reverse("chat:search")).content.decode()


def test_words_that_only_look_like_them_stay_words(alice: User) -> None:
    meaning = read_meaning("unchecked: unchecked:no unchecked", membership_of(alice))
    assert meaning.words.strip() == "unchecked:no unchecked"


def test_what_was_stored_before_is_found_as_unchecked(answer: Answer, alice: User) -> None:
    settle()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_fact")
    migration = importlib.import_module("chat.migrations.0036_facts_of_checks")
    migration.note(apps, SimpleNamespace(connection=connection))
    assert found(alice, "unchecked:")
    assert found(alice, "unchecked: is:mine")
