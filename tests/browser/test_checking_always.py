"""Having answers checked without asking each time: one's own, and those of a space, on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways


def test_answers_are_checked_always_for_a_person_and_for_a_space(
    page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", width=360, scheme="dark")
    page.goto("/accounts/me/")
    own = page.get_by_label("Check the citations in all my answers")
    own.focus()
    page.keyboard.press("Space")
    page.locator("#checks").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("checked as soon as they’re finished")
    expect(own).to_be_checked()
    axe(page)
    assert not scrolls_sideways(page)

    page.goto("/spaces/new/")
    page.get_by_label("Name", exact=True).fill("Lights that are checked")
    page.get_by_role("button", name="Create space").click()
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_label("Check the citations in answers here").check()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".toast")).to_contain_text("have been saved")
    expect(page.get_by_label("Check the citations in answers here")).to_be_checked()
    axe(page)
    assert not scrolls_sideways(page)

    page.goto("/accounts/me/")  # as it was, for whoever asks next on this server
    own.uncheck()
    page.locator("#checks").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("checked when you ask for it")
    expect(own).not_to_be_checked()
