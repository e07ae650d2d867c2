"""An answer ends once, with the text its log holds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from chat.answers import finalize
from chat.answers.transcript import entries_after, fold_entries
from chat.models import Answer, LogEntry
from tests.racing import at_once

pytestmark = pytest.mark.django_db

SOURCES = [
    {"title": "Varn light", "url": "https://harbour.example/varn", "snippet": "Automated."},
    {"title": "Lights", "url": "https://lights.example/list"},
]

Log = Callable[..., Answer]


def test_the_end_stores_what_the_log_says(log: Log) -> None:
    answer = log(
        (
            "started",
            {"upstream_id": "up-1", "model": "sonar", "request_id": "req-7", "at": "2026-01-02T03:04:05+00:00"},
        ),
        ("sources", SOURCES),
        ("status", {"doing": "writing", "first_word_at": "2026-01-02T03:04:06+00:00"}),
        ("text", "Nobody keeps it"),
        ("text", " since 1998.[1][9]"),
        ("related", ["Who kept it before?"]),
        ("usage", {"usage": {"total_tokens": 44}, "cost": "0.005040"}),
        ("finish", {"reason": "stop"}),
    )

    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)

    answer.refresh_from_db()
    assert answer.state == "finished"
    assert answer.text == "Nobody keeps it since 1998.[1][9]"
    assert (answer.cost, answer.cost_source) == (Decimal("0.005040"), "reported")
    assert (answer.upstream_id, answer.request_id, answer.finish) == ("up-1", "req-7", "stop")
    assert answer.first_word_at
    assert answer.started_at
    assert (answer.first_word_at - answer.started_at).total_seconds() == 1
    assert answer.related == ["Who kept it before?"]
    assert answer.unknown_citations == [9]
    assert [(s.number, s.title, s.cited) for s in answer.sources.all()] == [
        (1, "Varn light", True),
        (2, "Lights", False),
    ]
    assert f"#source-{answer.pk}-1" in answer.html


def test_a_cost_that_was_not_reported_is_estimated_and_says_so(log: Log) -> None:
    usage = {"prompt_tokens": 500, "completion_tokens": 200, "search_context_size": "low"}
    answer = log(("text", "Yes."), ("usage", {"usage": usage, "cost": None}))

    finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)

    answer.refresh_from_db()
    assert (answer.cost, answer.cost_source) == (Decimal("0.005700"), "estimated")
    assert answer.price_date


def test_an_answer_ends_only_once(log: Log) -> None:
    answer = log(("text", "Half a sen"))

    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.STOPPED)
    assert not finalize.end_answer(answer_id=answer.pk, state=Answer.State.INTERRUPTED)

    answer.refresh_from_db()
    assert answer.state == "stopped"
    assert LogEntry.objects.filter(answer=answer, kind="end").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_end_an_answer_at_once_one_succeeds(log: Log) -> None:
    answer = log(("text", "Half a sen"))
    results = at_once(8, lambda: finalize.end_answer(answer_id=answer.pk, state=Answer.State.INTERRUPTED))

    assert sorted(map(bool, results)) == [False] * 7 + [True]
    assert LogEntry.objects.filter(answer=answer, kind="end").count() == 1


def test_an_answer_that_was_deleted_cannot_end(log: Log) -> None:
    answer = log(("text", "Half"))
    answer_id = answer.pk
    answer.delete()

    assert not finalize.end_answer(answer_id=answer_id, state=Answer.State.FINISHED)


def test_folding_the_log_in_two_steps_is_folding_it_at_once(log: Log) -> None:
    answer = log(("text", "a"), ("sources", SOURCES), ("text_replaced", "b"), ("text", "c"), ("reasoning", "hm"))
    whole = fold_entries(entries_after(answer.pk, 0))
    stepwise: Any = fold_entries(entries_after(answer.pk, 0)[:2])
    for entry in entries_after(answer.pk, 2):
        stepwise.apply(entry)

    assert stepwise == whole
    assert whole.text == "bc"


WHOLE = (
    ("started", {"upstream_id": "up-1", "model": "sonar", "request_id": "req-7", "at": "2026-01-02T03:04:05+00:00"}),
    ("sources", SOURCES),
    ("text", "Nobody *keeps* it"),
    ("text", " since 1998.[1][9]\n\n- one\n- two"),
    ("usage", {"usage": {"total_tokens": 44}, "cost": "0.005040"}),
    ("finish", {"reason": "stop"}),
)


def test_an_end_from_what_is_at_hand_is_the_end_from_the_log(
    log: Log, asked: Answer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    log(*WHOLE)
    at_hand = finalize.AtHand(asked, entries_after(asked.pk, 0))
    with django_assert_max_num_queries(10) as seen:  # on PostgreSQL; one of them says how long locks are waited for
        last = finalize.end_answer(answer_id=asked.pk, state=Answer.State.FINISHED, at_hand=at_hand)
    statements = [query["sql"] for query in seen.captured_queries]
    assert not [sql for sql in statements if sql.startswith("SELECT") and " FROM " in sql]
    assert last == entries_after(asked.pk, 0)[-1]
    by_hand = stored_values(asked)

    LogEntry.objects.filter(kind="end").delete()
    asked.sources.all().delete()
    Answer.objects.update(**unanswered(asked))
    assert finalize.end_answer(answer_id=asked.pk, state=Answer.State.FINISHED)

    assert stored_values(asked) == by_hand


def test_a_log_that_went_on_after_what_is_at_hand_is_read(log: Log, asked: Answer) -> None:
    log(*WHOLE[:3])
    at_hand = finalize.AtHand(asked, entries_after(asked.pk, 0))
    log(("text", " now"))

    last = finalize.end_answer(answer_id=asked.pk, state=Answer.State.STOPPED, at_hand=at_hand)

    assert last
    assert last.seq == 5
    assert Answer.objects.get().text == "Nobody *keeps* it now"


def test_what_somebody_else_has_ended_is_not_ended_again_from_what_is_at_hand(log: Log, asked: Answer) -> None:
    log(*WHOLE)
    at_hand = finalize.AtHand(Answer.objects.select_related("question").get(), entries_after(asked.pk, 0))
    assert finalize.end_answer(answer_id=asked.pk, state=Answer.State.STOPPED)

    assert not finalize.end_answer(answer_id=asked.pk, state=Answer.State.FINISHED, at_hand=at_hand)
    assert Answer.objects.get().state == "stopped"


def stored_values(answer: Answer) -> dict[str, Any]:
    """Everything that is stored of the answer and its sources, without the moment of its end."""
    [row] = Answer.objects.filter(pk=answer.pk).values()
    sources = [{**source, "id": None} for source in answer.sources.values()]
    return {**row, "ended_at": bool(row["ended_at"]), "sources": sources}


def unanswered(answer: Answer) -> dict[str, Any]:
    """The fields of the answer as they were when it was asked."""
    return {
        field.attname: getattr(answer, field.attname) for field in Answer._meta.concrete_fields if not field.primary_key
    }


def test_what_is_at_hand_and_no_database_takes_is_taken_as_the_log_has_it(log: Log, asked: Answer) -> None:
    log(("text", "Words"), ("usage", {"usage": {"total_tokens": None}, "cost": None}))
    entries = entries_after(asked.pk, 0)
    entries[1] = entries[1]._replace(data={"usage": {"total_tokens": float("inf")}, "cost": None})

    assert finalize.end_answer(answer_id=asked.pk, state=Answer.State.FINISHED, at_hand=finalize.AtHand(asked, entries))

    asked.refresh_from_db()
    assert (asked.state, asked.text, asked.usage) == ("finished", "Words", {"total_tokens": None})
