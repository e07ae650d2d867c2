"""The history that the team shares, beside every page: finding, naming, pinning, putting away, and taking it back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import LONG, answer, ask_from_home, wait_for, wait_for_words
from tests.serving import Server
from tests.walks import long_walk

LOOKS_AGAIN = 11_000  # milliseconds after which the list has looked for what is new


@pytest.fixture(scope="module")
def talks(quiet_server: Server) -> dict[str, str]:
    """Conversations of Alice's that the tests here change, by what is to happen to them."""
    fates = ("renamed", "pinned", "archived", "deleted", "hidden", "searched", "retried", "left")
    wanted: list[Talk] = [
        {
            "owner": "alice",
            "title": f"Boat to be {fate}",
            "exchanges": [{"question": f"What is {fate}?", "answers": [{"text": f"The {fate} boat sails at dawn."}]}],
        }
        for fate in fates
    ]
    return dict(zip(fates, (f"/c/{one}/" for one in fill(quiet_server.store, wanted)), strict=True))


def history(page: Page) -> Locator:
    """The list beside the page."""
    return page.get_by_role("navigation", name="Conversations")


def row(page: Page, title: str) -> Locator:
    """The conversation's link in the list."""
    return history(page).get_by_role("link", name=re.compile(re.escape(title)))


def open_menu(page: Page, title: str) -> Locator:
    """The opened menu of the conversation in the list."""
    row(page, title).hover()
    history(page).get_by_label(f"Menu for {title}").click()
    menu = history(page).locator("details[open]")
    expect(menu.get_by_text("Pin", exact=False).first).to_be_visible()
    return menu


def test_a_conversation_is_renamed_from_the_list_and_everybody_sees_it(
    page_for: PageFor, talks: dict[str, str]
) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    bob.clock.install()
    for page in (alice, bob):
        page.goto(talks["renamed"])

    menu = open_menu(alice, "Boat to be renamed")
    menu.get_by_text("Rename", exact=True).click()
    menu.get_by_role("textbox", name="Title").fill("Boat with a name")
    menu.get_by_role("textbox", name="Title").press("Enter")

    expect(row(alice, "Boat with a name")).to_be_visible()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Boat with a name")
    expect(alice).to_have_title("Boat with a name · Parley")
    bob.clock.fast_forward(LOOKS_AGAIN)
    expect(row(bob, "Boat with a name")).to_be_visible()


