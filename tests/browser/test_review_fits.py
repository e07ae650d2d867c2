"""What a reviewer judges, and the buttons to say so, are in sight at once and stay where they are."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.imaging.review.pending_images import Waiting, grant, queue
from tests.serving import Server
from tests.walks import long_walk

REVIEW = "/admin/imaging/review/"
LONG = "A lighthouse in a storm, seen from the sea. " * 90  # nearly 4,000 characters
WINDOWS = ((1280, 720), (1440, 900))
JUDGED = {
    "prompt": ".review-about",
    "picture": ".review-picture img",
    "approve": ".review-approve",
    "reject": ".review-reject",
}
Box = tuple[float, ...]


def fill(server: Server) -> None:
    grant(server.store, "vera")
    sizes = {"tall": (400, 1200), "wide": (1600, 400), "square": (1024, 1024)}
    images: list[Waiting] = [
        {"prompt": f"A {shape} one", "by": "bob", "minutes_ago": 60 - number, "size": size}
        for number, (shape, size) in enumerate(sizes.items())
    ]
    images.append({"prompt": LONG[:4000], "by": "bob", "minutes_ago": 5, "size": (1024, 1024)})
    images.append({"prompt": "The last one", "by": "bob", "minutes_ago": 4})
    queue(server.store, images)


def boxes(page: Page) -> dict[str, Box]:
    """Where each part that is judged lies in the window: left, top, right, bottom, in pixels."""
    find = """(selector) => {
        const box = document.querySelector(selector).getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom].map(Math.round);
    }"""
    return {name: tuple(page.evaluate(find, selector)) for name, selector in JUDGED.items()}


def in_sight(found: dict[str, Box], width: int, height: int) -> dict[str, Box]:
    """The parts that are not wholly in the window."""
    return {
        name: box
        for name, box in found.items()
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height or box[2] - box[0] < 40 or box[3] - box[1] < 20
    }


def settled(page: Page, prompt: str) -> dict[str, Box]:
    expect(page.locator(".review-prompt")).to_have_text(prompt)
    page.locator(".review-picture img").evaluate("image => image.decode()")
    return boxes(page)


@long_walk
@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_prompt_picture_and_buttons_are_in_sight_before_and_after_each_decision(
    server: Server, page_for: PageFor, width: int, height: int
) -> None:
    fill(server)
    page = page_for("vera", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(REVIEW)
    first: dict[str, Any] = {}
    for number, prompt in enumerate(["A tall one", "A wide one", "A square one", LONG[:4000].strip()]):
        found = settled(page, prompt)
        assert in_sight(found, width, height) == {}
        first = first or found
        assert found == first, "a decision moved what is judged"
        assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
        if number % 2:
            page.keyboard.press("r")
            page.keyboard.press("1")
            page.keyboard.press("r")
        else:
            page.get_by_role("button", name="Approve", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Image ")).to_be_visible()
    assert settled(page, "The last one") == first
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Image rejected.")).to_have_count(0)
    assert boxes(page) == first


@long_walk
def test_a_refusal_and_the_filters_move_nothing_either(server: Server, page_for: PageFor) -> None:
    fill(server)
    page = page_for("vera")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(REVIEW)
    before = settled(page, "A tall one")
    page.locator(".review-reject").click()
    expect(page.get_by_role("alert")).to_have_text("Enter a reason for rejecting.")
    assert settled(page, "A tall one") == before
    page.get_by_text("Filters", exact=True).click()
    expect(page.get_by_label("Team")).to_be_visible()
    assert boxes(page) == before
    page.keyboard.press("Escape")
    expect(page.get_by_label("Team")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Age").select_option(label="Older than 1 day")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_text("No images match these filters.")).to_be_visible()


@long_walk
def test_the_administrations_side_bar_is_closed_on_these_pages(server: Server, page_for: PageFor) -> None:
    fill(server)
    server.rows("UPDATE accounts_user SET is_staff = ? WHERE username = ?", [True, "vera"])
    page = page_for("vera")
    page.goto("/admin/")
    page.goto(REVIEW)
    settled(page, "A tall one")
    expect(page.locator("#nav-sidebar")).to_have_count(0)
    page.goto("/admin/imaging/decision/")
    expect(page.locator("#nav-sidebar")).to_have_count(1)
