"""Holding back requests of a page, and what the tests of requests that overlap do and look at in the composer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route, expect

QUESTION = "How do context managers work? #demo:fast"
IN_CONVERSATION = re.compile(r"/c/[0-9a-f-]{36}/$")
CHANGE = re.compile(r"/options/$")
CHECK = re.compile(r"/options/check/$")
NAME = "Papers since 2024"


@contextmanager
def held(page: Page, address: re.Pattern[str] | str) -> Iterator[list[Route]]:
    """Keep the requests to the address from leaving the browser; at the end they go, and later ones are not kept."""
    waiting: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            waiting.append(route)

    page.route(address, hold)
    yield waiting
    is_over = True
    for route in waiting:
        route.continue_()


def wait_until_held(page: Page, waiting: list[Route], count: int = 1) -> None:
    """Wait until so many requests are kept."""
    for _ in range(300):
        if len(waiting) >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(waiting)} instead of {count} requests came")


def disclosure(page: Page) -> Locator:
    return page.locator("#options > summary")


def panel(page: Page) -> Locator:
    return page.get_by_role("group", name="Options", exact=True)


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Active options").get_by_role("listitem")


def scholarly(page: Page) -> Locator:
    return panel(page).get_by_role("radio", name="Scholarly", exact=True)


def open_options(page: Page, address: str = "/") -> None:
    page.goto(address)
    disclosure(page).click()
    expect(panel(page)).to_be_visible()


def keep_preset(page: Page) -> None:
    """Keep what is set as a preset."""
    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("textbox", name="Name").fill(NAME)
    dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(page.get_by_text(f"Saved as “{NAME}”.")).to_be_visible()
