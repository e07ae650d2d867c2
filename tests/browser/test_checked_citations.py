"""Answers whose citations are checked: several people see it happen, one goes through them by the keyboard, one on a
phone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, hover, scrolls_sideways
from tests.chat.sources.panel import made
from tests.serving import Server
from tests.writing import written

SUMMARY = "2 of 4 citations found · 2 figures in no source · 1 page could not be read"


def test_everybody_who_reads_the_answer_sees_its_check_without_a_reload(
    page_for: PageFor, shared_server: Server, axe: Callable[[Page], None]
) -> None:
    there = written(shared_server.store, made.__name__, {"checked": False})
    alice, bob = page_for("alice"), page_for("bob")
    for page in (alice, bob):
        with page.expect_response(re.compile("/notices")):  # from then on it hears of what happens
            page.goto(f"/c/{there['conversation']}/")
    text = answer(alice).locator(".prose").inner_text()
    bob.get_by_role("button", name="Check citations").click()
    expect(bob.locator(".check-line")).to_contain_text(re.compile("Checking|citations"))
    expect(alice.locator(".check-line")).to_contain_text(re.compile("Checking|citations found"))
    written(shared_server.store, made.__name__, {"ends": there["answer"]})
    alice.wait_for_function("() => document.querySelector('.check-summary')")
    expect(alice.locator("#announcer")).to_have_text(SUMMARY)
    for page in (alice, bob):
        expect(answer(page).get_by_role("link", name=SUMMARY)).to_be_visible()
        expect(page.get_by_role("link", name="2: The keepers’ log, Partly")).to_have_attribute("data-word", "partly")
        expect(page.locator(".prose a.cite[data-check=found]")).to_have_count(2)
        expect(page.get_by_role("button", name="Check again")).to_be_visible()
    assert answer(alice).locator(".prose").inner_text() == text  # words are beside the marks, and none in the text
    axe(alice)


def test_citations_are_gone_through_by_the_keyboard(
    page_for: PageFor, shared_server: Server, axe: Callable[[Page], None]
) -> None:
    there = written(shared_server.store, made.__name__, {})
    page = page_for("alice")
    page.goto(f"/c/{there['conversation']}/")
    hover(page.get_by_role("link", name="2: The keepers’ log, Partly"))
    card = page.locator("#citation-card")
    expect(card).to_contain_text("Not found: “203 steps”")
    expect(card).to_contain_text("“Our tower is worth every step")
    card.get_by_role("link", name="Partly").click()
    panel = page.get_by_role("dialog", name="Citations checked")
    expect(panel.locator("#mark-3")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    summary = answer(page).get_by_role("link", name=SUMMARY)
    summary.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Citations checked")).to_be_focused()
    for key, mark in (("j", 1), ("ArrowDown", 2), ("j", 3), ("k", 2)):
        page.keyboard.press(key)
        expect(panel.locator(f"#mark-{mark}")).to_be_focused()
    axe(page)
    panel.get_by_role("link", name="Could not be read 1").click()
    expect(panel.get_by_role("list", name="Citations").get_by_role("listitem")).to_have_count(1)
    expect(panel).to_contain_text("only shown to people who sign in")
    expect(panel.get_by_role("row", name="41,230 visitors")).to_contain_text("In no source that could be read")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(summary).to_be_focused()


def test_on_a_phone_and_without_scripts_the_same_is_read(
    page_for: PageFor, shared_server: Server, axe: Callable[[Page], None]
) -> None:
    there = written(shared_server.store, made.__name__, {})
    page = page_for("bob", width=320, touch=True, scheme="dark")
    page.goto(f"/c/{there['conversation']}/")
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="2: The keepers’ log, Partly").tap()
    expect(page.locator("#citation-card")).to_contain_text("Partly")
    page.locator("#citation-card").get_by_role("button", name="Close").tap()
    answer(page).get_by_role("link", name=SUMMARY).tap()
    panel = page.get_by_role("dialog", name="Citations checked")
    expect(panel.locator("#mark-1")).to_be_visible()
    assert not scrolls_sideways(page)
    axe(page)
    plain = page_for("bob", width=320, javascript=False)
    plain.goto(f"/c/{there['conversation']}/")
    expect(plain.locator(".prose a.cite[data-word=partly]")).to_be_visible()
    plain.get_by_role("link", name=SUMMARY).click()
    expect(plain.get_by_role("heading", name="Citations checked", level=1)).to_be_visible()
    plain.get_by_role("link", name="Partly 1").click()
    expect(plain.locator(".checked-mark")).to_have_count(1)
    assert not scrolls_sideways(plain)
