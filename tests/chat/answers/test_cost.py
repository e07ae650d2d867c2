"""What a question reserves, and what is settled when its answer has ended, however that comes about."""

import importlib
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.errors import LimitReached
from accounts.models import Spending, Team, User
from accounts.services import budgets
from chat.answers import cost, finalize
from chat.answers.leases import answer_leases
from chat.models import Answer, Conversation, Question
from chat.questions import service as questions
from chat.upkeep import maintenance
from core.web.jobs.leases import Sweeper
from tests import wishes
from tests.racing import at_once
from upstream.catalog import prices

pytestmark = pytest.mark.django_db

Log = Callable[..., Answer]
USAGE = {"prompt_tokens": 500, "completion_tokens": 200, "search_context_size": "low"}


def ask(team: Team, by: User, text: str = "Who keeps the light?", *, model: str = "sonar") -> Answer:
    return questions.ask_in_new_conversation(wishes.wish(text, model=model), team=team, by=by)


def end(answer: Answer, state: str = "finished", **more: Any) -> Spending:
    """End the answer; what is on record for it then."""
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State(state), **more)
    return Spending.objects.get(answer_id=answer.pk)


def taken(answer: Answer, **fields: Any) -> Answer:
    """The answer as a process has taken it to write it."""
    assert answer_leases.take(answer.pk, holder=uuid.uuid4())
    Answer.objects.filter(pk=answer.pk).update(**fields)
    return answer


# --- Reserving --------------------------------------------------------------------------------------


def test_a_question_reserves_what_its_answer_will_cost_at_most(harbour: Team, alice: User) -> None:
    answer = ask(harbour, alice)

    row = Spending.objects.get()
    expected = prices.forecast(model="sonar", options=answer.request["options"], characters=20)
    assert expected
    assert (row.answer_id, row.conversation_id) == (answer.pk, answer.question.conversation_id)
    assert (row.team, row.user, row.provider, row.model) == (harbour, alice, "sonar", "sonar")
    assert (row.reserved, row.cost, row.basis) == (expected.high, None, "")


def test_the_conversation_that_goes_along_is_reserved_for_too(harbour: Team, alice: User) -> None:
    first = ask(harbour, alice)
    Answer.objects.filter(pk=first.pk).update(state="finished", text="word " * 2000)

    second = questions.ask_in_conversation(
        wishes.wish("And then?"),
        conversation=first.question.conversation,
        by=alice,
    )

    expected = prices.forecast(model="sonar", options=second.request["options"], characters=20 + 10_000 + 9)
    assert expected
    assert Spending.objects.get(answer_id=second.pk).reserved == expected.high


def test_a_model_without_a_known_price_reserves_nothing(harbour: Team, alice: User) -> None:
    ask(harbour, alice, model="my-own-model")

    assert Spending.objects.get().reserved == 0