@long_walk
def test_a_conversation_is_pinned_for_the_team(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(talks["pinned"])

    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Pin for the team").click()
    expect(page.locator("#conversation-marks")).to_contain_text("Pinned")
    expect(row(page, "Boat to be pinned").get_by_role("img", name="Pinned")).to_be_visible()

    history(page).get_by_role("link", name="Pinned", exact=True).click()
    expect(row(page, "Boat to be pinned")).to_be_visible()
    expect(row(page, "Boat to be left")).to_have_count(0)
    open_menu(page, "Boat to be pinned").get_by_role("button", name="Unpin").click()
    expect(row(page, "Boat to be pinned")).to_have_count(0)
    expect(page.locator("#conversation-marks")).not_to_contain_text("Pinned")


def test_a_conversation_is_put_away_and_brought_back(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(talks["left"])

    open_menu(page, "Boat to be archived").get_by_role("button", name="Archive").click()
    expect(row(page, "Boat to be archived")).to_have_count(0)
    history(page).get_by_role("link", name="Archived", exact=True).click()
    expect(row(page, "Boat to be archived")).to_be_visible()

    page.locator(".toast", has_text="Archived.").get_by_role("button", name="Undo").click()
    expect(row(page, "Boat to be archived")).to_have_count(0)
    history(page).get_by_role("link", name="Everyone").click()
    expect(row(page, "Boat to be archived")).to_be_visible()


def test_a_deleted_conversation_can_be_had_back_at_once(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(talks["left"])

    open_menu(page, "Boat to be deleted").get_by_role("button", name="Delete").click()
    expect(row(page, "Boat to be deleted")).to_have_count(0)
    page.locator(".toast", has_text="Deleted.").get_by_role("button", name="Undo").click()
    expect(row(page, "Boat to be deleted")).to_be_visible()

    page.goto(talks["deleted"])
    page.get_by_label("Conversation menu").click()
    page.locator("#conversation-menu").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/history/?deleted=*")
    expect(page.get_by_role("main")).to_contain_text("“Boat to be deleted” was deleted.")
    page.get_by_role("main").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Boat to be deleted")


def test_a_private_conversation_is_out_of_the_teammates_sight(page_for: PageFor, talks: dict[str, str]) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    bob.clock.install()
    bob.goto("/")
    expect(row(bob, "Boat to be hidden")).to_be_visible()
    alice.goto(talks["hidden"])

    alice.get_by_label("Conversation menu").click()
    alice.get_by_text("Make private", exact=True).click()
    alice.get_by_role("button", name="Make it private").click()

    expect(alice.locator("#conversation-marks")).to_contain_text("Private")
    expect(row(alice, "Boat to be hidden").get_by_role("img", name="Private")).to_be_visible()
    bob.clock.fast_forward(LOOKS_AGAIN)
    expect(row(bob, "Boat to be hidden")).to_have_count(0)
    response = bob.goto(talks["hidden"])
    assert response
    assert response.status == 404
    alice.get_by_label("Conversation menu").click()
    alice.get_by_role("button", name="Share with the team").click()
    expect(alice.locator("#conversation-marks")).not_to_contain_text("Private")
    bob.reload()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Boat to be hidden")


@long_walk
def test_what_did_not_reach_the_server_is_done_at_the_second_try(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(talks["retried"])
    page.context.set_offline(True)
    page.get_by_label("Conversation menu").click()
    page.locator("#conversation-menu").get_by_role("button", name="Pin for the team").click()
    expect(page.locator(".toast")).to_contain_text("The server couldn’t be reached.")

    page.context.set_offline(False)
    page.locator(".toast").get_by_role("button", name="Try again").click()

    expect(page.locator("#conversation-marks")).to_contain_text("Pinned")
    expect(page.locator(".toast")).to_have_count(0)


@long_walk
def test_a_member_cannot_take_away_what_is_a_teammates(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(talks["left"])
    page.get_by_label("Conversation menu").click()
    menu = page.locator("#conversation-menu")
    expect(menu.get_by_role("button", name="Pin for the team")).to_be_visible()
    for name in ("Delete", "Archive", "Make it private"):
        expect(menu.get_by_role("button", name=name)).to_have_count(0)
    expect(menu.get_by_text("Rename", exact=True)).to_have_count(0)


def test_the_search_finds_while_one_types_and_leads_to_the_place(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")

    page.get_by_role("searchbox", name="Search conversations").press_sequentially("searched boat sails", delay=15)

    found = page.get_by_role("list", name="Results").locator(".hit")
    expect(found).to_have_count(1)
    assert found.locator(".snippet mark").all_inner_texts() == ["searched", "boat", "sails"]
    expect(page).to_have_title(re.compile("^searched boat sails"))
    found.get_by_role("link").last.click()
    page.wait_for_url(f"**{talks['searched']}**")
    expect(answer(page)).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("list", name="Results").locator(".hit")).to_have_count(1)


@long_walk
def test_a_search_that_finds_nothing_says_so(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.get_by_role("searchbox", name="Search conversations").fill("xylophone of brass")
    page.wait_for_url("**/search/**")
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("No results for “xylophone of brass”.")


def test_arrow_keys_go_through_the_results_and_enter_opens_one(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    page.get_by_role("searchbox", name="Search conversations").press_sequentially("searched boat sails", delay=15)
    found = page.get_by_role("list", name="Results").get_by_role("link")
    expect(found).to_have_count(2)

    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(found.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(found.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{talks['searched']}**")


def test_filters_narrow_at_once_and_stay_while_one_types(page_for: PageFor, talks: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/search/?q=searched+boat")
    expect(page.get_by_role("list", name="Results")).to_be_visible()

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Asked by").select_option("Me")

    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("No results for “searched boat from:me”.")
    expect(page).to_have_url(re.compile(r"/search/\?q=searched\+boat\+from%3Ame$"))
    page.get_by_role("searchbox", name="Search conversations").fill("the searched boat from:me")
    expect(page).to_have_url(re.compile(r"q=the\+searched\+boat\+from%3Ame$"))
    expect(page.get_by_label("Asked by", exact=True)).to_have_value("me")
    page.get_by_role("link", name="Remove filter: Asked by: Me").click()
    expect(page.get_by_role("list", name="Results")).to_be_visible()


@long_walk
def test_the_filters_show_what_they_say(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    everyone = ("Which fog horn is loudest?", "Whose boat is it?", "What I ask alone")
    for title in everyone:
        expect(row(page, title)).to_be_visible()
    expect(row(page, "What was put away?")).to_have_count(0)

    history(page).get_by_role("link", name="Mine", exact=True).click()
    expect(row(page, "Which fog horn is loudest?")).to_have_count(0)
    expect(row(page, "Whose boat is it?")).to_be_visible()
    expect(history(page).get_by_role("link", name="Mine", exact=True)).to_have_attribute("aria-current", "true")

    history(page).get_by_role("link", name="Archived", exact=True).click()
    expect(row(page, "What was put away?")).to_be_visible()
    expect(row(page, "Whose boat is it?")).to_have_count(0)


@long_walk
def test_conversations_stand_under_their_days(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    days = history(page).get_by_role("heading").all_inner_texts()
    assert days == [day for day in ("Pinned", "Today", "Yesterday", "Previous 7 days", "Older") if day in days]
    assert "Older" in days
    expect(row(page, "Everything an answer can be")).to_have_attribute("aria-current", "page")


def test_a_row_says_that_an_answer_is_being_written(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    bob.clock.install()
    bob.goto("/")
    article = ask_from_home(alice, f"Is it written beside? {LONG}")
    wait_for_words(article)

    bob.clock.fast_forward(LOOKS_AGAIN)
    writing = row(bob, "Is it written beside?").get_by_text("An answer is being written")
    expect(writing).to_be_attached()
    article.get_by_role("button", name="Stop").click()
    wait_for(article, "stopped")
    expect(row(alice, "Is it written beside?").get_by_text("An answer is being written")).to_have_count(0)


@long_walk
def test_more_of_a_long_history_comes_as_one_scrolls(page_for: PageFor, server: Server) -> None:
    many: list[Talk] = [
        {
            "owner": "alice",
            "title": f"Voyage {number}",
            "hours_ago": number,
            "exchanges": [{"question": "Where to?", "answers": [{"text": "North."}]}],
        }
        for number in range(90)
    ]
    fill(server.store, many)
    page = page_for("bob")
    page.goto("/")
    rows = history(page).locator(".history-row")
    expect(rows).to_have_count(40)

    for count in (80, 90):
        rows.last.scroll_into_view_if_needed()
        expect(rows).to_have_count(count)

    titles = history(page).locator(".row-title").all_inner_texts()
    assert titles == [f"Voyage {number}" for number in range(90)]
    days = history(page).get_by_role("heading").all_inner_texts()
    assert len(days) == len(set(days))
