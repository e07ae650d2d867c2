"""The page of costs in other languages and zones: figures are the reader's, months the team's, drawings nobody's."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import Membership, User
from accounts.services import budgets
from chat.costs import report
from tests.chat.conftest import Browser, Spend
from tests.questions import words

pytestmark = pytest.mark.django_db

NO_BREAK = "\u00a0"
LANGUAGES = ["de", "fr", "es", "pt-br", "ja", "zh-hans", "ar"]


def page_of(browser: Browser, person: User, language: str = "en", zone: str = "UTC", query: str = "") -> str:
    client = browser(person)
    client.cookies["time_zone"] = zone
    response = client.get(f"/costs/{query}", headers={"Accept-Language": language})
    assert response.status_code == 200
    page: str = response.content.decode()
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def test_figures_are_written_as_the_language_has_them(browser: Browser, spend: Spend, alice: User) -> None:
    spend(alice, "1234.5")

    assert f"1.234,50{NO_BREAK}$" in page_of(browser, alice, "de")
    assert f"1\u202f234,50{NO_BREAK}$US" in page_of(browser, alice, "fr")
    assert "$1,234.50" in page_of(browser, alice, "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_programs_read_is_the_same_in_every_language(
    browser: Browser, spend: Spend, alice: User, language: str
) -> None:
    spend(alice, "0.12345")
    spend(alice, "1.5", basis="estimated")
    budgets.set_team_limit(team=Membership.objects.get(user=alice).team, by=alice, limit=Decimal("1234.5"))

    english, other = page_of(browser, alice), page_of(browser, alice, language)

    pattern = r'\s(?:x|y|x1|x2|y1|y2|rx|width|height|max|value|href|datetime|data-\w+)="([^"]*)"'
    found = re.findall(pattern, re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", other))
    assert found == re.findall(pattern, re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", english))
    assert "1234.50" in found
    assert [one for one in found if re.search(r"\d,\d", one)] == []


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_months_and_days_of_money_stay_those_of_utc_wherever_the_reader_is(
    browser: Browser, spend: Spend, alice: User, zone: str
) -> None:
    last = budgets.month_before(budgets.this_month())
    border = datetime(last.year, last.month, 1, tzinfo=UTC)
    spend(alice, "7", asked_at=border)
    spend(alice, "5", asked_at=border - timedelta(microseconds=1))

    said = words(page_of(browser, alice, zone=zone, query=f"?month={last:%Y-%m}"))

    assert "$7.00 1 answer" in said
    assert "Days and months are in UTC" in said
    assert [day.total for _day, day in report.costs_by_day(Membership.objects.get(user=alice), last)][:2] == [7, 0]


def test_months_in_which_nothing_was_asked_are_not_listed(browser: Browser, spend: Spend, alice: User) -> None:
    before = budgets.month_before(budgets.month_before(budgets.this_month()))
    spend(alice, "7", asked_at=datetime(before.year, before.month, 3, tzinfo=UTC))

    months = report.last_months(Membership.objects.get(user=alice))

    assert [one.month for one in months] == [budgets.this_month(), before]