def test_the_same_form_sent_twice_reserves_once(harbour: Team, alice: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        questions.ask_in_new_conversation(wishes.wish("Once?", key=key), team=harbour, by=alice)

    assert Spending.objects.count() == 1


def test_a_question_beyond_the_limit_leaves_no_trace(harbour: Team, bob: User) -> None:
    Team.objects.update(monthly_limit=Decimal("0.000001"))

    with pytest.raises(LimitReached):
        ask(harbour, bob)

    assert not Conversation.objects.exists()
    assert not Question.objects.exists()
    assert not Answer.objects.exists()
    assert not Spending.objects.exists()


def test_a_form_sent_again_leads_to_its_question_though_the_limit_is_reached_by_now(harbour: Team, bob: User) -> None:
    wish = wishes.wish("Once?")
    first = questions.ask_in_new_conversation(wish, team=harbour, by=bob)
    Team.objects.update(monthly_limit=Decimal(0))

    assert questions.ask_in_new_conversation(wish, team=harbour, by=bob) == first


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_only_those_pass_for_whom_it_is_enough(harbour: Team, alice: User, bob: User) -> None:
    expected = prices.forecast(model="sonar", options={}, characters=20)
    assert expected
    Team.objects.update(monthly_limit=expected.high * 2)

    def one() -> bool:
        try:
            ask(harbour, bob)
        except LimitReached:
            return False
        return True

    assert sorted(at_once(6, one)) == [False] * 4 + [True] * 2
    assert Answer.objects.count() == Conversation.objects.count() == 2


def test_asking_again_reserves_again_and_is_refused_beyond_the_limit(harbour: Team, alice: User) -> None:
    question = ask(harbour, alice).question
    questions.ask_another_model(wishes.choice(model="sonar-pro"), question=question, by=alice)
    assert Spending.objects.count() == 2
    Team.objects.update(monthly_limit=Decimal("0.01"))

    with pytest.raises(LimitReached):
        questions.ask_another_model(wishes.choice(), question=question, by=alice)

    assert Answer.objects.count() == 2


# --- Settling ---------------------------------------------------------------------------------------


def test_a_reported_cost_is_settled_as_it_is(log: Log) -> None:
    row = end(log(("text", "Yes."), ("usage", {"usage": USAGE, "cost": "0.005701"})))

    assert (row.cost, row.basis) == (Decimal("0.005701"), "reported")


def test_without_a_report_the_cost_is_estimated_from_the_tokens(log: Log) -> None:
    row = end(log(("text", "Yes."), ("usage", {"usage": USAGE, "cost": None})))

    assert (row.cost, row.basis) == (Decimal("0.0057"), "estimated")


@pytest.mark.parametrize("state", ["finished", "stopped", "interrupted", "failed"])
def test_without_tokens_it_is_estimated_from_what_was_sent_and_what_came(log: Log, state: str) -> None:
    answer = log(("started", {"upstream_id": "up-1"}), ("text", "x" * 4000))

    row = end(answer, state)

    # The fee of a small search, the 20 characters of the question and the 4,000 that came, four to a token.
    assert (row.cost, row.basis) == (Decimal("0.005") + Decimal(5 + 1000) / 1_000_000, "estimated")
    answer.refresh_from_db()
    assert (answer.cost, answer.cost_source, answer.price_date) == (row.cost, "estimated", prices.AS_OF)


def test_an_answer_of_the_agent_counts_with_one_search(harbour: Team, alice: User) -> None:
    answer = questions.ask_in_new_conversation(
        wishes.wish("Who?" * 4, model="perplexity/sonar", provider="agent"),
        team=harbour,
        by=alice,
    )
    answer.log.create(seq=1, kind="text", data="x" * 4000)

    # Two and a half for a thousand searches, four tokens in and a thousand out.
    assert end(answer, "stopped").cost == Decimal("0.0025") + (4 * Decimal("0.25") + 1000 * Decimal("2.5")) / 1_000_000


def ask_agent(team: Team, by: User, model: str) -> Answer:
    wish = wishes.wish("Who?" * 4, model=model, provider="agent")
    return questions.ask_in_new_conversation(wish, team=team, by=by)


def test_once_it_is_known_what_answers_usually_cost_that_is_reserved(harbour: Team, alice: User) -> None:
    for _ in range(10):
        end(ask_agent(harbour, alice, "medium"), "stopped")
        Spending.objects.filter(cost=0).update(cost=Decimal("0.03"))
    reserved = ask_agent(harbour, alice, "medium")
    assert Spending.objects.get(answer_id=reserved.pk).reserved == Decimal("0.03")
    first = ask_agent(harbour, alice, "high")
    assert Decimal("0.9") < Spending.objects.get(answer_id=first.pk).reserved < Decimal("0.901")


def test_a_preset_that_was_stopped_counts_with_its_searches_and_pages_and_never_with_less_than_one_costs(
    harbour: Team, alice: User
) -> None:
    early, late = (ask_agent(harbour, alice, "low") for _ in range(2))
    for answer in (early, late):
        answer.log.create(seq=1, kind="started", data={"model": "low", "at": timezone.now().isoformat()})
    steps = ["searching"] * 3 + ["reading"] * 2 + ["thinking"]
    for seq, kind in enumerate(steps, start=2):
        late.log.create(seq=seq, kind="step", data={"kind": kind})

    assert end(early, "stopped").cost == Decimal("0.004002")
    # three searches of a preset, two pages, and the four tokens of the question
    assert end(late, "stopped").cost == Decimal("0.01")


def test_an_answer_that_tells_its_tokens_and_no_cost_counts_by_the_model_that_served(
    harbour: Team, alice: User
) -> None:
    answer = ask_agent(harbour, alice, "fast")
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "tool_calls_details": {"search_web": {"invocation": 1}},
    }
    served = {"model": "anthropic/claude-opus-5-5", "at": timezone.now().isoformat()}
    answer.log.create(seq=1, kind="started", data=served)
    answer.log.create(seq=2, kind="usage", data={"usage": usage, "cost": None})
    answer.log.create(seq=3, kind="finish", data={"reason": "stop"})

    row = end(answer)

    assert (row.cost, row.basis) == (Decimal("0.007"), "estimated")  # 0.004 and 0.002 for tokens, 0.001 for the search
    answer.refresh_from_db()
    assert answer.price_date == date(2026, 10, 9)


def test_what_the_upstream_refused_costs_nothing(asked: Answer) -> None:
    row = end(taken(asked), "failed", problem=finalize.internal_problem())

    assert (row.cost, row.basis) == (0, "")
    asked.refresh_from_db()
    assert asked.cost is None


def test_what_was_stopped_before_the_first_sign_had_been_sent_and_counts(asked: Answer) -> None:
    assert end(taken(asked, sent_at=timezone.now()), "stopped").cost == Decimal("0.005005")


@pytest.mark.parametrize("state", ["stopped", "interrupted"])
def test_what_was_never_sent_costs_nothing(asked: Answer, harbour: Team, state: str) -> None:
    waiting = taken(ask(harbour, asked.asked_by), lane="sonar:sonar")
    let_in = taken(ask(harbour, asked.asked_by), lane="sonar:sonar", admitted_at=timezone.now())

    assert [end(answer, state).cost for answer in (asked, waiting, let_in)] == [0, 0, 0]


