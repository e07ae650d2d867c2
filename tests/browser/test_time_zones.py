"""Days and hours as the reader's browser has them, from the first page on, and as they choose."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import ask, scrolls_sideways
from tests.serving import Server
from tests.walks import long_walk, some

ZONES = ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"]


def zone_kept(server: Server, name: str) -> list[str]:
    return [str(row[0]) for row in server.rows(f"SELECT time_zone FROM accounts_user WHERE username = '{name}'")]


def asked_time(page: Page) -> str:
    return page.locator(".asker time").first.inner_text()


def written(at: datetime) -> str:
    return f"{at.day} {at:%b} {at.year}, {at:%H:%M}".replace("Sep ", "Sept ")


@pytest.mark.parametrize("zone", some(ZONES))
def test_the_first_page_and_the_next_show_the_browsers_hours(server: Server, page_for: PageFor, zone: str) -> None:
    page = page_for("alice", time_zone=zone)
    before = datetime.now(ZoneInfo(zone))
    page.goto("/")
    ask(page, "Who keeps the light?")
    expect(page.locator(".asker time")).to_be_visible()
    after = before + timedelta(minutes=1)

    assert asked_time(page) in {written(before), written(after)}
    page.reload()
    assert asked_time(page) in {written(before), written(after)}
    said = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")  # in an older spelling, for some
    expect(page.locator("body")).to_have_attribute("data-time-zone", said)
    assert zone_kept(server, "alice") == [said]


@long_walk
def test_what_the_server_writes_is_what_the_script_writes(server: Server, page_for: PageFor) -> None:
    page = page_for("alice", time_zone="America/Los_Angeles")
    page.goto("/")
    ask(page, "Who keeps the light?")
    expect(page.locator(".asker time")).to_be_visible()
    by_script = asked_time(page)
    plain = page_for("alice", javascript=False)  # which says no zone: that of the person is known by now
    plain.goto(page.url)

    assert asked_time(plain) == by_script


@long_walk
def test_a_chosen_zone_is_shown_everywhere_until_the_browser_is_followed_again(
    server: Server, page_for: PageFor
) -> None:
    page = page_for("alice", time_zone="America/Los_Angeles")
    page.goto("/accounts/me/")
    page.wait_for_function("() => document.cookie.includes('time_zone=')")  # the server has been told
    page.reload()
    field = page.get_by_role("combobox", name="Time zone")
    expect(field.locator("option").first).to_have_text("Follow my browser (America/Los Angeles)")
    field.select_option("Asia/Kathmandu")
    page.locator("#time-zone").get_by_role("button", name="Save").click()

    expect(page.locator(".toast")).to_contain_text("Your time zone is saved.")
    expect(page.locator("body")).to_have_attribute("data-time-zone", "Asia/Kathmandu")
    there = datetime.now(ZoneInfo("Asia/Kathmandu"))
    expect(page.locator("#time-zone")).to_contain_text(re.compile(f"{there:%H}:|{there + timedelta(minutes=2):%H}:"))
    other = page_for("alice", time_zone="Pacific/Auckland")
    other.goto("/accounts/me/")
    expect(other.locator("body")).to_have_attribute("data-time-zone", "Asia/Kathmandu")

    field.select_option("")
    page.locator("#time-zone").get_by_role("button", name="Save").click()

    expect(page.locator("body")).to_have_attribute("data-time-zone", "America/Los_Angeles")


@long_walk
@pytest.mark.parametrize(
    ("locale", "pattern"),
    [
        ("de-DE", r"\d+\. \S+\.? 2\d{3}, \d\d:\d\d"),
        pytest.param("fr-FR", r"\d+ \S+ 2\d{3}, \d\d:\d\d", marks=long_walk),
        pytest.param("ja-JP", r"2\d{3}年\d+月\d+日 \d+:\d\d", marks=long_walk),
        ("ar-EG", r"\d+ \S+ 2\d{3}، \d+:\d\d [صم]"),
    ],
)
def test_days_and_clock_are_those_of_the_language(server: Server, page_for: PageFor, locale: str, pattern: str) -> None:
    page = page_for("alice", time_zone="Asia/Kathmandu", locale=locale)
    page.goto("/")
    page.reload()
    page.locator("textarea[name=text]").fill("Who keeps the light?")
    page.locator("textarea[name=text]").press("Enter")
    page.wait_for_url(re.compile(r"/c/"))
    page.reload()

    assert re.fullmatch(pattern, asked_time(page)), asked_time(page)


@long_walk
def test_the_account_page_stays_in_its_width(server: Server, page_for: PageFor) -> None:
    for width in (1280, 320):
        page = page_for("alice", width=width)
        page.goto("/accounts/me/")
        assert scrolls_sideways(page) == []
