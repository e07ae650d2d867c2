"""What nobody needs any more goes; what was asked and answered stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.answers import finalize
from chat.models import Answer, LogEntry
from chat.upkeep import maintenance

pytestmark = pytest.mark.django_db

Log = Callable[..., Answer]


def test_the_log_of_an_answer_that_ended_long_ago_is_removed_and_the_answer_stays(log: Log) -> None:
    answer = log(("text", "Nobody keeps "), ("text", "it."))
    finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    Answer.objects.update(ended_at=timezone.now() - timedelta(hours=2))

    assert maintenance.thin_logs() == 1

    answer.refresh_from_db()
    assert (answer.state, answer.text) == ("finished", "Nobody keeps it.")
    assert not LogEntry.objects.exists()
    assert maintenance.thin_logs() == 0


def test_the_log_of_an_answer_that_is_written_or_ended_just_now_stays(log: Log) -> None:
    answer = log(("text", "Nobody"))
    assert maintenance.thin_logs() == 0
    finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    maintenance.tidy_chat()
    assert LogEntry.objects.count() == 2
