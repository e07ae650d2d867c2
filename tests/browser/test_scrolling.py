"""Scrolling: the page follows the end for whoever is there, and moves nothing under the eyes of whoever is not."""

import re

from playwright.sync_api import Page, expect

from chat.conversations.exchanges import PER_PAGE
from tests.browser.conftest import PageFor
from tests.browser.steps import LONG, PATIENCE, answer, ask_from_home, composer, questions, wait_for


def from_end(page: Page) -> int:
    """How many pixels of the page are below the window."""
    pixels: float = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
    return round(pixels)


def test_the_page_follows_the_end_only_while_the_reader_is_there(page_for: PageFor) -> None:
    page = page_for("alice")
    ask_from_home(page, LONG)
    page.wait_for_function("() => scrollY > 300", timeout=PATIENCE)
    jump = page.get_by_role("button", name="Jump to the end")
    expect(jump).to_be_hidden()
    assert from_end(page) < 40

    page.mouse.move(600, 400)
    page.mouse.wheel(0, -280)
    expect(jump).to_be_visible(timeout=PATIENCE)
    place, height = page.evaluate("[scrollY, document.documentElement.scrollHeight]")
    page.wait_for_function("(height) => document.documentElement.scrollHeight > height + 200", arg=height)
    assert page.evaluate("scrollY") == place

    jump.click()
    expect(jump).to_be_hidden()
    expect(composer(page)).to_be_focused()
    page.wait_for_function("(place) => scrollY > place + 500", arg=place, timeout=PATIENCE)
    assert from_end(page) < 40
    page.get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")


def test_older_questions_come_as_one_scrolls_up_and_move_nothing(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    expect(page.locator(".exchange")).to_have_count(PER_PAGE)
    expect(page.get_by_role("heading", name="Question number 60?")).to_be_in_viewport()

    for count in (2 * PER_PAGE, 3 * PER_PAGE):
        before = page.evaluate(
            """() => {
                window.first = document.querySelector(".exchange"); // before any older one can be the first
                document.querySelector(".older").scrollIntoView({block: "start"});
                return window.first.getBoundingClientRect().top;
            }"""
        )
        expect(page.locator(".exchange")).to_have_count(count)
        after = page.evaluate("window.first.getBoundingClientRect().top")
        assert abs(after - before) <= 2

    assert [int(n) for n in re.findall(r"number (\d+)\?", " ".join(questions(page)))] == [*range(61 - 3 * PER_PAGE, 61)]


def test_a_place_that_the_search_found_is_opened_and_the_rest_can_be_reached(
    page_for: PageFor, shelf: dict[str, str]
) -> None:
    page = page_for("bob")
    page.goto(f"{shelf['long']}?around=8")

    expect(page.get_by_role("heading", name="Question number 8?")).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    expect(page.get_by_role("heading", name="Question number 60?")).to_be_attached(timeout=PATIENCE)
    numbers = [int(n) for n in re.findall(r"number (\d+)\?", " ".join(questions(page)))]
    assert numbers == [*range(numbers[0], 61)]


def test_older_questions_that_did_not_come_are_a_link_away(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    page.context.set_offline(True)
    page.evaluate("scrollTo(0, 0)")
    notice = page.locator(".toast")
    expect(notice).to_contain_text("The server couldn’t be reached.")
    expect(notice.get_by_role("button", name="Try again")).to_have_count(0)

    page.context.set_offline(False)
    page.get_by_role("link", name="Earlier questions").click()

    expect(page.get_by_role("heading", name="Question number 50?")).to_be_visible()
