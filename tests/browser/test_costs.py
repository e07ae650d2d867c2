"""What answers cost, in the browser: figures after asking the demo, and a limit that refuses but loses nothing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    answer,
    answers,
    ask,
    ask_from_home,
    composer,
    questions,
    scrolls_sideways,
    wait_for,
)
from tests.serving import Server
from tests.walks import long_walk

Scheme = Literal["light", "dark"]

QUESTION = "How do context managers work? #demo:fast"
SCHEMES: list[Scheme] = ["light", "dark"]
REFUSED = "The monthly limit of the team Harbour is $0.006."


def set_team_limit(page: Page, limit: str) -> None:
    page.goto("/costs/")
    page.get_by_label("The team’s monthly limit in US dollars").fill(limit)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("limit")


def refusal(page: Page) -> Locator:
    """What the composer says is wrong."""
    return page.locator("#composer").get_by_role("alert")


@pytest.fixture
def spent(server: Server, page_for: PageFor) -> Page:
    """Alice's page, on a server where she has asked one question that the demo answered."""
    page = page_for("alice")
    wait_for(ask_from_home(page, QUESTION), "finished")
    return page


def test_an_owner_sees_the_figures_and_a_limit_holds_until_it_is_raised(spent: Page) -> None:
    page = spent
    conversation = page.url
    page.locator(".account > summary").click()
    page.get_by_role("link", name="Costs", exact=True).click()
    expect(page.locator(".sum")).to_have_text(re.compile(r"\$0\.00\d+\s+1 answer"))
    expect(page.get_by_role("row", name=re.compile("alice"))).to_contain_text("$0.00")
    chart = page.get_by_role("img", name=re.compile("Daily costs in"))
    expect(chart.locator(".chart-reported")).to_have_count(1)

    set_team_limit(page, "0.006")
    expect(page.get_by_role("progressbar", name="The team’s limit")).to_be_visible()

    page.goto(conversation)
    ask(page, "And how do generators work?")
    expect(refusal(page)).to_contain_text(REFUSED)
    expect(composer(page)).to_have_value("And how do generators work?")
    assert questions(page) == [QUESTION]
    page.reload()
    expect(composer(page)).to_have_value("And how do generators work?")

    page.get_by_role("button", name="Ask again", exact=True).click()
    expect(page.locator(".exchange").get_by_role("alert")).to_contain_text(REFUSED)
    expect(answers(page)).to_have_count(1)
    page.get_by_role("link", name="See costs and limits").click()
    expect(page).to_have_url(re.compile("/costs/$"))

    set_team_limit(page, "$1.50")
    page.goto(conversation)
    expect(composer(page)).to_have_value("And how do generators work?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    expect(composer(page)).to_have_value("")

    page.get_by_label("Conversation menu").click()
    expect(page.locator("#conversation-menu")).to_contain_text(re.compile(r"Cost so far: \$0\.0\d+, 2 answers"))


def test_a_member_is_refused_from_the_front_page_too_and_is_not_sent_to_a_page_for_owners(
    server: Server, page_for: PageFor
) -> None:
    set_team_limit(page_for("alice"), "0")
    page = page_for("bob")
    page.goto("/")

    ask(page, QUESTION)

    expect(refusal(page)).to_contain_text("The monthly limit of the team Harbour is $0.00. It has been reached")
    expect(refusal(page)).to_contain_text("A team owner can raise it.")
    expect(page.get_by_role("link", name="See costs and limits")).to_have_count(0)
    expect(composer(page)).to_have_value(QUESTION)


@long_walk
def test_the_limit_of_one_person_is_set_in_their_row(spent: Page, page_for: PageFor) -> None:
    page = spent
    page.goto("/costs/")
    row = page.get_by_role("row", name=re.compile("bob"))
    row.get_by_label("Monthly limit for bob in US dollars").first.fill("1,5")
    row.get_by_role("button").click()
    expect(row.get_by_role("alert")).to_contain_text("Enter an amount such as 12.50")
    field = row.get_by_role("textbox")
    expect(field).to_have_value("1,5")
    expect(field).to_be_focused()

    field.fill("2.5")
    field.press("Enter")
    expect(page.locator(".toast")).to_contain_text("The limit for bob has been saved.")
    expect(row).to_contain_text("$2.50 left of $2.50 (0% used)")

    account = page_for("bob")
    account.goto("/accounts/me/")
    expect(account.get_by_role("progressbar", name="Your limit in Harbour")).to_be_visible()


@long_walk
def test_limits_work_without_javascript(server: Server, page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/costs/")
    page.get_by_label("The team’s monthly limit in US dollars").fill("0.001")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("$0.001 left of $0.001 (0% used)")).to_be_visible()
    page.goto("/")

    ask(page, QUESTION)

    expect(refusal(page)).to_contain_text("is $0.001.")
    expect(composer(page)).to_have_value(QUESTION)
    page.get_by_role("link", name="See costs and limits").click()
    expect(page.get_by_role("heading", name="Costs", exact=True)).to_be_visible()


@long_walk
def test_the_figures_come_as_a_file(spent: Page) -> None:
    page = spent
    page.goto("/costs/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()

    assert re.fullmatch(r"parley-costs-\d{4}-\d\d\.csv", download.value.suggested_filename)
    header, row = download.value.path().read_text().splitlines()
    assert header.startswith("time,person,model,")
    assert ",alice,sonar,sonar,0.00" in row


@long_walk
def test_the_pages_of_costs_are_in_order_in_both_schemes_wide_and_narrow(
    spent: Page, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    set_team_limit(spent, "0.002")
    last_month = datetime.now(UTC).replace(day=1) - timedelta(days=1)
    for width in (1280, 320):
        page = page_for("alice", width=width)
        for address in ("/costs/", f"/costs/?month={last_month:%Y-%m}", "/accounts/me/"):
            page.goto(address)
            for closed in page.locator("details.day-figures > summary").all():
                closed.click()
            axe(page)
            assert scrolls_sideways(page) == [], (address, width)
        empty = page_for("charlie", width=width)
        empty.goto("/costs/")
        axe(empty)
        assert scrolls_sideways(empty) == []
    page.goto("/")
    ask(page, QUESTION)
    expect(refusal(page)).to_contain_text("$0.002")
    axe(page)
    assert scrolls_sideways(page) == []
