"""Several models answer side by side, and what they say is compared."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import PATIENCE, QUESTION, ask_from_home, scrolls_sideways, wait_for
from tests.walks import long_walk


def choose(page: Page, model: str) -> None:
    page.get_by_role("checkbox", name=re.compile(f"^{model}( about| under|$)")).check()


def test_models_asked_side_by_side_are_compared_when_they_have_ended(
    page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, QUESTION), "finished")
    page.get_by_role("link", name="Ask models side by side").click()
    page.wait_for_url(re.compile("/compare/$"))
    axe(page)
    choose(page, "Sonar")
    choose(page, "Sonar Pro")
    page.get_by_role("button", name="Ask side by side").click()

    page.wait_for_url(re.compile(r"/compare/\?a=.*&a="))
    expect(page.locator(".answer-column")).to_have_count(2)
    expect(page.locator('.answer-column article[data-state="finished"]')).to_have_count(2, timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Answer 2 and answer 3")).to_be_visible(timeout=PATIENCE)
    axe(page)

    page.goto(page.url.partition("questions/")[0])
    page.get_by_role("link", name="Compare", exact=True).click()
    first = page.get_by_role("checkbox", name=re.compile("^Answer 1"))
    expect(first).not_to_be_checked()
    first.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Answer 1 and answer 3")).to_be_visible()


@long_walk
def test_a_comparison_fits_a_phone_and_works_without_scripts(page_for: PageFor) -> None:
    wide = page_for("alice")
    wait_for(ask_from_home(wide, QUESTION), "finished")
    address = wide.get_by_role("link", name="Ask models side by side").get_attribute("href")
    assert address
    page = page_for("alice", width=320, scheme="dark", javascript=False)
    page.goto(address)
    choose(page, "Sonar Pro")
    page.get_by_role("button", name="Ask side by side").click()
    expect(page.locator(".answer-column")).to_have_count(2)
    assert not scrolls_sideways(page)

    wide.goto(address)
    expect(wide.get_by_role("heading", name="Answer 1 and answer 2")).to_be_visible(timeout=PATIENCE)
    page.goto(address)
    expect(page.get_by_role("heading", name="Answer 1 and answer 2")).to_be_visible()
    assert not scrolls_sideways(page)
