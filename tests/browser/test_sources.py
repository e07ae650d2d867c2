"""Sources in the browser: from the ledger to a page, its site and what the team says of it, and back at the answer."""

import os
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests import questions
from tests.browser.conftest import PageFor
from tests.browser.steps import answer, answers, ask, hover, scrolls_sideways, wait_for
from tests.serving import Server

SHOTS = os.environ.get("SHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_site_is_blocked_from_the_ledger_and_says_so_wherever_it_is_met(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    asked = questions.ask(server.client("alice"), "How do context managers work? #demo:fast")
    alice, bob = page_for("alice"), page_for("bob", width=390, scheme="dark")
    alice.goto(asked.page)
    wait_for(answer(alice), "finished")
    questions.eventually(lambda: server.rows("SELECT 1 FROM chat_ledgersource"))

    alice.goto("/")
    alice.get_by_role("complementary").get_by_role("link", name="Sources").click()
    rows = alice.locator(".ledger > li")
    expect(rows.first).to_be_visible()
    axe(alice)
    shoot(alice, "ledger-wide")
    link = rows.first.get_by_role("link").nth(1)
    site = link.inner_text()
    link.click()
    expect(alice.get_by_role("heading", level=1)).to_have_text(site)
    expect(alice.get_by_text("Nobody has marked this site.")).to_be_visible()
    alice.get_by_role("radio", name=re.compile("Blocked")).check()
    alice.get_by_label("Reason").fill("It copies other sites.")
    axe(alice)
    shoot(alice, "site-wide")
    alice.get_by_role("button", name="Save mark").click()
    expect(alice.get_by_text("It copies other sites.").first).to_be_visible()

    bob.goto(f"/sources/?site={site}")
    expect(bob.locator(".site-mark", has_text="Blocked").first).to_be_visible()
    assert not scrolls_sideways(bob)
    axe(bob)
    shoot(bob, "ledger-phone-dark")
    bob.locator(".ledger-title").first.click()
    expect(bob.get_by_role("heading", name="Answers that used it")).to_be_visible()
    assert not scrolls_sideways(bob)
    axe(bob)
    shoot(bob, "source-phone-dark")
    bob.goto(f"/sources/sites/{site}/")
    assert not scrolls_sideways(bob)
    shoot(bob, "site-phone-dark")

    alice.goto(asked.page)
    card = answer(alice).locator(".source", has_text=site).first
    expect(card.locator(".site-mark")).to_have_text(re.compile("Blocked"))
    number = card.get_attribute("value")
    hover(answer(alice).locator(".prose a.cite", has_text=re.compile(rf"^\W*{number}\W*$")).first)
    expect(alice.locator("#citation-card .site-mark")).to_have_text(re.compile("Blocked"))
    shoot(alice, "answer-wide")
    expect(alice.get_by_role("link", name="1 site is blocked for this team")).to_be_visible()

    ask(alice, "And generators? #demo:fast")
    expect(answers(alice)).to_have_count(2)
    wait_for(answer(alice), "finished")
    expect(answer(alice).locator("dt", has_text="Blocked sites left out")).to_be_attached()

    alice.goto(f"/sources/sites/{site}/")
    alice.get_by_role("button", name="Undo the last change").click()
    expect(alice.get_by_text("Nobody has marked this site.")).to_be_visible()


def test_sources_are_read_and_marked_without_scripts(server: Server, page_for: PageFor) -> None:
    page = page_for("bob", javascript=False)
    page.goto("/sources/sites/")
    page.get_by_label("Site").fill("https://www.light.example/log")
    page.get_by_role("button", name="Open site").click()
    page.get_by_label("Trusted").check()
    page.get_by_role("button", name="Save mark").click()
    expect(page.locator(".site-mark").first).to_have_text(re.compile("Trusted"))
    page.goto("/sources/?show=trusted")
    expect(page.get_by_text("No sources match these filters.")).to_be_visible()
