"""The pages for people who have programs: webhooks and the API."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways
from tests.serving import Server
from tests.walks import long_walk


@long_walk
def test_an_owner_adds_a_webhook_and_sends_a_test(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", server=server, width=360, scheme="dark")
    page.goto("/team/webhooks/")
    axe(page)
    page.get_by_label("Name", exact=True).fill("Log")
    page.get_by_label("Address", exact=True).fill("https://receiver.invalid/in")
    page.get_by_label("An answer finished").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#webhook-secret")).to_contain_text("whsec_")
    axe(page)
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="Send a test").click()
    for _ in range(20):
        page.reload()
        if page.get_by_text("The server can’t be reached.").count():
            break
        page.wait_for_timeout(250)
    expect(page.get_by_text("The server can’t be reached.")).to_be_visible()
    axe(page)
    assert not scrolls_sideways(page)
    page.goto("/api/")
    axe(page)
    assert not scrolls_sideways(page)
