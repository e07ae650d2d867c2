"""What everybody sees of their own use: figures, limits, the table; and nothing of anybody else's."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Team, User
from accounts.services import budgets
from chat.models import Conversation
from tests.chat.conftest import Browser, Spend
from tests.questions import words

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    """The words of the page, without the sidebar."""
    response = client.get(f"/use/{query}")
    assert response.status_code == 200
    return words(response.content.decode().split("<main", 1)[1])


def test_a_member_sees_their_own_days_models_and_conversations_alone(
    browser: Browser, spend: Spend, harbour: Team, alice: User, bob: User
) -> None:
    shared = Conversation.objects.create(team=harbour, owner=alice, title="Tides")
    spend(bob, "0.5", model="sonar-pro", conversation_id=shared.pk)
    spend(bob, "0.25", conversation_id=shared.pk)
    spend(alice, "77", model="their-model", conversation_id=shared.pk)

    said = page(browser(bob))

    assert "$0.75 2 answers" in said
    assert "Sonar Pro 1 $0.50 $0.00 $0.50 Sonar 1 $0.25" in said
    assert f"{datetime.now(UTC).day} {datetime.now(UTC):%B} 2 $0.75 $0.00 $0.75" in said
    assert "Tides 2 $0.75" in said
    assert "77" not in said
    assert "their-model" not in said
    assert "alice" not in said


def test_a_conversation_that_has_become_private_has_no_title(
    browser: Browser, spend: Spend, harbour: Team, alice: User, bob: User
) -> None:
    hidden = Conversation.objects.create(team=harbour, owner=alice, title="My illness", visibility="private")
    spend(bob, "1", conversation_id=hidden.pk)

    said = page(browser(bob))

    assert "A private conversation 1 $1.00" in said
    assert "illness" not in said


def test_the_own_limit_and_what_is_left_to_the_team_are_shown(
    browser: Browser, spend: Spend, harbour: Team, alice: User, bob: User
) -> None:
    Team.objects.update(monthly_limit=Decimal(10))
    Membership.objects.filter(user=bob).update(monthly_limit=Decimal(2))
    spend(bob, "0.5")
    spend(alice, "4.5")

    said = page(browser(bob))

    assert "Your limit $1.50 left of $2.00 (25% used)" in said
    assert "The team’s limit $5.00 left of $10.00 (50% used)" in said
    assert "Save" not in said


def test_without_limits_none_is_mentioned(browser: Browser, spend: Spend, bob: User) -> None:
    spend(bob, "0.5")

    assert "left of" not in page(browser(bob))


def test_another_month_has_its_own_figures_and_no_limits(browser: Browser, spend: Spend, bob: User) -> None:
    Membership.objects.filter(user=bob).update(monthly_limit=Decimal(2))
    last = budgets.month_before(budgets.this_month())
    spend(bob, "0.7", asked_at=datetime(last.year, last.month, 1, tzinfo=UTC))

    said = page(browser(bob), f"?month={last:%Y-%m}")

    assert "$0.70 1 answer" in said
    assert "Your limit" not in said
    assert "You haven’t asked anything this month." in page(browser(bob))


def test_who_asked_nothing_is_told_so(browser: Browser, spend: Spend, alice: User, bob: User, vera: User) -> None:
    spend(alice, "3")

    assert "You haven’t asked anything this month. Costs appear here as soon as you do." in page(browser(bob))
    assert "Viewers can’t ask questions, so nothing is spent in your name." in page(browser(vera))
    assert "Download as CSV" not in page(browser(vera))


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-01"])
def test_what_is_no_month_is_not_found(browser: Browser, bob: User, month: str) -> None:
    assert browser(bob).get(f"/use/?month={month}").status_code == 404
    assert browser(bob).get(f"/use/answers.csv?month={month}").status_code == 404


def test_the_table_has_the_own_answers_alone(browser: Browser, spend: Spend, alice: User, bob: User) -> None:
    spend(alice, "9")
    spend(bob, "0.5")
    spend(bob, None)

    response: Any = browser(bob).get("/use/answers.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))

    assert [(row["person"], row["cost_usd"]) for row in rows] == [("bob", "0.50"), ("bob", "0.0066")]
    assert response["Content-Disposition"].endswith(f'parley-own-use-{budgets.this_month():%Y-%m}.csv"')


def test_nothing_of_another_team_is_counted(browser: Browser, spend: Spend, elsewhere: Team, bob: User) -> None:
    Membership.objects.create(team=elsewhere, user=bob)
    spend(bob, "99", team=elsewhere)

    assert "99" not in page(browser(bob))


def test_many_answers_take_as_many_queries_as_few(
    browser: Browser, spend: Spend, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        spend(bob, "0.01", model=f"model-{number % 5}")
    client = browser(bob)
    page(client)

    with django_assert_max_num_queries(16):
        page(client)
