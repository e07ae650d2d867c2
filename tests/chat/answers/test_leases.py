"""Nobody takes an answer from a process that lives but could not say so."""

import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User
from chat.answers import finalize
from chat.answers.leases import answer_leases
from chat.models import Answer
from chat.questions import service as questions
from core.web.jobs.leases import BEGINS_WITHIN, CALM, LASTS, Sweeper, lease_until
from tests import wishes

Log = Callable[..., Answer]
GONE, HERE = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def overdue(asked: Answer) -> Answer:
    """An answer whose writer has sent it and not renewed its lease in time."""
    taken(asked)
    assert answer_leases.confirm_sending(asked.pk, holder=GONE)
    Answer.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    return asked


def taken(answer: Answer) -> None:
    """Give the lease to a process whose lease is over."""
    answer_leases.take(answer.pk, holder=GONE)
    Answer.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_what_was_never_sent_goes_to_whoever_lives_and_cannot_be_sent_by_the_other_any_more(asked: Answer) -> None:
    taken(asked)
    assert Sweeper(answer_leases).sweep() == []

    assert answer_leases.claim_answers(holder=HERE) == {asked.pk: False}
    assert not answer_leases.confirm_sending(asked.pk, holder=GONE)
    assert answer_leases.confirm_sending(asked.pk, holder=HERE)


@pytest.mark.django_db
def test_a_question_that_is_being_sent_is_not_given_to_anybody_else(asked: Answer) -> None:
    taken(asked)
    assert answer_leases.confirm_sending(asked.pk, holder=GONE)  # it lives, and was only late

    assert Sweeper(answer_leases).sweep() == []
    assert answer_leases.claim_answers(holder=HERE) == {}
    asked.refresh_from_db()
    assert (asked.state, asked.lease_holder) == ("waiting", GONE)


@pytest.mark.django_db
def test_a_lease_from_before_the_clock_was_put_back_is_over(overdue: Answer) -> None:
    Answer.objects.update(lease_expires_at=timezone.now() + timedelta(hours=1))
    assert Sweeper(answer_leases).sweep() == [overdue.pk]


@pytest.mark.django_db
def test_a_machine_that_slept_lets_everybody_renew_first(overdue: Answer) -> None:
    sweeper = Sweeper(answer_leases, _last_round=time.time() - 3600)

    assert sweeper.sweep() == []
    assert sweeper.sweep() == []

    assert sweeper._calm_since is not None
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

    assert sweeper._calm_since is not None
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


@pytest.fixture
def handed(harbour: Team, alice: User) -> questions.Handover:
    """An answer that was stored together with the lease of the process that stored it."""
    handover = questions.Handover(holder=HERE)
    questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=alice, handover=handover)
    return handover


@pytest.mark.django_db
def test_who_stores_an_answer_has_its_lease_and_nobody_else_takes_it(handed: questions.Handover) -> None:
    assert handed.answer
    stored = Answer.objects.get()
    assert (stored.pk, stored.lease_holder, stored.state) == (handed.answer.pk, HERE, "waiting")

    assert not answer_leases.take(stored.pk, holder=GONE, new=True)
    assert answer_leases.claim_answers(holder=GONE) == {}
    assert answer_leases.claim_answers(holder=HERE) == {}
    assert answer_leases.confirm_sending(stored.pk, holder=HERE)


@pytest.mark.django_db
def test_an_answer_that_was_stored_without_its_process_hearing_of_it_is_begun_after_a_moment(
    handed: questions.Handover,
) -> None:
    Answer.objects.update(lease_expires_at=timezone.now() + LASTS - BEGINS_WITHIN)

    assert answer_leases.claim_answers(holder=GONE) == {}
    assert list(answer_leases.claim_answers(holder=HERE)) == [Answer.objects.get().pk]


@pytest.mark.django_db
def test_what_was_sent_is_never_begun_again_though_its_lease_was_not_renewed(handed: questions.Handover) -> None:
    assert handed.answer
    assert answer_leases.confirm_sending(handed.answer.pk, holder=HERE)
    Answer.objects.update(lease_expires_at=timezone.now() + LASTS - BEGINS_WITHIN)

    assert answer_leases.claim_answers(holder=HERE) == {}


@pytest.mark.django_db
def test_a_form_that_is_sent_again_hands_nothing_over(harbour: Team, alice: User) -> None:
    wish = wishes.wish("Who keeps the light?")
    first, again = questions.Handover(holder=HERE), questions.Handover(holder=HERE)
    answer = questions.ask_in_new_conversation(wish, team=harbour, by=alice, handover=first)
    conversation = answer.question.conversation

    known = questions.ask_in_conversation(wish, conversation=conversation, by=alice, handover=again)

    assert (known, first.answer, again.answer) == (answer, answer, None)
