"""Everything by keyboard: a sane order, a focus that one sees, and no place that it does not get out of."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.keyboard import tab_through, tab_to
from tests.browser.steps import answer, answers, composer, wait_for, wait_for_words
from tests.cast import PASSWORD
from tests.serving import Server
from tests.walks import long_walk


def test_a_round_trip_without_the_mouse(page_for: PageFor) -> None:
    page = page_for("")
    page.goto("/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("charlie")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_load_state()
    expect(composer(page)).to_be_focused()
    page.keyboard.type("Where does the keyboard lead? #demo:fast")
    page.keyboard.press("Enter")
    wait_for(answer(page), "finished")
    expect(composer(page)).to_be_focused()

    tab_to(page, answer(page).get_by_role("button", name="Ask again", exact=True), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    wait_for(answer(page), "finished")

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    page.keyboard.type("keyboard lead")
    hit = page.get_by_role("list", name="Results").get_by_role("link").first
    expect(hit).to_be_visible()
    tab_to(page, hit, most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/**")
    expect(answers(page).last).to_be_visible()

    tab_to(page, page.locator(".account > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Sign out"), most=16)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_visible()


def test_tab_goes_through_the_front_page_in_its_order(page_for: PageFor, quiet_server: Server) -> None:
    page = page_for("charlie")
    page.goto("/")
    page.evaluate(
        """() => {
            const start = document.createElement("span");
            start.tabIndex = -1;
            document.body.prepend(start);
            start.focus();
            start.remove();
        }"""
    )
    assert tab_through(page) == [
        "Skip to content",
        "Parley",
        "Commands",
        "Hide sidebar",
        "New question",
        "Images",
        "Sources",
        "Spaces",
        "Search conversations",
        "Everyone",
        "Mine",
        "Pinned",
        "Archived",
        "CH charlie Elsewhere",
        "Hide for today",
        "Question",
        "Model: Quick Sonar",
        "Attach files",
        "Options",
        "Ask",
        "Visible to",
        *page.locator("[data-example]").all_inner_texts(),
    ]


@long_walk
def test_every_stop_in_a_conversation_can_be_seen(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    names = tab_through(page, most=160)
    places = [
        next(number for number, name in enumerate(names) if re.search(pattern, name))
        for pattern in (
            "^Skip to content$",
            "^Search conversations$",
            "Everything an answer can be",
            "^Conversation menu$",
            "^Answer 1 of 2",
            "^Why lighthouses have steps",
            "^Reasoning$",
            "^1: ",
            "^Who climbs them\\?$",
            "^Copy with sources$",
            "^Question$",
        )
    ]
    assert places == sorted(places)


@long_walk
def test_the_skip_link_leads_past_the_history(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_model_is_chosen_with_the_arrows(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.keyboard.press("Tab")
    button = page.locator("summary", has_text="Model:")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    picker = page.get_by_role("dialog", name="Model")
    expect(picker.get_by_role("button", name=re.compile("^Quick Sonar"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("button", name=re.compile("^Reasoning Sonar Reasoning Pro"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_contain_text("Sonar Reasoning Pro")

    page.keyboard.press("Enter")
    expect(picker.get_by_role("button", name=re.compile("^Reasoning Sonar Reasoning Pro"))).to_be_focused()
    page.keyboard.type("opus 5.5")
    expect(picker.get_by_role("searchbox", name="Find a model")).to_have_value("opus 5.5")
    page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("button", name=re.compile("^Claude Opus 5.5"))).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(picker.get_by_role("button", name="Favourite: Claude Opus 5.5")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(picker.get_by_role("button", name=re.compile("^Claude Opus 5.5"))).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(picker.get_by_role("searchbox", name="Find a model")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(picker).to_be_hidden()
    expect(button).to_contain_text("Sonar Reasoning Pro")


@long_walk
def test_a_menu_opens_closes_and_gives_the_focus_back(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    menu = page.get_by_role("navigation", name="Conversations").get_by_label("Menu for Sixty questions")
    menu.focus()
    page.keyboard.press("Enter")
    rename = page.get_by_role("navigation", name="Conversations").get_by_text("Rename", exact=True)
    expect(rename).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rename).to_be_hidden()
    expect(menu).to_be_focused()


@long_walk
def test_tabbing_out_of_a_menu_closes_it(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    page.get_by_label("Conversation menu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pin for the team")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Pin for the team")).to_be_hidden()


def test_the_drawer_keeps_the_keyboard_until_it_closes(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=390)
    page.goto(shelf["tour"])
    opener = page.get_by_role("button", name="Menu", exact=True)
    tab_to(page, opener, most=3)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Close menu")).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "true")

    inside = (
        "() => document.activeElement === document.body || !!document.activeElement.closest('#sidebar, .skip-link')"
    )
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


@long_walk
def test_the_slash_is_typed_where_one_writes(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).press_sequentially("and/or")
    expect(composer(page)).to_have_value("and/or")
    page.get_by_role("main").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


def test_stop_is_reached_by_keyboard_and_the_focus_is_not_lost(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.keyboard.type("Who stops it? #demo:lines=2000 #demo:slow=40")
    page.keyboard.press("Enter")
    wait_for_words(answer(page))
    expect(composer(page)).to_be_focused()
    tab_to(page, answer(page).get_by_role("button", name="Stop"), key="Shift+Tab", most=40)
    page.keyboard.press("Enter")
    wait_for(answer(page), "stopped")
    assert page.evaluate("document.activeElement.closest('article') !== null")
