"""Searching by two people: operators, what they say as fields and chips, suggestions, and searches that are kept."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.held_requests import held, wait_until_held
from tests.browser.steps import scrolls_sideways
from tests.serving import Server
from tests.walks import long_walk

SOURCES = [
    {"title": "Tides and towers", "url": "https://arxiv.org/abs/1", "snippet": "How the heliotrope was measured."},
    {"title": "Harbour news", "url": "https://news.example/2", "snippet": "A quay was built."},
]
SEARCH = re.compile(r"/search/\?")
TABLE = "Here are the lamps.\n\n| Lamp | Range |\n| --- | --- |\n| Green | 9 |\n"


@pytest.fixture(scope="module", autouse=True)
def _talks(quiet_server: Server) -> None:
    """What Alice and Bob have asked."""
    wanted: list[Talk] = [
        {
            "owner": "alice",
            "title": "Lamps of the quay",
            "exchanges": [{"question": "Which lampions are there?", "answers": [{"text": TABLE, "sources": SOURCES}]}],
        },
        {
            "owner": "bob",
            "title": "Lamps of Bob",
            "exchanges": [{"question": "Which lampions has Bob?", "answers": [{"text": "Bob has two lampions."}]}],
        },
        {
            "owner": "bob",
            "title": "Secret lamps",
            "exchanges": [{"question": "Secret lampions?", "answers": [{"text": "Nobody knows them."}]}],
            "fields": {"visibility": "private"},
        },
    ]
    fill(quiet_server.store, wanted)


def box(page: Page) -> Locator:
    """Where one types what to search for."""
    return page.get_by_label("Search terms")


def hits(page: Page) -> Locator:
    """The titles of what was found."""
    return page.locator("#hits .hit > a:first-child")


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Active filters").get_by_role("link")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def test_operators_become_chips_and_each_is_taken_off(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/search/")

    box(page).press_sequentially("lampions from:bob is:shared", delay=10)

    expect(hits(page)).to_have_text(["Lamps of Bob"])
    expect(chips(page)).to_have_text([re.compile("Asked by: bob"), re.compile("Only: Shared")])
    expect(box(page)).to_be_focused()
    expect(page).to_have_url(re.compile(r"/search/\?q=lampions\+from%3Abob\+is%3Ashared$"))
    chips(page).first.click()
    expect(box(page)).to_have_value("lampions is:shared")
    expect(hits(page)).to_have_count(2)


@long_walk
def test_what_is_private_is_found_by_one_of_two_people(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    for page in (alice, bob):
        page.goto("/search/")
        box(page).fill("lampions is:private")

    expect(hits(bob)).to_have_text(["Secret lamps"])
    expect(alice.get_by_text("No results for “lampions is:private”.")).to_be_visible()
    alice.get_by_role("link", name="Without “Only: Private”").click()
    expect(hits(alice)).to_have_count(2)


def test_a_source_a_table_and_a_site_are_found_a_moment_after_the_answer(page_for: PageFor) -> None:
    page = page_for("bob")
    for typed in ("heliotrope measured", "has:table site:arxiv.org", "lampions has:sources from:alice"):
        page.goto("/search/")
        box(page).fill(typed)
        expect(hits(page)).to_have_text(["Lamps of the quay"])
    page.goto("/search/?q=heliotrope")
    place = page.locator(".places a")
    expect(place).to_contain_text("Tides and towers")
    place.click()
    expect(page.get_by_role("article", name="Answer")).to_be_visible()


def test_suggestions_are_chosen_by_keys_and_by_pointer(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/search/")
    box(page).press_sequentially("lampions from:b", delay=10)
    expect(options(page)).to_have_count(1)
    expect(options(page)).to_contain_text("from:bob")

    box(page).press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    box(page).press("Enter")

    expect(box(page)).to_have_value("lampions from:bob ")
    expect(options(page)).to_have_count(0)
    expect(hits(page)).to_have_text(["Lamps of Bob"])
    box(page).press_sequentially("is:", delay=10)
    options(page).filter(has_text="is:shared").click()
    expect(box(page)).to_have_value("lampions from:bob is:shared ")
    expect(box(page)).to_be_focused()
    box(page).press("ArrowDown")
    expect(hits(page).first).to_be_focused()


def test_who_is_among_the_results_stays_there_when_others_come(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/search/?q=lampions")
    bobs = hits(page).filter(has_text="Lamps of Bob")
    with held(page, SEARCH) as waiting:
        box(page).fill("lampions from:bob ")
        wait_until_held(page, waiting)
        bobs.focus()
    expect(hits(page)).to_have_text(["Lamps of Bob"])
    expect(bobs).to_be_focused()

    with held(page, SEARCH) as waiting:
        box(page).fill("lampions from:alice ")
        wait_until_held(page, waiting)
        bobs.focus()
    expect(hits(page)).to_have_text(["Lamps of the quay"])
    expect(hits(page).first).to_be_focused()


@long_walk
def test_suggestions_close_by_escape_and_offer_nobody_of_another_team(page_for: PageFor) -> None:
    alice, charlie = page_for("alice"), page_for("charlie")
    for page in (alice, charlie):
        page.goto("/search/")
        box(page).press_sequentially("from:", delay=10)
    expect(options(alice)).to_have_text([re.compile("me"), re.compile("bob"), re.compile("vera")])
    expect(options(charlie)).to_have_text([re.compile("me")])

    alice.keyboard.press("Escape")

    expect(options(alice)).to_have_count(0)
    expect(box(alice)).to_have_value("from:")


@long_walk
def test_a_field_writes_the_operator_and_the_operator_sets_the_field(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/search/?q=lampions")
    page.locator("#filter-summary").click()

    page.get_by_label("Table", exact=True).check()
    expect(box(page)).to_have_value("lampions has:table")
    expect(hits(page)).to_have_text(["Lamps of the quay"])
    page.get_by_label("Asked by", exact=True).select_option(label="bob")
    expect(box(page)).to_have_value("lampions has:table from:bob")
    expect(hits(page)).to_have_count(0)

    box(page).fill("lampions is:shared")
    expect(page.get_by_label("Visible to", exact=True)).to_have_value("shared")
    expect(page.get_by_label("Table", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Asked by", exact=True)).to_have_value("")
    expect(hits(page)).to_have_count(2)
    page.get_by_label("Asked by", exact=True).select_option(label="bob")
    expect(box(page)).to_have_value("lampions is:shared from:bob")
    expect(hits(page)).to_have_text(["Lamps of Bob"])
    page.reload()
    expect(page.get_by_label("Visible to", exact=True)).to_have_value("shared")


def test_a_search_is_kept_for_oneself_and_found_in_the_palette(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    alice.goto("/search/?q=lampions+from%3Abob")
    alice.get_by_text("Save this search").click()
    alice.get_by_role("textbox", name="Name").fill("What Bob asks")
    alice.get_by_role("textbox", name="Name").press("Enter")
    saved = alice.get_by_role("navigation", name="Saved searches").get_by_role("link", name="What Bob asks")
    expect(saved).to_have_attribute("aria-current", "page")

    alice.goto("/")
    alice.keyboard.press("Control+k")
    alice.keyboard.type("what bob")
    alice.get_by_role("option", name="What Bob asks").click()
    expect(hits(alice)).to_have_text(["Lamps of Bob"])
    bob.goto("/search/")
    expect(bob.get_by_role("navigation", name="Saved searches")).to_have_count(0)

    alice.get_by_label("Menu for What Bob asks").click()
    alice.get_by_role("button", name="Delete").click()
    expect(saved).to_have_count(0)
    alice.get_by_role("button", name="Undo").click()
    expect(saved).to_be_visible()


@long_walk
def test_the_box_in_the_sidebar_offers_the_same(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.get_by_role("searchbox", name="Search conversations").press_sequentially("from:b", delay=10)
    expect(options(page)).to_have_count(1)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    expect(page.get_by_role("searchbox", name="Search conversations")).to_have_value("from:bob ")
    expect(hits(page).filter(has_text="Lamps of Bob")).to_have_count(1)


@long_walk
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_nothing_that_axe_finds(
    scheme: Literal["light", "dark"], page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", scheme=scheme, width=360)
    for address in ("/search/", "/search/?q=lampions+from%3Ame+zzz%3Ax", "/search/?q=zyzzyva+has%3Acode"):
        page.goto(address)
        page.locator("#filter-summary").click()
        axe(page)
        assert scrolls_sideways(page) == []
    box(page).fill("has:")
    expect(options(page).first).to_be_visible()
    box(page).press("ArrowDown")
    axe(page)


def test_searching_works_without_javascript(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/search/")
    box(page).fill("lampions from:bob")
    page.get_by_role("button", name="Search", exact=True).click()

    expect(hits(page)).to_have_text(["Lamps of Bob"])
    page.locator("#filter-summary").click()
    page.get_by_label("Asked by", exact=True).select_option(label="Me")
    page.get_by_role("button", name="Apply filters").click()
    expect(box(page)).to_have_value("lampions from:me")
    expect(hits(page)).to_have_text(["Lamps of the quay"])
