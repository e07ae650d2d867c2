"""The sums that are kept of what was spent are those that one would add up, whatever happened to the rows."""

import random
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts import spending_sums
from accounts.models import Membership, Spending, SpendingOfConversation, SpendingOfDay, Team, User
from accounts.services import budgets

pytestmark = pytest.mark.django_db

BASES = ("reported", "estimated", "")
AMOUNTS = ("reported", "estimated", "unexplained", "reserved")


@pytest.fixture
def people(alice: User, bob: User) -> list[User]:
    return [alice, bob]


@pytest.fixture
def teams(people: list[User]) -> list[Team]:
    teams = [Team.objects.create(name=name) for name in ("Quay", "Pier")]
    for team in teams:
        Membership.objects.bulk_create(Membership(team=team, user=user) for user in people)
    return teams


def row(chance: random.Random, teams: list[Team], people: list[User], conversations: list[uuid.UUID]) -> Spending:
    asked_at = datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC) + timedelta(hours=chance.randrange(-30, 30))
    kind = chance.choice(Spending.Kind.values)
    return Spending(
        team=chance.choice(teams),
        user=chance.choice(people),
        month=budgets.month_of(asked_at),
        kind=kind,
        answer_id=uuid.UUID(int=chance.getrandbits(128)),
        conversation_id=chance.choice(conversations) if kind == "answer" else None,
        provider=chance.choice(("sonar", "agent")),
        model=chance.choice(("sonar", "sonar-pro", "it's {odd} %s")),
        reserved=Decimal(chance.randrange(2_000_000)).scaleb(-6),
        asked_at=asked_at,
    )


def added_up(*keys: str, **which: Any) -> dict[tuple[Any, ...], dict[str, int]]:
    """The sums of the rows as they are now, by these keys."""
    sums: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys((*AMOUNTS, "requests"), 0))
    for spent in Spending.objects.filter(**which):
        day = spent.asked_at.astimezone(UTC).date()
        one = sums[tuple(day if key == "day" else getattr(spent, key) for key in keys)]
        amount = spent.reserved if spent.cost is None else spent.cost
        source = "reserved" if spent.cost is None else spent.basis or "unexplained"
        one[source] += int(amount.scaleb(6))
        one["requests"] += 1
    return dict(sums)


def kept(model: type[SpendingOfDay] | type[SpendingOfConversation], *keys: str) -> dict[tuple[Any, ...], Any]:
    return {
        tuple(getattr(one, key) for key in keys): {name: getattr(one, name) for name in (*AMOUNTS, "requests")}
        for one in model.objects.all()
    }


def check() -> None:
    by_day = ("team_id", "month", "day", "user_id", "kind", "provider", "model")
    by_conversation = ("team_id", "month", "conversation_id")
    assert kept(SpendingOfDay, *by_day) == added_up(*by_day)
    assert kept(SpendingOfConversation, *by_conversation) == added_up(*by_conversation, kind="answer")
    unknown = Spending.objects.filter(cost__isnull=False, basis="").count()
    assert sum(SpendingOfDay.objects.values_list("unknown", flat=True)) == unknown


@pytest.mark.parametrize("seed", range(8))
def test_sums_are_those_of_the_rows_after_any_history(seed: int, teams: list[Team], people: list[User]) -> None:
    chance = random.Random(seed)
    conversations = [uuid.UUID(int=chance.getrandbits(128)) for _number in range(3)]

    def change() -> None:
        any_row = Spending.objects.order_by("answer_id")[chance.randrange(Spending.objects.count())]
        match chance.choice(("settle", "settle", "settle", "correct", "move", "delete", "delete many")):
            case "settle":
                cost = Decimal(chance.randrange(3_000_000)).scaleb(-6)
                budgets.settle_spending(answer_id=any_row.answer_id, cost=cost, basis=chance.choice(BASES))
            case "correct":
                Spending.objects.filter(pk=any_row.pk).update(cost=chance.choice((None, Decimal("0.000001"))))
            case "move":
                other = row(chance, teams, people, conversations)
                other.pk = any_row.pk
                other.save()
            case "delete":
                any_row.delete()
            case _:
                Spending.objects.filter(user=any_row.user, model=any_row.model, kind="image").delete()

    for _step in range(60):
        if chance.random() < 0.6 or not Spending.objects.exists():
            made = [row(chance, teams, people, conversations) for _number in range(chance.randrange(1, 4))]
            Spending.objects.bulk_create(made, ignore_conflicts=chance.random() < 0.5)
        else:
            change()
        if chance.random() < 0.2:
            check()
    check()

    before = kept(SpendingOfDay, "pk"), kept(SpendingOfConversation, "pk")
    spending_sums.rebuild(connection)
    assert (kept(SpendingOfDay, "pk"), kept(SpendingOfConversation, "pk")) == before

    Team.objects.filter(pk=teams[0].pk).delete()
    assert not SpendingOfDay.objects.filter(team_id=teams[0].pk).exists()
    check()


def test_what_is_rolled_back_is_not_in_the_sums(teams: list[Team], people: list[User]) -> None:
    with transaction.atomic():
        row(random.Random(1), teams, people, [uuid.uuid4()]).save()
        transaction.set_rollback(True)

    assert not SpendingOfDay.objects.exists()


def test_triggers_that_a_migration_took_away_are_made_anew_with_the_sums(teams: list[Team], people: list[User]) -> None:
    chance = random.Random(2)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION spending_summed() CASCADE")
        else:
            cursor.execute("DROP TRIGGER spending_summed_insert")
    Spending.objects.bulk_create(row(chance, teams, people, [uuid.uuid4()]) for _number in range(20))
    assert spending_sums.missing(connection)

    spending_sums.repair(connection)

    check()
    row(chance, teams, people, [uuid.uuid4()]).save()
    check()
    assert not spending_sums.missing(connection)
