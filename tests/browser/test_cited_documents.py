"""Answers that cite documents: one person asks, another one opens what is cited, and a third one sees nothing of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, hover, scrolls_sideways, wait_for
from tests.chat.cited.conftest import Shelve, shelve
from tests.walks import long_walk, some

__all__ = ["shelve"]  # the fixture

QUESTION = "What do ferry tickets cost?"


def test_what_one_person_asks_another_one_opens_at_its_place(page_for: PageFor, shelve: Shelve) -> None:
    made = shelve(chosen=["bob"])
    alice, bob, vera = page_for("alice"), page_for("bob"), page_for("vera")
    alice.goto(made.page)
    ask(alice, f"{QUESTION} #demo:slow=60")
    expect(answer(alice).locator(".doing")).to_be_visible()
    bob.goto(made.page)  # while it is written
    wait_for(answer(bob), "finished")
    mark = answer(bob).locator(".prose").get_by_role("link", name="D1: report.md, line 1")
    hover(mark)
    card = bob.locator("#citation-card")
    expect(card).to_contain_text("report.md")
    expect(card).to_contain_text("Tickets cost 3.20 euros")
    expect(card.get_by_role("link")).to_have_text("Open document")
    with bob.expect_popup() as opened:
        card.get_by_role("link", name="Open document").click()
    expect(opened.value.locator("mark", has_text="Tickets cost 3.20 euros")).to_have_count(1)
    vera.goto(made.page)
    expect(vera.get_by_text("3.20")).to_have_count(0)
    assert vera.goto(made.page).status == 404  # type: ignore[union-attr]


@long_walk
def test_sources_of_the_web_and_documents_are_told_apart(
    page_for: PageFor, shelve: Shelve, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice")
    page.goto(shelve(documents={"locks.md": "The `with` statement in our code closes every lock by itself."}).page)
    ask(page, "How does the `with` statement work? #demo:document_beyond #demo:fast")
    wait_for(answer(page), "finished")
    documents, sources = (answer(page).get_by_role("list", name=name) for name in ("Documents", "Sources"))
    expect(documents.get_by_role("listitem")).to_have_count(1)
    expect(documents.get_by_role("link")).to_have_accessible_name("D1: locks.md, line 1")
    expect(sources.get_by_role("listitem").first).to_be_visible()
    expect(answer(page).locator(".prose a.cite.document").first).to_have_text("[D1]")
    expect(answer(page).locator(".prose a.cite:not(.document)").first).to_have_text("[1]")
    unknown = answer(page).locator(".unknown-source")
    expect(unknown).to_have_text("[D9]")
    hover(unknown)
    expect(page.locator("#citation-card")).to_contain_text("No passage of a document was sent under this number.")
    axe(page)


@long_walk
@pytest.mark.parametrize("width", some([320, 360, 1440]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_reads_on_every_screen(
    page_for: PageFor, shelve: Shelve, axe: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = page_for("alice", width=width, scheme=scheme, touch=width < 500)  # type: ignore[arg-type]
    name = f"{'Annual report of the harbour office and its ferries ' * 3}.md"
    page.goto(shelve(documents={name: "Ferry tickets cost 3.20 euros."}).page)
    assert not scrolls_sideways(page)
    ask(page, f"{QUESTION} #demo:fast")
    wait_for(answer(page), "finished")
    mark = answer(page).locator(".prose a.cite.document").first
    mark.tap() if width < 500 else mark.click()
    expect(page.locator("#citation-card")).to_contain_text("3.20 euros")
    assert not scrolls_sideways(page)
    axe(page)


def test_what_a_question_is_answered_from_is_chosen_and_remembered(page_for: PageFor, shelve: Shelve) -> None:
    made = shelve()
    page = page_for("alice")
    page.goto(made.page)
    chosen = page.get_by_label("Answer from")
    budget = page.get_by_label("How much of the documents goes along")
    expect(chosen).to_have_value("both")
    expect(budget.locator("option:checked")).to_have_text("up to 8 passages, about 3,000 tokens")
    chosen.select_option(label="Web")
    expect(budget).to_be_hidden()
    chosen.select_option(label="Documents only")
    budget.select_option(label="up to 4 passages, about 1,500 tokens")
    ask(page, f"{QUESTION} #demo:fast")
    wait_for(answer(page), "finished")
    expect(answer(page)).to_contain_text("Answered from documents. No web search was used.")
    page.goto(f"/?space={made.space}")
    expect(chosen).to_have_value("only")
    expect(budget).to_have_value("4")


@long_walk
def test_what_is_read_is_said_while_it_is(page_for: PageFor, shelve: Shelve) -> None:
    page = page_for("alice")
    page.goto(shelve().page)
    ask(page, f"{QUESTION} #demo:delay=2500")
    expect(answer(page).locator(".doing")).to_contain_text(re.compile("Reading 2 passages from 2 documents"))


def test_a_reader_from_outside_the_space_learns_only_that_documents_are_cited(
    page_for: PageFor, shelve: Shelve
) -> None:
    made = shelve(chosen=["bob"])
    bob, vera = page_for("bob"), page_for("vera")
    bob.goto(made.page)
    ask(bob, f"{QUESTION} #demo:fast")
    wait_for(answer(bob), "finished")
    made.change(moves_to_team=True)
    vera.goto(made.page)
    mark = answer(vera).locator(".prose").get_by_role("link", name="D1", exact=True)
    hover(mark)
    expect(vera.locator("#citation-card")).to_contain_text("This document is in a space that you can’t see.")
    expect(answer(vera)).to_contain_text("This answer cites documents of a space that you can’t see.")
    assert "report.md" not in vera.content()


@long_walk
def test_copying_with_sources_takes_documents_along(page_for: PageFor, shelve: Shelve) -> None:
    made = shelve()
    page = page_for("alice")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(made.page)
    ask(page, f"{QUESTION} #demo:fast")
    wait_for(answer(page), "finished")
    answer(page).get_by_role("button", name="Copy with sources").click()
    expect(page.locator(".copied")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert re.search(rf"- \[D1\] report\.md, line 1 http://[^ ]+/spaces/{made.space}/documents/[^ ]+", text)


def test_without_scripts_a_mark_leads_to_its_document(page_for: PageFor, shelve: Shelve) -> None:
    made = shelve()
    page = page_for("alice")
    page.goto(made.page)
    ask(page, f"{QUESTION} #demo:fast")
    wait_for(answer(page), "finished")
    plain = page_for("alice", javascript=False)
    plain.goto(made.page)
    answer(plain).locator(".prose").get_by_role("link", name="D1: report.md, line 1").first.click()
    listed = plain.locator(".from-document:target")
    expect(listed).to_be_visible()
    listed.get_by_role("link").click()
    expect(plain.locator("mark", has_text="Tickets cost 3.20 euros")).to_have_count(1)
