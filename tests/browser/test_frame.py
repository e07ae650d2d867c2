"""The frame around the pages: colours, narrow screens, keyboard, accessibility."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor

PAGES = ("/", "/search/?q=asyncio", "/history/", "/accounts/team/", "/accounts/me/", "/accounts/password/")


def ask(page: Page, text: str) -> str:
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("article", name="Answer")).to_have_attribute(
        "data-state", re.compile("finished|failed"), timeout=30_000
    )
    return page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_the_accessibility_check_finds_nothing_on_any_page(
    page_for: PageFor, axe: Callable[[Page], None], scheme: Literal["light", "dark"], width: int
) -> None:
    page = page_for("alice", width=width, scheme=scheme)
    answered = ask(page, "#demo:fast How do Python's context managers work?")
    failed = ask(page, "#demo:401 What is asyncio?")

    for address in (*PAGES, answered, failed):
        page.goto(address)
        axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_check_finds_nothing_on_the_sign_in_page(
    page_for: PageFor, axe: Callable[[Page], None], scheme: Literal["light", "dark"]
) -> None:
    page = page_for("", scheme=scheme)

    page.goto("/accounts/login/")

    axe(page)


def test_nothing_scrolls_sideways_on_the_narrowest_screen(page_for: PageFor) -> None:
    page = page_for("alice", width=320)
    answered = ask(page, "#demo:fast How do Python's context managers work?")

    for address in (*PAGES, answered):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address


def test_the_drawer_takes_the_focus_and_gives_it_back(page_for: PageFor) -> None:
    page = page_for("alice", width=390)
    page.goto("/")
    menu = page.get_by_role("button", name="Menu", exact=True)
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_hidden()

    menu.click()
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_visible()
    expect(page.get_by_label("Close the menu")).to_be_focused()
    assert page.locator("main").evaluate("main => main.closest('[inert]') !== null")
    page.keyboard.press("Escape")

    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_hidden()
    expect(menu).to_be_focused()


def test_the_chosen_colours_are_there_before_the_first_script_runs(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.locator("summary", has_text="Harbour").click()
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    answer = page.request.get("/")

    assert 'data-theme="dark"' in answer.text()


def test_a_shortcut_leads_to_the_search_which_finds_as_one_types(page_for: PageFor) -> None:
    page = page_for("alice")
    answered = ask(page, "#demo:fast What does a walrus operator do?")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    page.keyboard.type("walrus", delay=20)
    page.get_by_role("list", name="Results").get_by_role("link", name="walrus").first.wait_for()
    page.go_back()

    expect(page).to_have_url(re.compile(re.escape(answered)))
    expect(page.get_by_role("article", name="Answer")).to_be_visible()


def test_the_first_page_is_light(page_for: PageFor) -> None:
    page = page_for("alice")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))

    page.goto("/", wait_until="networkidle")

    assert len(sizes) <= 12
    assert sum(sizes) <= 80_000
