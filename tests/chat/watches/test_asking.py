"""Watches ask when they are due: once, for as long as their owner may and the money lasts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Membership, Spending, Team, User
from accounts.services import budgets
from chat.conversations import service as conversations
from chat.models import Answer, Question, Watch, WatchRun
from chat.watches import asking, money, service
from core.errors import ActionRefused
from tests.chat.in_spaces import make_space, take_out
from tests.chat.watches.conftest import CHANGED, KEPT, MakeWatch, end, make_due, run_with

pytestmark = pytest.mark.django_db


def state_of(watch: Watch) -> tuple[str, str]:
    watch.refresh_from_db()
    return watch.state, watch.reason


def test_what_is_due_is_asked_as_an_ordinary_answer_of_its_owner(make_watch: MakeWatch, question: Question) -> None:
    watch = make_watch()
    due_at = watch.next_at

    assert asking.ask_due() == 1

    run = watch.runs.get()
    assert run.answer
    assert (run.answer.question_id, run.answer.asked_by) == (question.pk, watch.owner)
    assert (run.answer.model, run.answer.state, run.due_at) == (watch.model, "waiting", due_at)
    assert Spending.objects.filter(answer_id=run.answer.pk, user=watch.owner).exists()
    watch.refresh_from_db()
    assert watch.next_at
    assert watch.next_at > timezone.now()
    assert asking.ask_due() == 0


def test_a_server_that_slept_for_a_week_asks_once(make_watch: MakeWatch) -> None:
    watch = make_watch()
    make_due(watch, hours=24 * 7)

    assert [asking.ask_due() for _round in range(3)] == [1, 0, 0]

    assert watch.runs.count() == 1


def test_the_same_time_is_asked_and_paid_once_though_a_round_begins_again(make_watch: MakeWatch) -> None:
    watch = make_watch()
    due_at = watch.next_at
    asking.ask_due()
    WatchRun.objects.all().delete()  # a process was killed before it could say so
    Watch.objects.update(next_at=due_at)

    assert asking.ask_due() == 1

    assert Answer.objects.filter(question=watch.question).count() == 2
    assert Spending.objects.count() == 2


def test_what_is_still_being_answered_is_not_asked_again(make_watch: MakeWatch) -> None:
    watch = make_watch()
    asking.ask_due()
    make_due(watch)

    assert asking.ask_due() == 0

    watch.refresh_from_db()
    assert watch.next_at
    assert watch.next_at > timezone.now()


def test_a_watch_waits_for_the_next_month_when_its_budget_may_not_be_enough(make_watch: MakeWatch) -> None:
    watch = make_watch(budget=Decimal("0.000001"))

    assert asking.ask_due() == 0

    assert state_of(watch) == ("paused", "budget")
    assert watch.next_at
    assert watch.next_at >= money.month_ends_at()
    assert Answer.objects.filter(question=watch.question).count() == 1  # nothing was stored
    Watch.objects.update(next_at=timezone.now(), budget=5)
    assert asking.ask_due() == 1
    assert state_of(watch) == ("running", "")


def test_what_runs_have_cost_counts_for_the_budget(make_watch: MakeWatch) -> None:
    watch = make_watch(budget=Decimal("0.5"))
    run_with(watch, KEPT, cost="0.499999")
    make_due(watch)

    assert asking.ask_due() == 0

    assert state_of(watch) == ("paused", "budget")
    assert money.spent_this_month([watch.pk])[watch.pk] == Decimal("0.499999")


def test_a_limit_of_the_team_holds_for_watches_too(make_watch: MakeWatch, harbour: Team, alice: User) -> None:
    watch = make_watch()
    budgets.set_team_limit(team=harbour, by=alice, limit=Decimal("0.000001"))

    assert asking.ask_due() == 0

    assert state_of(watch) == ("paused", "limit")


def test_the_limit_of_a_space_holds_for_watches_too(make_watch: MakeWatch, harbour: Team, alice: User) -> None:
    watch = make_watch()
    space = make_space(harbour, alice, everyone=True, monthly_limit=Decimal("0.000001"))
    conversation = watch.question.conversation
    conversation.space, conversation.visibility = space, "space"
    conversation.save()

    assert asking.ask_due() == 0

    assert state_of(watch) == ("paused", "limit")


def test_a_watch_whose_owner_became_a_viewer_pauses(make_watch: MakeWatch, bob: User) -> None:
    watch = make_watch(by=bob)
    Membership.objects.filter(user=bob).update(role="viewer")

    assert asking.ask_due() == 0

    assert state_of(watch) == ("paused", "owner")
    assert watch.next_at is None


def test_a_watch_whose_owner_left_the_team_pauses(make_watch: MakeWatch, bob: User) -> None:
    watch = make_watch(by=bob)
    Membership.objects.filter(user=bob).delete()
    asking.ask_due()
    assert state_of(watch) == ("paused", "owner")


def test_a_watch_whose_owner_was_deactivated_pauses(make_watch: MakeWatch, bob: User) -> None:
    watch = make_watch(by=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    asking.ask_due()
    assert state_of(watch) == ("paused", "owner")


def test_a_watch_in_a_space_that_its_owner_was_taken_out_of_pauses(
    make_watch: MakeWatch, harbour: Team, alice: User, bob: User
) -> None:
    watch = make_watch(by=bob)
    space = make_space(harbour, alice, people=[bob])
    conversation = watch.question.conversation
    conversation.space, conversation.visibility = space, "space"
    conversation.save()
    take_out(space, bob)
    asking.ask_due()
    assert state_of(watch) == ("paused", "owner")


def test_a_watch_of_an_archived_conversation_pauses(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    conversations.archive_conversation(conversation=watch.question.conversation, by=alice)
    asking.ask_due()
    assert state_of(watch) == ("paused", "archived")


def test_a_watch_of_a_deleted_conversation_pauses_and_goes_with_it(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    run_with(watch, KEPT)
    make_due(watch)
    conversations.delete_conversation(conversation=watch.question.conversation, by=alice)
    asking.ask_due()
    assert state_of(watch) == ("paused", "deleted")

    conversations.erase_conversation(conversation=watch.question.conversation, by=alice)
    conversations.purge_conversations()

    assert not Watch.objects.exists()
    assert not WatchRun.objects.exists()


def test_a_watch_whose_model_ended_pauses_and_goes_on_with_another(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    Watch.objects.update(model="sonar-of-yesteryear")
    asking.ask_due()
    assert state_of(watch) == ("paused", "model")

    offer = service.choose_successor(watch=watch, by=alice)

    assert state_of(watch) == ("running", "")
    assert (watch.model, watch.provider) == (offer.model, offer.provider)


def test_a_model_that_the_team_does_not_allow_any_more_pauses_a_watch(make_watch: MakeWatch, harbour: Team) -> None:
    watch = make_watch()
    Team.objects.filter(pk=harbour.pk).update(allowed_models=["sonar-pro"])
    asking.ask_due()
    assert state_of(watch) == ("paused", "model")


def test_a_watch_that_fails_three_times_in_a_row_pauses(make_watch: MakeWatch) -> None:
    watch = make_watch()
    for failures in (1, 2):
        run = run_with(watch, "", state="failed")
        assert (run.state, watch.failures, watch.state) == ("failed", failures, "running")
    run_with(watch, "", state="interrupted")
    assert state_of(watch) == ("paused", "failures")


def test_an_answer_that_succeeds_ends_the_row_of_failures_and_stopping_one_is_none(make_watch: MakeWatch) -> None:
    watch = make_watch()
    run_with(watch, "", state="failed")
    run_with(watch, "", state="stopped")
    assert watch.failures == 1
    run_with(watch, KEPT)
    assert watch.failures == 0


def test_a_watch_ends_with_its_last_day_and_goes_on_with_a_later_one(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch(until=timezone.localdate())
    Watch.objects.update(until=timezone.localdate() - timedelta(days=3))
    asking.ask_due()
    assert state_of(watch) == ("ended", "until")
    assert watch.next_at is None
    with pytest.raises(ActionRefused, match="last day"):
        service.resume_watch(watch=watch, by=alice)

    plan = service.Plan(every="day", hour=9, weekday=0, day=1, time_zone="UTC", budget=Decimal(1))
    service.change_plan(watch=watch, by=alice, plan=plan)

    assert state_of(watch) == ("running", "")
    assert watch.next_at


def test_a_question_has_one_watch_and_needs_an_answer_first(
    make_watch: MakeWatch, question: Question, bob: User
) -> None:
    watch = make_watch()
    plan = service.Plan(every="week", hour=9, weekday=0, day=1, time_zone="UTC", budget=Decimal(1))
    with pytest.raises(ActionRefused, match="watched already"):
        service.begin_watch(question=question, by=bob, plan=plan)
    service.delete_watch(watch=watch, by=watch.owner)
    Answer.objects.update(state="failed")
    with pytest.raises(ActionRefused, match="Wait for an answer"):
        service.begin_watch(question=question, by=bob, plan=plan)


def test_a_deleted_watch_asks_no_more_until_it_is_restored_and_makes_up_for_nothing(
    make_watch: MakeWatch, alice: User
) -> None:
    watch = make_watch()
    service.delete_watch(watch=watch, by=alice)
    assert asking.ask_due() == 0
    service.restore_watch(watch=watch, by=alice)
    assert asking.ask_due() == 0
    assert watch.next_at
    assert watch.next_at > timezone.now()

    service.delete_watch(watch=watch, by=alice)
    Watch.objects.update(deleted_at=timezone.now() - service.KEPT_FOR - timedelta(hours=1))
    assert service.purge_watches() == 1
    assert not Watch.objects.exists()


def test_a_paused_watch_asks_no_more_until_somebody_has_it_ask_now(make_watch: MakeWatch, alice: User) -> None:
    watch = make_watch()
    service.pause_watch(watch=watch, by=alice)
    assert asking.ask_due() == 0
    service.run_soon(watch=watch, by=alice)
    assert asking.ask_due() == 1
    with pytest.raises(ActionRefused, match="right now"):
        service.run_soon(watch=watch, by=alice)


def test_what_is_suggested_is_enough_for_a_month(make_watch: MakeWatch, question: Question) -> None:
    last = service.last_answer(question)
    assert last
    end(last, KEPT, cost="0.05")
    watch = make_watch(budget=money.suggested_budget("day", service.last_answer(question)), due=False)
    for _run in range(5):
        run_with(watch, CHANGED, cost="0.05")
    assert state_of(watch) == ("running", "")
    assert money.suggested_budget("week", None) == money.LEAST
