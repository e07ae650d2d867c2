"""The owners' page of costs: its figures, who sees them, and the table for other programs."""

import csv
import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Spending, Team, User
from accounts.services import budgets
from chat.costs import report
from chat.models import Conversation
from core import csv as core_csv
from core.web import formats
from tests.chat.conftest import Browser, Spend
from tests.questions import words
from upstream.catalog import prices

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    """The words of the page, without the sidebar."""
    response = client.get(f"/costs/{query}")
    assert response.status_code == 200
    return words(response.content.decode().split("<main", 1)[1])


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of the exported table."""
    response = client.get(f"/costs/answers.csv{query}")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- Figures ----------------------------------------------------------------------------------------


def test_the_page_tells_reported_estimated_and_reserved_apart(
    browser: Browser, spend: Spend, alice: User, bob: User
) -> None:
    spend(alice, "1.234567")
    spend(bob, "0.0057", basis="estimated")
    spend(bob, None)
    spend(bob, "0", basis="")

    said = page(browser(alice))

    assert "$1.2469 4 answers" in said  # 1.246867
    assert "Reported $1.2346 Estimated $0.0057 Reserved for answers in progress $0.0066" in said
    assert "Answers without a cost 1" in said
    assert f"price lists of {formats.day(prices.AS_OF)} (Sonar) and 9 Oct 2026 (Agent API)." in said


def test_people_models_and_days_are_added_up(browser: Browser, spend: Spend, alice: User, bob: User) -> None:
    spend(alice, "2", model="sonar-pro")
    spend(bob, "0.5")
    spend(bob, "0.25")

    said = page(browser(alice))

    assert re.search(r"alice 1 \$2\.00 .* bob 2 \$0\.75 ", said)
    assert re.search(r"Sonar Pro 1 \$2\.00 \$0\.00 \$2\.00 Sonar 2 \$0\.75", said)
    assert f"{datetime.now(UTC).day} {datetime.now(UTC):%B} 3 $2.75 $0.00 $2.75" in said


def test_somebody_who_left_the_team_stays_in_the_figures(
    browser: Browser, spend: Spend, alice: User, bob: User
) -> None:
    spend(bob, "0.5")
    Membership.objects.get(user=bob).delete()

    assert "bob no longer on the team 1 $0.50" in page(browser(alice))


def test_an_empty_month_says_so_and_still_lets_limits_be_set(browser: Browser, alice: User) -> None:
    response = browser(alice).get("/costs/")

    assert "No questions this month yet." in response.content.decode()
    assert 'action="/costs/limit/"' in response.content.decode()
    assert "answers.csv" not in response.content.decode()


def test_each_month_has_its_own_figures(browser: Browser, spend: Spend, alice: User) -> None:
    last = budgets.month_before(budgets.this_month())
    spend(alice, "7", asked_at=datetime(last.year, last.month, 1, 0, 0, tzinfo=UTC))
    spend(alice, "5", asked_at=datetime.now(UTC))

    assert "$5.00 1 answer " in page(browser(alice))
    before = page(browser(alice), f"?month={last:%Y-%m}")
    assert "$7.00 1 answer " in before
    assert "Monthly limit" not in before
    assert re.search(rf"{budgets.this_month():%B %Y} 1 \$5\.00 {last:%B %Y} 1 \$7\.00", before)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-01", "1999-12", "9999-01", "2099-01", "x", "2026-01-01"])
def test_what_is_no_month_is_not_found(browser: Browser, alice: User, month: str) -> None:
    assert browser(alice).get(f"/costs/?month={month}").status_code == 404
    assert browser(alice).get(f"/costs/answers.csv?month={month}").status_code == 404


def test_the_chart_is_as_tall_as_its_dearest_day(spend: Spend, alice: User) -> None:
    spend(alice, "1")
    spend(alice, "0.5", basis="estimated")
    membership = Membership.objects.get(user=alice)

    chart = report.daily_chart(report.costs_by_day(membership, budgets.this_month()), places=2)

    assert report.scale_places(chart) == 2
    today = chart.bars[datetime.now(UTC).day - 1]
    assert [str(line.amount) for line in chart.lines] == ["2", "1", "0"]
    assert [(part.kind, part.y, part.height) for part in today.parts] == [
        ("reported", "80.00", "80.00"),
        ("estimated", "40.00", "40.00"),
    ]
    assert sum(len(bar.parts) for bar in chart.bars) == 2


def test_a_day_begins_at_midnight_in_utc(spend: Spend, alice: User) -> None:
    last = budgets.month_before(budgets.this_month())
    midnight = datetime(last.year, last.month, 2, tzinfo=UTC)
    spend(alice, "1", asked_at=midnight - timedelta(microseconds=1))
    spend(alice, "2", asked_at=midnight)

    days = report.costs_by_day(Membership.objects.get(user=alice), last)

    assert [day.total for _date, day in days[:3]] == [1, 2, 0]


def test_the_page_takes_as_many_queries_for_many_answers_as_for_few(
    browser: Browser, spend: Spend, alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        spend(bob if number % 2 else alice, "0.01", model=f"model-{number % 5}")
    client = browser(alice)
    page(client)

    with django_assert_max_num_queries(18):
        page(client)


# --- Conversations ----------------------------------------------------------------------------------


def test_conversations_have_titles_only_where_the_owner_may_read_them(
    browser: Browser, spend: Spend, harbour: Team, alice: User, bob: User
) -> None:
    def talk(title: str, cost: str, **fields: Any) -> None:
        made = Conversation.objects.create(team=harbour, owner=bob, title=title, **fields)
        spend(bob, cost, conversation_id=made.pk)

    talk("Tides", "3")
    talk("My illness", "2", visibility="private")
    talk("Thrown away", "1", deleted_at=datetime.now(UTC))

    said = page(browser(alice))

    assert "Tides 1 $3.00 A private conversation 1 $2.00 A deleted conversation 1 $1.00" in said
    assert "illness" not in said
    assert "Thrown" not in said


def test_a_conversation_says_what_it_cost_so_far(
    browser: Browser, spend: Spend, harbour: Team, alice: User, vera: User
) -> None:
    made = Conversation.objects.create(team=harbour, owner=alice, title="Tides")
    for cost in ("0.1", "0.0234"):
        spend(alice, cost, conversation_id=made.pk)

    assert "Cost so far: $0.123, 2 answers" in words(browser(alice).get(f"/c/{made.pk}/").content.decode())
    assert "Cost so far: $0.123, 2 answers" in words(browser(alice).get(f"/c/{made.pk}/menu/").content.decode())
    assert words(browser(vera).get(f"/c/{made.pk}/costs/").content.decode()) == "Cost so far: $0.123, 2 answers"


# --- Who may see what -------------------------------------------------------------------------------


def test_nothing_of_another_team_is_counted_or_exported(
    browser: Browser, spend: Spend, elsewhere: Team, alice: User, charlie: User
) -> None:
    spend(charlie, "99", team=elsewhere, model="their-model")
    spend(alice, "1")

    said = page(browser(alice))

    assert "99" not in said
    assert "charlie" not in said
    assert "their-model" not in said
    assert [row["person"] for row in table(browser(alice))] == ["alice"]
    assert [row["person"] for row in table(browser(charlie))] == ["charlie"]


def test_an_owner_of_two_teams_sees_the_one_in_force(
    browser: Browser, spend: Spend, harbour: Team, elsewhere: Team, alice: User
) -> None:
    Membership.objects.create(team=elsewhere, user=alice, role="owner")
    spend(alice, "99", team=elsewhere)
    client = browser(alice)
    assert "$99.00" not in page(client)

    client.post("/accounts/switch/", {"team": str(elsewhere.pk)})

    assert "$99.00 1 answer" in page(client)


def test_members_are_told_that_it_is_for_owners(browser: Browser, bob: User) -> None:
    response = browser(bob).get("/costs/")

    assert response.status_code == 403
    assert "Only a team owner can do this." in response.content.decode()
    assert "/costs/" not in browser(bob).get("/").content.decode()


def test_everybody_sees_their_own_month_and_nobody_elses(
    browser: Browser, spend: Spend, harbour: Team, alice: User, bob: User
) -> None:
    spend(bob, "0.5")
    spend(bob, None)
    spend(alice, "77")
    Membership.objects.filter(user=bob).update(monthly_limit=Decimal(2))

    said = words(browser(bob).get("/accounts/me/").content.decode())

    assert "Harbour: $0.507 for 2 answers" in said
    assert "$1.49 left of $2.00 (25% used)" in said
    assert "77" not in said


# --- The table for other programs -------------------------------------------------------------------


def test_the_table_has_a_row_for_each_answer(browser: Browser, spend: Spend, alice: User, bob: User) -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    first = spend(alice, "0.0057", asked_at=at)
    spend(bob, None, model="sonar-pro")
    spend(bob, "12", basis="estimated")
    spend(bob, "0", basis="")

    rows = table(browser(alice))

    assert rows[0] == {
        "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "person": "alice",
        "model": "sonar",
        "provider": "sonar",
        "cost_usd": "0.0057",
        "basis": "reported",
        "conversation": str(first.conversation_id),
        "space": "",
    }
    assert [(row["cost_usd"], row["basis"]) for row in rows[1:]] == [
        ("0.0066", "reserved"),
        ("12.00", "estimated"),
        ("0.00", "not reported"),
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        ("x;=1+cmd|' /C calc'!A0;", "x;'=1+cmd|' /C calc'!A0;"),
        ('a,b"c', 'a,b"c'),
    ],
)
def test_no_cell_of_the_table_is_a_formula(
    browser: Browser, spend: Spend, alice: User, bob: User, name: str, shown: str
) -> None:
    User.objects.filter(pk=bob.pk).update(username=name)
    spend(bob, "1", model=name)

    (row,) = table(browser(alice))

    assert row["model"] == row["person"] == shown


def test_a_long_month_comes_in_pieces_and_whole(browser: Browser, harbour: Team, alice: User) -> None:
    month = budgets.this_month()
    count = core_csv.AT_ONCE * 2 + 1
    Spending.objects.bulk_create(
        Spending(
            team=harbour,
            user=alice,
            month=month,
            answer_id=uuid.uuid4(),
            conversation_id=uuid.uuid4(),
            provider="sonar",
            model=f"model-{number}",
            reserved=0,
            cost=1,
            basis="reported",
        )
        for number in range(count)
    )

    response = browser(alice).get("/costs/answers.csv")
    pieces = list(response.streaming_content)  # type: ignore[attr-defined]

    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == count + 1
    assert response["Content-Disposition"] == f'attachment; filename="parley-costs-{month:%Y-%m}.csv"'