def test_research_that_goes_on_without_us_counts_as_a_whole_one(harbour: Team, alice: User) -> None:
    started, submitted = (ask(harbour, alice, model="sonar-deep-research") for _ in range(2))
    for answer, entry in ((started, ("started", {"upstream_id": "up"})), (submitted, ("submitted", {"job": "job-1"}))):
        answer.log.create(seq=1, kind=entry[0], data=entry[1])

    broken_off, worked_on = end(started, "stopped"), end(submitted, "stopped")

    assert worked_on.cost == prices.RESEARCH["medium"]
    assert broken_off.cost
    assert 0 < broken_off.cost < worked_on.cost


def test_a_model_without_a_price_is_settled_with_nothing_and_says_that_nobody_reported_a_cost(
    harbour: Team, alice: User
) -> None:
    answer = ask(harbour, alice, model="my-own-model")
    answer.log.create(seq=1, kind="text", data="Yes.")

    row = end(answer)

    assert (row.cost, row.basis) == (0, "")


def test_an_end_that_comes_twice_is_settled_once(log: Log) -> None:
    answer = log(("text", "Half"), ("usage", {"usage": USAGE, "cost": "0.004"}))
    end(answer, "stopped")

    assert not finalize.end_answer(answer_id=answer.pk, state=Answer.State.INTERRUPTED)
    assert not cost.settle_answer(answer)

    assert Spending.objects.get().cost == Decimal("0.004")


@pytest.mark.django_db(transaction=True)
def test_an_end_that_cannot_be_stored_settles_nothing(log: Log) -> None:
    answer = log(("text", "Half"), ("usage", {"usage": USAGE, "cost": "0.004"}))
    stale = Answer.objects.get(pk=answer.pk)
    end(answer, "stopped")
    Spending.objects.update(cost=None)

    assert not finalize.end_answer(answer_id=stale.pk, state=Answer.State.FINISHED, overdue=True)

    assert Spending.objects.get().cost is None


def test_what_a_dead_process_left_behind_is_settled_by_whoever_sweeps(log: Log) -> None:
    answer = log(("started", {"upstream_id": "up"}), ("text", "Half a sentence"))
    taken(answer, state="writing", lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert Sweeper(answer_leases).sweep() == [answer.pk]

    row = Spending.objects.get()
    assert row.cost
    assert row.basis == "estimated"


# --- What is left over ------------------------------------------------------------------------------


def old() -> None:
    Spending.objects.update(asked_at=timezone.now() - timedelta(hours=2))


def test_upkeep_settles_what_ended_without_it_and_leaves_what_is_written(harbour: Team, alice: User) -> None:
    ended, written = ask(harbour, alice), ask(harbour, alice)
    Answer.objects.filter(pk=ended.pk).update(state="finished", cost=Decimal("0.0061"), cost_source="reported")
    old()

    maintenance.tidy_chat()

    assert Spending.objects.get(answer_id=ended.pk).cost == Decimal("0.0061")
    assert Spending.objects.get(answer_id=written.pk).cost is None


def test_what_was_reserved_for_an_answer_that_is_gone_counts_as_it_was_reserved(harbour: Team, alice: User) -> None:
    answer = ask(harbour, alice)
    Conversation.objects.all().delete()
    assert cost.settle_leftovers() == 0
    old()

    assert cost.settle_leftovers() == 1

    row = Spending.objects.get(answer_id=answer.pk)
    assert (row.cost, row.basis) == (row.reserved, "estimated")


def test_a_deleted_conversation_stays_in_the_figures(log: Log, harbour: Team) -> None:
    answer = log(("text", "Yes."), ("usage", {"usage": USAGE, "cost": "0.25"}))
    end(answer)
    answer.question.conversation.delete()

    assert budgets.total_of(budgets.spending_of_month(harbour.pk, budgets.this_month())).cost == Decimal("0.25")
    assert budgets.conversation_total(answer.question.conversation_id) == budgets.Total(Decimal("0.25"), 1)


# --- What was asked before there was a record --------------------------------------------------------


def test_the_migration_records_what_was_asked_so_far(harbour: Team, alice: User) -> None:
    finished, failed, live = (ask(harbour, alice) for _ in range(3))
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    Answer.objects.filter(pk=finished.pk).update(
        state="finished", cost=Decimal("0.0057"), cost_source="reported", created_at=new_year
    )
    Answer.objects.filter(pk=failed.pk).update(state="failed")
    Spending.objects.all().delete()
    migration = importlib.import_module("chat.migrations.0005_spending_so_far")

    for _ in range(2):
        migration.record(apps, SimpleNamespace(connection=connection))

    rows = {row.answer_id: row for row in Spending.objects.all()}
    assert set(rows) == {finished.pk, live.pk}
    old_one = rows[finished.pk]
    assert (old_one.cost, old_one.basis, old_one.month) == (Decimal("0.0057"), "reported", date(2026, 1, 1))
    assert (old_one.team, old_one.user, old_one.model, old_one.asked_at) == (harbour, alice, "sonar", new_year)
    assert old_one.conversation_id == finished.question.conversation_id
    assert rows[live.pk].cost is None
    assert end(live, "stopped").cost == 0
