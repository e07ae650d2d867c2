"""Several people watch one answer, each in their own language."""

import re

import pytest
from django.utils import translation

from accounts.models import Team, User
from chat import rendering, structured
from chat.answers import finalize
from chat.answers.finalize import AnswerProblem
from chat.answers.transcript import Entry
from chat.live.answer_display import Reader
from chat.live.answer_words import in_readers_words
from chat.live.article import render_article
from chat.live.partials import Partials
from chat.models import Answer
from chat.questions import service as questions
from chat.structured import value_html
from chat.structured.json_text import dumps
from core.sentences import nsentence, sentence
from core.web import wording
from tests import wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pseudo_languages")]

NO_MODEL = sentence("The gateway doesn’t know the model “%(model)s”. Choose another one.", model="x-1")


@pytest.fixture
def asked(harbour: Team, alice: User) -> Answer:
    return questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=alice)


def place(name: str, frame: str) -> str:
    found = re.search(rf'<template data-place="{name}".*?</template>', frame, re.S)
    assert found, frame
    return found[0]


def ended(answer: Answer, message: str) -> Answer:
    problem = AnswerProblem(kind="invalid", message=message, retryable=False)
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FAILED, problem=problem)
    answer.refresh_from_db()
    return answer


def test_the_status_is_told_to_each_in_their_language_and_the_text_is_shared(asked: Answer) -> None:
    partials = Partials(asked)
    partials.apply([Entry(1, "status", {"doing": "searching"}), Entry(2, "text", "One.\n\nTwo.")])

    english, arabic = (partials.frame(after=0, reader=Reader(True, language)) for language in ("en", "ar"))

    assert "⟦" in place("status", arabic)
    assert "⟦" not in english
    assert place("blocks", arabic) == place("blocks", english)
    assert translation.get_language() == "en"


def test_a_finished_article_is_in_the_language_of_its_reader(asked: Answer) -> None:
    ended(asked, NO_MODEL)

    german, english = (render_article(asked.pk, Reader(True, language)) for language in ("de", "en"))

    assert NO_MODEL in english
    assert "x-1" in german
    assert NO_MODEL not in german
    assert "⟦Ţ" in german or "⟦T" in german
    assert translation.get_language() == "en"


def test_what_went_wrong_is_kept_as_it_was_made(asked: Answer) -> None:
    assert ended(asked, NO_MODEL).error == {
        "kind": "invalid",
        "message": str(NO_MODEL),
        "retryable": False,
        "wait": None,
        "sentence": {"id": NO_MODEL.id, "values": {"model": "x-1"}},
    }


@pytest.mark.parametrize(
    ("message", "is_translated"), [("The answer was cut off.", True), ("Nobody knows this one.", False)]
)
def test_rows_of_earlier_versions_are_looked_up_by_their_text(asked: Answer, message: str, is_translated: bool) -> None:
    ended(asked, "")
    Answer.objects.update(error={"kind": "invalid", "message": message, "retryable": False, "wait": None})
    assert (message not in render_article(asked.pk, Reader(True, "de"))) == is_translated


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    outer = sentence("“%(label)s” is empty. Leave it out instead.", label=sentence("Sites"))
    with translation.override("de"):
        said = wording.said(outer)
    assert outer == "“Sites” is empty. Leave it out instead."
    assert "Sites" not in said
    assert said.count("⟦") == 2


@pytest.mark.parametrize(("count", "form"), [(1, "1 second"), (2, "2 seconds"), (0, "0 seconds")])
def test_a_number_chooses_the_form_of_a_sentence(count: int, form: str) -> None:
    assert nsentence("%(count)s second", "%(count)s seconds", count) == form


def test_words_of_ours_within_an_answer_are_in_the_language_of_its_reader() -> None:
    value = {"rows": [{"a": 1, "b": ""}, {"a": 2, "b": ""}], "deep": [[[[[[1, 2]]]]]], "": 1, "many": [*range(201)]}
    schema = {"type": "json_schema", "json_schema": {"schema": {"type": "array"}}}
    stored = value_html.to_html(value) + structured.present(dumps(value), schema).html
    stored += rendering.to_html("- [x] done\n- [ ] not done\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    words = ["Raw JSON", "Table", "empty", "unnamed", "Done", "Not done", "1 entry", "2 entries"]
    assert [word for word in words if f">{word}<" not in stored and f'aria-label="{word}"' not in stored] == []

    with translation.override("de"):
        shown = in_readers_words(stored)

    assert [word for word in words if f">{word}<" in shown or f'aria-label="{word}"' in shown] == []
    assert "The first 200" not in shown
    assert "200" in shown
    assert in_readers_words(stored) == stored
