"""The lookup that has SQLite use an index for a few rows."""

import pytest
from django.db import connection

from chat.answers.leases import answer_leases
from chat.documents.reading.leases import reading_leases
from chat.models import Answer
from chat.sources.checks.leases import check_leases, opinion_leases
from core.web.jobs.leases import Leases, every_kind
from imaging.generation.leases import image_leases


@pytest.mark.parametrize("leases", [answer_leases, reading_leases, check_leases, opinion_leases, image_leases])
def test_what_says_which_jobs_are_live_is_part_of_the_statement(db: None, leases: Leases[Answer]) -> None:
    statement, parameters = leases._live.query.sql_with_params()

    assert "state\" IN ('" in statement or "state\" = '" in statement
    assert not parameters
    assert leases in every_kind()


def test_sqlite_finds_live_answers_by_their_index(db: None) -> None:
    plan = Answer.objects.filter(state__spelled_in=Answer.LIVE).explain()

    assert connection.vendor == "postgresql" or "answers_being_written" in plan


@pytest.mark.parametrize("words", [[], ["waiting'"], ["a b"], [""]])
def test_nothing_else_is_ever_spelled_out(db: None, words: list[str]) -> None:
    with pytest.raises(ValueError, match="Not to be spelled out"):
        Answer.objects.filter(state__spelled_in=words).exists()
