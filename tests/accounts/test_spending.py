"""Money is reserved before a question is sent and settled when its answer has ended; limits hold to the last place."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.errors import LimitReached
from accounts.models import Membership, Spending, Team, User
from accounts.services import budgets
from core.web import formats, money
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def reserve(team: Team, user: User, amount: str) -> uuid.UUID:
    """Reserve so much for a new answer; its id."""
    answer_id = uuid.uuid4()
    with transaction.atomic():
        budgets.reserve_spending(
            team=team,
            user=user,
            answer_id=answer_id,
            conversation_id=uuid.uuid4(),
            provider="sonar",
            model="sonar",
            amount=Decimal(amount),
        )
    return answer_id


def limit_team(team: Team, limit: str | None) -> None:
    Team.objects.filter(pk=team.pk).update(monthly_limit=limit)


def limit_person(team: Team, user: User, limit: str | None) -> None:
    Membership.objects.filter(team=team, user=user).update(monthly_limit=limit)


def test_without_limits_everything_is_kept_and_nothing_refused(harbour: Team, bob: User) -> None:
    reserve(harbour, bob, "123456.789012")

    row = Spending.objects.get()
    assert (row.team, row.user, row.cost, row.reserved) == (harbour, bob, None, Decimal("123456.789012"))
    assert row.month == budgets.this_month()


def test_a_reservation_may_fill_the_limit_of_the_team_to_the_last_place(harbour: Team, bob: User, alice: User) -> None:
    limit_team(harbour, "0.300001")
    for _ in range(2):
        reserve(harbour, alice, "0.1")

    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.100002")
    reserve(harbour, bob, "0.100001")

    assert budgets.total_of(budgets.spending_of_month(harbour.pk, budgets.this_month())).cost == Decimal("0.300001")
    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.000001")


def test_many_small_amounts_are_added_up_without_an_error(harbour: Team, bob: User) -> None:
    limit_person(harbour, bob, "0.000700")
    for _ in range(700):
        reserve(harbour, bob, "0.000001")

    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.000001")


def test_the_limit_of_one_person_leaves_the_others_alone(harbour: Team, bob: User, alice: User) -> None:
    limit_person(harbour, bob, "0.01")
    reserve(harbour, alice, "5")
    reserve(harbour, bob, "0.01")

    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.000001")
    reserve(harbour, alice, "5")


def test_a_limit_of_one_team_does_not_count_what_another_spends(
    harbour: Team, elsewhere: Team, bob: User, charlie: User
) -> None:
    Membership.objects.create(team=elsewhere, user=bob, monthly_limit=Decimal(1))
    limit_team(harbour, "1")
    reserve(elsewhere, charlie, "3")
    reserve(elsewhere, bob, "1")

    reserve(harbour, bob, "1")


@pytest.mark.parametrize("amount", ["0", "0.000001"])
def test_where_nothing_is_left_nothing_may_be_asked_even_at_an_unknown_price(
    harbour: Team, bob: User, amount: str
) -> None:
    limit_team(harbour, "0")

    with pytest.raises(LimitReached):
        reserve(harbour, bob, amount)


def test_an_unknown_price_fits_as_long_as_something_is_left(harbour: Team, bob: User) -> None:
    limit_team(harbour, "0.000001")
    reserve(harbour, bob, "0")
    reserve(harbour, bob, "0")

    assert Spending.objects.count() == 2


def test_the_refusal_says_whose_limit_what_is_left_until_when_and_what_to_do(harbour: Team, bob: User) -> None:
    limit_person(harbour, bob, "0.05")
    budgets.settle_spending(answer_id=reserve(harbour, bob, "0.05"), cost=Decimal("0.0443"), basis="reported")

    with pytest.raises(LimitReached) as refused:
        reserve(harbour, bob, "0.0066")

    said = str(refused.value)
    first = budgets.month_after(budgets.this_month())
    assert said.startswith("Your monthly limit is $0.05. $0.0057 is left until it resets on ")
    assert f"{formats.day(first)} (UTC)" in said
    assert "may cost up to $0.0066" in said
    assert "A team owner can raise the limit" in said


def test_an_owner_is_not_sent_to_an_owner(harbour: Team, alice: User) -> None:
    limit_team(harbour, "0.05")
    with pytest.raises(LimitReached, match="or raise the limit"):
        reserve(harbour, alice, "0.06")

    limit_team(harbour, "0")
    with pytest.raises(LimitReached, match="You can raise it"):
        reserve(harbour, alice, "0.06")


def test_the_refusal_names_the_team_whose_limit_is_used_up(harbour: Team, bob: User) -> None:
    limit_team(harbour, "2")
    budgets.settle_spending(answer_id=reserve(harbour, bob, "2"), cost=Decimal("2.5"), basis="reported")

    with pytest.raises(LimitReached, match=r"The monthly limit of the team Harbour is \$2\.00\. It has been reached"):
        reserve(harbour, bob, "0.01")


def test_what_was_reserved_too_much_is_free_again_when_the_answer_has_ended(harbour: Team, bob: User) -> None:
    limit_team(harbour, "0.01")
    first = reserve(harbour, bob, "0.009")
    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.002")

    assert budgets.settle_spending(answer_id=first, cost=Decimal("0.005"), basis="reported")

    reserve(harbour, bob, "0.005")


def test_an_answer_is_settled_once_and_the_first_figure_stands(harbour: Team, bob: User) -> None:
    answer_id = reserve(harbour, bob, "0.01")

    assert budgets.settle_spending(answer_id=answer_id, cost=Decimal("0.005"), basis="reported")
    assert not budgets.settle_spending(answer_id=answer_id, cost=Decimal("7"), basis="estimated")

    row = Spending.objects.get()
    assert (row.cost, row.basis, row.reserved) == (Decimal("0.005"), "reported", Decimal("0.01"))


def test_what_was_never_reserved_is_not_settled() -> None:
    assert not budgets.settle_spending(answer_id=uuid.uuid4(), cost=Decimal(1), basis="reported")


def test_a_refused_reservation_leaves_nothing(harbour: Team, bob: User) -> None:
    limit_team(harbour, "0.01")
    with pytest.raises(LimitReached):
        reserve(harbour, bob, "0.02")

    assert not Spending.objects.exists()


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime.fromisoformat("2026-03-01T00:30:00+01:00"), date(2026, 2, 1)),
        (datetime.fromisoformat("2025-12-31T23:30:00-05:00"), date(2026, 1, 1)),
    ],
)
def test_months_are_those_of_utc(moment: datetime, month: date) -> None:
    assert budgets.month_of(moment) == month


@pytest.mark.parametrize(
    ("month", "after"), [(date(2026, 1, 1), date(2026, 2, 1)), (date(2025, 12, 1), date(2026, 1, 1))]
)
def test_the_next_month_begins_on_its_first_day(month: date, after: date) -> None:
    assert budgets.month_after(month) == after
    assert budgets.month_before(after) == month


def test_what_was_asked_last_month_leaves_this_one_alone(harbour: Team, bob: User) -> None:
    limit_team(harbour, "0.01")
    old = reserve(harbour, bob, "0.01")
    last = budgets.month_before(budgets.this_month())
    Spending.objects.update(month=last, asked_at=timezone.now() - timedelta(days=31))

    reserve(harbour, bob, "0.01")
    budgets.settle_spending(answer_id=old, cost=Decimal("0.009"), basis="reported")

    assert budgets.total_of(budgets.spending_of_month(harbour.pk, last)).cost == Decimal("0.009")
    [own] = budgets.own_spending([Membership.objects.get(user=bob)], budgets.this_month())
    assert own.total.cost == Decimal("0.01")


@pytest.mark.django_db(transaction=True)
def test_of_many_questions_at_once_as_many_pass_as_fit(harbour: Team, bob: User, alice: User) -> None:
    limit_team(harbour, "0.030000")

    def ask() -> bool:
        try:
            reserve(harbour, bob, "0.010000")
        except LimitReached:
            return False
        return True

    assert sorted(at_once(8, ask)) == [False] * 5 + [True] * 3
    assert budgets.total_of(Spending.objects.all()).cost == Decimal("0.030000")


@pytest.mark.django_db(transaction=True)
def test_of_many_questions_of_one_person_at_once_as_many_pass_as_fit(harbour: Team, bob: User) -> None:
    limit_person(harbour, bob, "0.015")

    def ask() -> bool:
        try:
            reserve(harbour, bob, "0.010000")
        except LimitReached:
            return False
        return True

    assert sorted(at_once(6, ask)) == [False] * 5 + [True]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_settle_at_once_one_does(harbour: Team, bob: User) -> None:
    answer_id = reserve(harbour, bob, "0.01")

    settled = at_once(6, lambda: budgets.settle_spending(answer_id=answer_id, cost=Decimal("0.005"), basis="reported"))

    assert sorted(settled) == [False] * 5 + [True]


def test_limits_are_set_by_owners_alone(harbour: Team, alice: User, bob: User) -> None:
    member = Membership.objects.get(user=bob)
    budgets.set_team_limit(team=harbour, by=alice, limit=Decimal("12.5"))
    budgets.set_member_limit(member=member, by=alice, limit=Decimal("2"))
    with pytest.raises(PermissionDenied):
        budgets.set_team_limit(team=harbour, by=bob, limit=None)
    with pytest.raises(PermissionDenied):
        budgets.set_member_limit(member=member, by=bob, limit=None)

    harbour.refresh_from_db()
    member.refresh_from_db()
    assert (harbour.monthly_limit, member.monthly_limit) == (Decimal("12.5"), Decimal("2"))

    budgets.set_member_limit(member=member, by=alice, limit=None)
    member.refresh_from_db()
    assert member.monthly_limit is None


@pytest.mark.parametrize(
    ("amount", "exact", "rounded"),
    [
        ("0", "$0.00", "$0.00"),
        ("0.0057", "$0.0057", "$0.0057"),
        ("0.000001", "$0.000001", "$0.000001"),
        ("0.123456", "$0.123456", "$0.123"),
        ("0.999999", "$0.999999", "$1.00"),
        ("0.5", "$0.50", "$0.50"),
        ("1.005", "$1.005", "$1.01"),
        ("12.345678", "$12.345678", "$12.35"),
        ("1234.5", "$1,234.50", "$1,234.50"),
        ("20", "$20.00", "$20.00"),
    ],
)
def test_amounts_are_shown_as_people_read_them(amount: str, exact: str, rounded: str) -> None:
    assert (money.exact_dollars(Decimal(amount)), money.rounded_dollars(Decimal(amount))) == (exact, rounded)


def spent(team: Team, user: User, *costs: str, model: str = "low", provider: str = "agent") -> None:
    """Answers that have ended, the oldest first."""
    for cost in costs:
        with transaction.atomic():
            answer_id = uuid.uuid4()
            budgets.reserve_spending(
                team=team,
                user=user,
                answer_id=answer_id,
                conversation_id=uuid.uuid4(),
                provider=provider,
                model=model,
                amount=Decimal(1),
            )
        assert budgets.settle_spending(answer_id=answer_id, cost=Decimal(cost), basis="reported")


def test_what_an_answer_usually_costs_is_what_nine_of_ten_have_cost_at_most(harbour: Team, bob: User) -> None:
    spent(harbour, bob, *[f"0.00{n}" for n in range(1, 10)])
    assert budgets.usual_cost(provider="agent", model="low") is None  # nine are too few to go by

    spent(harbour, bob, "0.5")

    assert budgets.usual_cost(provider="agent", model="low") == Decimal("0.5")
    spent(harbour, bob, *["0.002"] * 10)
    assert budgets.usual_cost(provider="agent", model="low") == Decimal("0.009")
    assert budgets.usual_cost(provider="sonar", model="low") is None
    assert budgets.usual_cost(provider="agent", model="medium") is None


def test_only_the_last_hundred_count_and_only_those_that_were_charged(
    harbour: Team, elsewhere: Team, bob: User, charlie: User
) -> None:
    spent(harbour, bob, *["3"] * 20)
    spent(elsewhere, charlie, *["0.01"] * 100)  # whoever asked, on whatever team
    spent(harbour, bob, *["0"] * 30)
    reserve(harbour, bob, "7")
    assert budgets.usual_cost(provider="agent", model="low") == Decimal("0.01")
