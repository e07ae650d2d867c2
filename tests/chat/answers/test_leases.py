"""Nobody takes an answer from a process that lives but could not say so."""

import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import connection
from django.utils import timezone

from chat.answers import finalize
from chat.answers.leases import answer_leases
from chat.models import Answer
from core.web.jobs.leases import CALM, Sweeper, lease_until

Log = Callable[..., Answer]


@pytest.fixture
def overdue(asked: Answer) -> Answer:
    """An answer whose writer has not renewed its lease in time."""
    answer_leases.take(asked.pk, holder=uuid.uuid4())
    Answer.objects.update(lease_expires_at=timezone.now())
    return asked


@pytest.mark.django_db
def test_a_machine_that_slept_lets_everybody_renew_first(overdue: Answer) -> None:
    sweeper = Sweeper(answer_leases, _last_round=time.time() - 3600)

    assert sweeper.sweep() == []
    assert sweeper.sweep() == []

    sweeper._calm_since -= CALM
    assert sweeper.sweep() == [overdue.pk]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_locked_lets_everybody_renew_first(overdue: Answer) -> None:
    if connection.vendor == "postgresql":
        assert Sweeper(answer_leases).sweep() == [overdue.pk]  # nobody who writes there keeps others from renewing
        return
    sweeper = Sweeper(answer_leases)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert sweeper.sweep() == []
        other.execute("ROLLBACK")
    assert sweeper.sweep() == []

    sweeper._calm_since -= CALM
    assert sweeper.sweep() == [overdue.pk]
    connection.close()  # the next test finds the usual patience


@pytest.mark.django_db
def test_what_this_process_writes_itself_is_never_swept_and_what_it_dropped_is(overdue: Answer) -> None:
    sweeper = Sweeper(answer_leases)
    assert sweeper.sweep(held=[overdue.pk]) == []
    assert sweeper.sweep(held=[]) == [overdue.pk]


@pytest.mark.django_db
def test_a_lease_that_is_renewed_in_the_last_moment_counts(log: Log) -> None:
    answer = log(("text", "Half a sen"))
    Answer.objects.update(lease_expires_at=lease_until())

    assert not finalize.end_answer(answer_id=answer.pk, state=Answer.State.INTERRUPTED, overdue=True)

    answer.refresh_from_db()
    assert answer.is_live
    assert not answer.log.filter(kind="end").exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_cannot_be_stored_whole_keeps_its_words(log: Log) -> None:
    answer = log(("sources", [{"no": "such field"}]), ("text", "Nobody keeps it."))

    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)

    answer.refresh_from_db()
    assert (answer.state, answer.text) == ("failed", "Nobody keeps it.")
    assert answer.error["retryable"]
