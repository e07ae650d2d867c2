"""The fair queue before a model."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Team, User
from chat.answers import rate_limits
from chat.answers.leases import answer_leases
from chat.models import Answer, Lane
from chat.questions import service as questions
from core.web.jobs.leases import LASTS
from tests import wishes
from tests.racing import at_once

BUCKET = "sonar:sonar-pro"
HERE, THERE = uuid.uuid4(), uuid.uuid4()
Ask = Callable[[User], Answer]


@pytest.fixture
def ask(harbour: Team) -> Ask:
    def ask(by: User) -> Answer:
        answer = questions.ask_in_new_conversation(
            wishes.wish(f"{uuid.uuid4()}?", model="sonar-pro"), team=harbour, by=by
        )
        answer_leases.take(answer.pk, holder=HERE)
        return answer

    return ask


@pytest.fixture
def limit(settings: Settings) -> Callable[[int], None]:
    def limit(per_minute: int) -> None:
        settings.PERPLEXITY_RPM = {"sonar-pro": per_minute}

    return limit


def empty(bucket: str = BUCKET) -> None:
    """Take everything out of the bucket that it holds now."""
    Lane.objects.update_or_create(pk=bucket, defaults={"level": 0, "counted_at": timezone.now()})


def join_queue(answer_id: uuid.UUID) -> rate_limits.QueuePlace:
    """As the process `HERE` does for an answer that it has read just now."""
    return rate_limits.enqueue(Answer.objects.get(pk=answer_id), holder=HERE)


def wind_back(seconds: float, bucket: str = BUCKET) -> None:
    """Let time pass."""
    row = Lane.objects.get(pk=bucket)
    row.counted_at -= timedelta(seconds=seconds)
    if row.closed_until:
        row.closed_until -= timedelta(seconds=seconds)
    row.save()


def places(turns: list[rate_limits.QueuePlace]) -> dict[uuid.UUID, int]:
    return {turn.answer_id: turn.place for turn in turns}


@pytest.mark.django_db
def test_without_a_limit_nobody_waits_and_nothing_is_written(ask: Ask, alice: User) -> None:
    answer = ask(alice)

    assert join_queue(answer.pk).place == 0
    assert not Lane.objects.exists()


@pytest.mark.django_db
def test_as_many_as_the_limit_go_at_once_and_the_next_one_is_first_in_line(
    ask: Ask, alice: User, limit: Callable[[int], None]
) -> None:
    limit(3)

    assert [join_queue(ask(alice).pk).place for _ in range(5)] == [0, 0, 0, 1, 2]


@pytest.mark.django_db
def test_the_bucket_refills_steadily(ask: Ask, alice: User, limit: Callable[[int], None]) -> None:
    limit(6)
    empty()
    first, second = ask(alice), ask(alice)
    assert [join_queue(one.pk).place for one in (first, second)] == [1, 2]

    wind_back(9)
    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {first.pk: 1, second.pk: 2}
    wind_back(2)
    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {first.pk: 0, second.pk: 1}


@pytest.mark.django_db
def test_it_never_holds_more_than_a_minute_gives(ask: Ask, alice: User, limit: Callable[[int], None]) -> None:
    limit(2)
    empty()
    wind_back(3600)

    assert [join_queue(ask(alice).pk).place for _ in range(4)] == [0, 0, 1, 2]


@pytest.mark.django_db
def test_whoever_asks_little_does_not_wait_behind_whoever_asks_much(
    ask: Ask, alice: User, bob: User, limit: Callable[[int], None]
) -> None:
    limit(10)
    empty()
    many = [ask(alice) for _ in range(5)]
    for one in many:
        join_queue(one.pk)
    single = ask(bob)

    assert join_queue(single.pk).place == 2
    assert places(rate_limits.admit(BUCKET, holder=HERE))[many[1].pk] == 3


@pytest.mark.django_db
def test_what_was_let_in_just_now_counts_as_a_turn(
    ask: Ask, alice: User, bob: User, limit: Callable[[int], None]
) -> None:
    limit(1)
    join_queue(ask(alice).pk)
    again, first = ask(alice), ask(bob)

    join_queue(again.pk)

    assert join_queue(first.pk).place == 1
    assert places(rate_limits.admit(BUCKET, holder=HERE))[again.pk] == 2


def move(answer: Answer, *, renewed: timedelta) -> None:
    """Have another process hold the answer, which renewed its lease so long ago."""
    until = timezone.now() - renewed + LASTS
    Answer.objects.filter(pk=answer.pk).update(lease_holder=THERE, lease_expires_at=until)


@pytest.mark.django_db
def test_what_another_process_holds_keeps_its_turn_until_that_process_takes_it(
    ask: Ask, alice: User, limit: Callable[[int], None]
) -> None:
    limit(2)
    empty()
    theirs, ours = ask(alice), ask(alice)
    for one in (theirs, ours):
        join_queue(one.pk)
    move(theirs, renewed=timedelta(seconds=1))
    wind_back(31)

    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {theirs.pk: 1, ours.pk: 2}
    assert places(rate_limits.admit(BUCKET, holder=THERE)) == {theirs.pk: 0, ours.pk: 1}
    wind_back(30)
    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {ours.pk: 0}


@pytest.mark.django_db
def test_what_a_process_holds_that_was_not_heard_of_lately_uses_up_no_turn(
    ask: Ask, alice: User, limit: Callable[[int], None]
) -> None:
    limit(1)
    empty()
    theirs, ours = ask(alice), ask(alice)
    for one in (theirs, ours):
        join_queue(one.pk)
    move(theirs, renewed=timedelta(seconds=4))
    wind_back(61)

    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {ours.pk: 0}
    theirs.refresh_from_db()
    assert theirs.admitted_at is None


@pytest.mark.django_db
def test_a_stopped_question_leaves_the_line(ask: Ask, alice: User, limit: Callable[[int], None]) -> None:
    limit(1)
    empty()
    first, second = ask(alice), ask(alice)
    for one in (first, second):
        join_queue(one.pk)

    Answer.objects.filter(pk=first.pk).update(state=Answer.State.STOPPED)

    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {second.pk: 1}


@pytest.mark.django_db
def test_a_bucket_that_the_service_closed_lets_nobody_in_until_it_opens(ask: Ask, alice: User) -> None:
    rate_limits.pause(BUCKET, wait=20)
    answer = ask(alice)
    assert join_queue(answer.pk).place == 1

    wind_back(19)
    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {answer.pk: 1}
    wind_back(3)
    assert places(rate_limits.admit(BUCKET, holder=HERE)) == {answer.pk: 0}


@pytest.mark.django_db
def test_after_it_opens_they_do_not_all_rush_in(ask: Ask, alice: User) -> None:
    rate_limits.pause(BUCKET, wait=20)
    answers = [ask(alice) for _ in range(5)]
    for one in answers:
        join_queue(one.pk)

    wind_back(22.05)

    assert sorted(places(rate_limits.admit(BUCKET, holder=HERE)).values()) == [0, 0, 1, 2, 3]


@pytest.mark.django_db
def test_a_minute_later_the_refusal_is_forgotten(ask: Ask, alice: User) -> None:
    rate_limits.pause(BUCKET, wait=5)
    wind_back(70)

    assert join_queue(ask(alice).pk).place == 0
    assert Lane.objects.get(pk=BUCKET).level == 0, "the bucket was not even looked at"


@pytest.mark.django_db
def test_a_shorter_closure_does_not_end_a_longer_one() -> None:
    rate_limits.pause(BUCKET, wait=100)
    until = Lane.objects.get(pk=BUCKET).closed_until

    rate_limits.pause(BUCKET, wait=1)

    assert Lane.objects.get(pk=BUCKET).closed_until == until


@pytest.mark.django_db
def test_no_service_can_close_a_bucket_for_days(ask: Ask) -> None:
    rate_limits.pause(BUCKET, wait=1e6)

    closed = Lane.objects.get(pk=BUCKET).closed_until
    assert closed is not None
    assert closed <= timezone.now() + rate_limits.LONGEST_PAUSE


@pytest.mark.django_db
def test_a_limit_without_a_name_counts_for_every_model_that_has_none_of_its_own(settings: Settings) -> None:
    settings.PERPLEXITY_RPM = {"*": 50, "sonar-deep-research": 5, "agent:low": 7}

    assert rate_limits.limit_per_minute(rate_limits.bucket_name(provider="sonar", model="sonar")) == 50
    assert rate_limits.limit_per_minute(rate_limits.bucket_name(provider="sonar", model="sonar-deep-research")) == 5
    assert rate_limits.limit_per_minute(rate_limits.bucket_name(provider="agent", model="low")) == 7
    assert rate_limits.limit_per_minute(rate_limits.bucket_name(provider="agent", model="high")) == 50


@pytest.mark.django_db(transaction=True)
def test_processes_that_let_in_at_once_do_not_let_in_too_many(
    ask: Ask, alice: User, limit: Callable[[int], None]
) -> None:
    limit(3)
    answers = [ask(alice) for _ in range(12)]

    waiting = iter([one.pk for one in answers])
    at_once(len(answers), lambda: join_queue(next(waiting)))

    assert Answer.objects.filter(admitted_at__isnull=False).count() == 3
    assert sorted(turn.place for turn in rate_limits.admit(BUCKET, holder=HERE) if turn.place) == list(range(1, 10))


@pytest.mark.django_db
def test_questions_wait_before_the_service_has_to_refuse_any(ask: Ask, alice: User) -> None:
    rate_limits.note_remaining(BUCKET, limit=3, remaining=0, wait=2)
    first = [ask(alice) for _ in range(4)]
    turns = [join_queue(answer.pk) for answer in first]
    assert [turn.place for turn in turns] == [1, 2, 3, 4]

    wind_back(2.1)

    assert sorted(places(rate_limits.admit(BUCKET, holder=HERE)).values()) == [0, 0, 0, 1]


@pytest.mark.django_db
def test_no_more_are_let_in_than_the_service_said_are_left(ask: Ask, alice: User) -> None:
    rate_limits.note_remaining(BUCKET, limit=40, remaining=1, wait=20)
    turns = [join_queue(ask(alice).pk) for _ in range(5)]
    assert [turn.place for turn in turns] == [0, 1, 2, 3, 4]
    wind_back(1)
    assert sorted(places(rate_limits.admit(BUCKET, holder=HERE)).values()) == [0, 0, 0, 1, 2]  # forty in twenty seconds


@pytest.mark.django_db
def test_a_wait_that_the_service_names_is_bounded_and_a_minute_later_nobody_queues(ask: Ask, alice: User) -> None:
    rate_limits.note_remaining(BUCKET, limit=10**12, remaining=0, wait=10**9)
    row = Lane.objects.get(pk=BUCKET)
    assert row.closed_until
    assert row.closed_until <= timezone.now() + rate_limits.LONGEST_PAUSE
    assert row.said_limit == rate_limits.MOST_PER_MINUTE
    wind_back(rate_limits.LONGEST_PAUSE.total_seconds() + 61)
    assert join_queue(ask(alice).pk).place == 0
    assert Answer.objects.exclude(lane="").count() == 0


@pytest.mark.parametrize(
    ("limit", "remaining", "close"),
    [(50, 49, False), (50, 3, False), (50, 2, True), (50, 0, True), (5, 2, False), (5, 1, True), (1, 1, True)],
)
def test_only_when_few_are_left_is_anything_written(limit: int, remaining: int, close: bool) -> None:
    assert rate_limits.is_close(limit=limit, remaining=remaining) is close
