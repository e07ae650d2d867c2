"""A question that was answered, and is watched."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Spending, Team, User
from chat.models import Answer, Question, Source, Watch, WatchRun
from chat.questions import service as questions
from chat.watches import asking, outcomes, service
from tests import wishes

KEPT = "The lighthouse is kept by 3 people. It was built in 1886."
CHANGED = "The lighthouse is kept by 4 people. It was built in 1886."

MakeWatch = Callable[..., Watch]


@pytest.fixture
def question(harbour: Team, alice: User) -> Question:
    """What Alice asked, with a whole answer."""
    answer = questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=alice)
    end(answer, KEPT)
    return answer.question


@pytest.fixture
def make_watch(question: Question, alice: User) -> MakeWatch:
    """A watch that is due: `make_watch(budget="0.5", every="day")`."""

    def make(*, due: bool = True, by: User = alice, **fields: Any) -> Watch:
        given = {"every": "day", "hour": 9, "weekday": 0, "day": 1, "time_zone": "UTC", "budget": Decimal(5)} | fields
        watch = service.begin_watch(question=question, by=by, plan=service.Plan(**given))
        if due:
            make_due(watch)
        return watch

    return make


def make_due(watch: Watch, *, hours: int = 1) -> None:
    """Set back the time at which it is asked next, so that it has passed."""
    Watch.objects.filter(pk=watch.pk).update(next_at=timezone.now() - timedelta(hours=hours))
    watch.refresh_from_db()


def end(answer: Answer, text: str, *, state: str = "finished", cost: str = "0.01", source: str = "") -> None:
    """End the answer with this text, as the worker would have done it."""
    cited = [Source(answer=answer, number=1, title="The light", url=source, cited=True)] if source else []
    Source.objects.bulk_create(cited)
    now = timezone.now()
    Answer.objects.filter(pk=answer.pk).update(state=state, text=text, ended_at=now, cost=Decimal(cost))
    Spending.objects.filter(answer_id=answer.pk).update(cost=Decimal(cost))
    answer.refresh_from_db()


def look() -> None:
    """A round of what is done for watches by the clock, without letters."""
    asking.ask_due()
    for ended in outcomes.take_ended():
        outcomes.note_outcome(ended, outcomes.compared(ended))
    outcomes.tell_checked()


def run_with(watch: Watch, text: str, **fields: Any) -> WatchRun:
    """Have the watch be due, and its answer say this."""
    make_due(watch)
    asking.ask_due()
    run = watch.runs.first()
    assert run
    assert run.answer
    end(run.answer, text, **fields)
    look()
    run.refresh_from_db()
    watch.refresh_from_db()
    return run
