"""Selecting conversations on the page of all, and what is in the trash."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import scrolls_sideways
from tests.serving import Server
from tests.walks import long_walk

Check = Callable[[Page], None]


@pytest.fixture
def boats(server: Server) -> list[str]:
    """The titles of conversations of Alice's and Bob's, the newest first."""
    titles = [f"Boat number {number}" for number in range(1, 7)]
    talks: list[Talk] = [
        {
            "owner": "bob" if number == 5 else "alice",
            "title": title,
            "hours_ago": number / 100,
            "exchanges": [{"question": "Which?", "answers": [{"text": "That one."}]}],
        }
        for number, title in enumerate(titles)
    ]
    fill(server.store, talks)
    return titles


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select “{title}”")


def press(page: Page, name: str) -> None:
    page.get_by_role("group", name="Selected conversations").get_by_role("button", name=name, exact=True).click()


def ticked(page: Page) -> list[str]:
    """The titles of the rows that are ticked."""
    return page.locator(".conversations li:has(:checked) a").all_inner_texts()


def test_a_range_is_ticked_with_shift_and_changed_at_once_with_one_way_back(
    page_for: PageFor, boats: list[str]
) -> None:
    page = page_for("alice")
    page.goto("/history/")
    bar = page.get_by_role("group", name="Selected conversations")
    expect(bar.get_by_role("button", name="Archive", exact=True)).to_be_disabled()

    box(page, boats[1]).click()
    box(page, boats[3]).click(modifiers=["Shift"])

    assert ticked(page) == boats[1:4]
    expect(bar).to_contain_text("Selected: 3")
    press(page, "Archive")
    expect(page.get_by_role("status").first).to_contain_text("Archived: 3 conversations.")
    expect(page.get_by_role("main")).not_to_contain_text(boats[1])
    page.get_by_role("main").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).to_contain_text("Unarchived: 3 conversations.")
    expect(box(page, boats[1])).to_be_visible()


def test_the_whole_list_is_selected_by_one_box_and_those_left_out_are_named(
    page_for: PageFor, boats: list[str], axe: Check
) -> None:
    page = page_for("bob")
    page.goto("/history/")
    axe(page)

    page.get_by_label("Select all 6 in this list").check()
    expect(box(page, boats[0])).to_be_checked()
    expect(box(page, boats[0])).to_be_disabled()
    press(page, "Delete")

    notice = page.locator("form.notice")
    expect(notice).to_contain_text("Deleted: 1 conversation.")
    assert notice.get_by_role("listitem").all_inner_texts() == boats[:5]
    axe(page)


@long_walk
def test_the_trash_gives_back_and_deletes_for_good_after_asking(
    page_for: PageFor, boats: list[str], axe: Check
) -> None:
    page = page_for("alice")
    page.goto("/history/")
    for title in boats[:3]:
        box(page, title).check()
    press(page, "Delete")
    page.get_by_role("main").get_by_role("link", name="Trash").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    axe(page)

    box(page, boats[0]).check()
    press(page, "Restore")
    expect(page.get_by_role("main")).to_contain_text("Restored: 1 conversation.")
    box(page, boats[1]).check()
    press(page, "Delete for good")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete for good?")
    axe(page)
    page.get_by_role("button", name="Delete for good").click()

    expect(page.get_by_role("main")).to_contain_text("Deleted for good: 1 conversation.")
    assert page.locator(".conversations strong").all_inner_texts() == [boats[2]]


@long_walk
def test_filters_narrow_the_page_and_are_removed(page_for: PageFor, boats: list[str]) -> None:
    page = page_for("alice")
    page.goto("/history/")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Started by").select_option("bob")
    page.get_by_role("button", name="Apply filters").click()

    expect(page).to_have_url(re.compile(r"\?filter=everyone&by="))
    assert page.locator(".conversations a").all_inner_texts() == [boats[5]]
    page.get_by_role("link", name="Remove filters").click()
    expect(page.locator(".conversations a")).to_have_count(6)


def test_without_javascript_boxes_and_buttons_do_the_same(page_for: PageFor, boats: list[str]) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/history/")

    box(page, boats[0]).check()
    press(page, "Make private")

    expect(page.get_by_role("main")).to_contain_text("Made private: 1 conversation.")
    page.get_by_role("main").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).to_contain_text("Moved back: 1 conversation.")


@pytest.mark.parametrize("width", [320, 720, 1280])
def test_nothing_scrolls_sideways(page_for: PageFor, boats: list[str], width: int) -> None:
    page = page_for("alice", width=width)
    for address in ("/history/?by=me&since=x", "/trash/", "/use/", "/search/?q=boat&by=me&since=x"):
        page.goto(address)
        assert scrolls_sideways(page) == [], address
