"""The command palette in the browser: opened by key or button, searched as one types, gone through by arrows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import composer, scrolls_sideways
from tests.walks import long_walk


def palette(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search or run a command")


def option(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("listbox", name="Results").get_by_role("option", name=name)


def open_palette(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    expect(palette(page)).to_be_focused()
    return palette(page)


def chosen(page: Page) -> str:
    """The name of the entry that the box says is active."""
    return str(
        page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText")
    ).strip()


def test_a_conversation_is_opened_by_a_few_letters(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    open_palette(page)
    page.keyboard.type("sixty")
    page.keyboard.press("Enter")  # before the server has answered

    page.wait_for_url(f"**{shelf['long']}")
    expect(page.get_by_role("heading", name="Sixty questions")).to_be_visible()


def test_nothing_typed_is_lost_before_it_is_there(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).fill("Half a que")
    page.keyboard.press("Control+k")
    page.keyboard.type("sixty")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{shelf['long']}")

    page.keyboard.press("Control+k")
    page.keyboard.type("new")
    expect(palette(page)).to_have_value("new")
    expect(option(page, "New question")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("/")
    expect(composer(page)).to_have_value("Half a que")
    composer(page).fill("")


@long_walk
def test_arrows_go_round_and_the_box_says_where_they_are(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    open_palette(page)
    first = chosen(page)
    page.keyboard.press("ArrowDown")
    second = chosen(page)
    assert second != first
    page.keyboard.press("ArrowUp")
    assert chosen(page) == first
    page.keyboard.press("ArrowUp")
    assert chosen(page) not in {first, second}
    page.keyboard.press("ArrowDown")
    assert chosen(page) == first
    expect(page.locator('#palette [aria-selected="true"]')).to_have_count(1)


def test_it_closes_and_gives_the_focus_back(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).fill("Half a que")
    for close in ("Escape", "Control+k"):
        open_palette(page)
        page.keyboard.press(close)
        expect(palette(page)).to_be_hidden()
        expect(composer(page)).to_be_focused()
    open_palette(page)
    page.mouse.click(5, 5)
    expect(palette(page)).to_be_hidden()
    expect(composer(page)).to_have_value("Half a que")


def test_what_is_not_found_is_searched_everywhere(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    open_palette(page)
    page.keyboard.type("nightly & rain")
    expect(option(page, "Search everywhere for “nightly & rain”")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=nightly%20%26%20rain")


@long_walk
def test_the_theme_is_switched(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", scheme="light")
    page.goto("/")
    open_palette(page)
    page.keyboard.type("dark")
    expect(option(page, "Dark theme")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_language_is_switched_on_the_page_where_one_is(page_for: PageFor) -> None:
    page = page_for("vera")
    page.goto("/history/")
    open_palette(page)
    page.keyboard.type("deutsch")
    expect(option(page, re.compile("^Deutsch"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.url.endswith("/history/")
    page.request.post("/accounts/language/", form={"language": "", "csrfmiddlewaretoken": _token(page)})


@long_walk
def test_the_models_are_opened_where_there_is_a_composer(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    open_palette(page)
    page.keyboard.type("switch mod")
    expect(option(page, "Switch model")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#models")).to_have_attribute("open", "")

    page.goto("/accounts/team/")
    open_palette(page)
    page.keyboard.type("switch mod")
    expect(option(page, re.compile("^Search everywhere"))).to_be_visible()
    expect(option(page, "Switch model")).to_have_count(0)


@long_walk
def test_it_asks_once_for_what_is_typed_in_one_go(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    open_palette(page)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.split("/")[-1])

    page.on("request", note)
    page.keyboard.type("lighthouse")
    expect(option(page, re.compile("lighthouse"))).to_be_visible()
    assert asked == ["?q=lighthouse"]


@long_walk
def test_signed_out_it_says_so(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.context.clear_cookies()
    page.keyboard.press("Control+k")
    expect(page.get_by_text("You’ve been signed out.")).to_be_visible()


def test_without_a_server_it_says_so(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.context.set_offline(True)
    page.keyboard.press("Control+k")
    expect(page.get_by_text("The server couldn’t be reached.")).to_be_visible()


@long_walk
@pytest.mark.parametrize("width", [1280, 320])
def test_the_accessibility_check_finds_nothing(
    page_for: PageFor, axe: Callable[[Page], None], shelf: dict[str, str], width: int
) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    open_palette(page)
    expect(option(page, "New question")).to_be_visible()
    axe(page)
    page.keyboard.type("a")
    expect(option(page, re.compile("^Search everywhere"))).to_be_visible()
    axe(page)
    assert scrolls_sideways(page) == []


def test_on_a_phone_it_is_a_sheet_that_a_finger_opens(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=360, touch=True)
    page.goto("/")
    page.get_by_role("button", name="Menu", exact=True).tap()
    page.get_by_role("button", name="Commands").tap()
    expect(palette(page)).to_be_focused()
    box = page.get_by_role("dialog", name="Commands").bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"]) == (0, 0, 360)
    palette(page).fill("sixty")  # it may not be among the newest any more
    option(page, "Sixty questions").tap()
    page.wait_for_url(f"**{shelf['long']}")


def _token(page: Page) -> str:
    return str(page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']"))
