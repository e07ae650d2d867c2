"""Two people put tags on conversations, and find them by these."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, ask_from_home, scrolls_sideways, wait_for


def open_editor(page: Page) -> None:
    page.locator("#conversation-menu > summary").click()
    page.locator("#conversation-menu").get_by_role("link", name="Tags").click()
    expect(page.get_by_role("combobox", name="Tag")).to_be_focused()


def test_a_tag_that_one_adds_is_where_the_other_looks(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    alice, bob = page_for("alice"), page_for("bob", width=360)
    wait_for(ask_from_home(alice, "Which lamp stood on the pier?"), "finished")
    open_editor(alice)
    for name in ("Third quarter", "Lamps"):
        alice.get_by_role("combobox", name="Tag").fill(name)
        alice.keyboard.press("Enter")
        expect(alice.get_by_role("button", name=f"Remove tag “{name}”")).to_be_visible()
    alice.get_by_role("button", name="Remove tag “Lamps”").click()
    expect(alice.get_by_role("button", name="Remove tag “Lamps”")).to_have_count(0)
    axe(alice)
    alice.get_by_role("link", name="Done").click()
    expect(alice.get_by_role("list", name="Tags").get_by_role("link")).to_have_text(["Third quarter"])

    bob.goto("/tags/")
    bob.get_by_role("link", name="Third quarter").click()
    bob.locator("main").get_by_role("link", name="Which lamp stood on the pier?").click()
    expect(bob.get_by_role("list", name="Tags").get_by_role("link")).to_have_text(["Third quarter"])
    assert not scrolls_sideways(bob)


def test_a_tag_of_a_private_conversation_is_nowhere_for_another(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    alice.goto("/?visibility=private")
    ask(alice, "What would the shipyard cost?")
    alice.wait_for_url("**/c/**")
    wait_for(answer(alice), "finished")
    open_editor(alice)
    alice.get_by_role("combobox", name="Tag").fill("Takeover")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("button", name="Remove tag “Takeover”")).to_be_visible()
    for address in ("/tags/", "/history/"):
        bob.goto(address)
        assert "Takeover" not in bob.content()
        alice.goto(address)
        assert "Takeover" in alice.content()
