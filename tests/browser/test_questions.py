"""What one does with a question: who will see it, editing, versions, forks, recalling, quoting, stopping."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    LONG,
    answer,
    answers,
    ask,
    ask_button,
    ask_from_home,
    asked,
    composer,
    questions,
    scrolls_sideways,
    wait_for,
    wait_for_words,
)
from tests.questions import stored
from tests.serving import Server
from tests.walks import long_walk

FAST = "Which lights burn? #demo:fast"


def visible_to(page: Page) -> Locator:
    return page.get_by_label("Visible to", exact=True)


def ask_next(page: Page, text: str) -> None:
    """Ask a second question, and wait for its answer."""
    ask(page, text)
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")


def select_words(article: Locator) -> str:
    """Select a paragraph of the answer, as by a double click and dragging; its words."""
    words: str = article.locator(".prose p").first.evaluate(
        """(paragraph) => {
            getSelection().selectAllChildren(paragraph);
            return paragraph.innerText;
        }"""
    )
    return words


@pytest.mark.usefixtures("server")  # the choice is remembered, and others ask as alice, too
def test_who_will_see_a_question_is_chosen_before_it_is_asked(page_for: PageFor) -> None:
    page, other = page_for("alice"), page_for("bob")
    page.goto("/")
    expect(page.locator("#composer").get_by_text("Everyone in Harbour will see it")).to_be_visible()

    visible_to(page).select_option(label="Only me")

    expect(page.locator("#composer").get_by_text("Only you will see it")).to_be_visible()
    ask(page, "Shall I leave? #demo:fast")
    wait_for(answer(page), "finished")
    expect(page.get_by_text("Only you see this conversation")).to_be_visible()
    expect(visible_to(page)).to_have_count(0)
    other.goto("/")
    expect(other.get_by_role("navigation", name="Conversations")).not_to_contain_text("Shall I leave?")
    page.goto("/")
    expect(visible_to(page)).to_have_value("private")
    with page.expect_response("**/ask/place/"):
        visible_to(page).select_option(label="Team")
    page.reload()
    expect(visible_to(page)).to_have_value("team")


def test_an_edited_question_is_a_version_with_a_switch(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, "Whitch lights burn? #demo:fast"), "finished")
    ask_next(page, "And why? #demo:fast")
    composer(page).fill("A draft that stays")

    page.get_by_role("link", name="Edit question").first.click()
    box = page.get_by_role("textbox", name="Edit question")
    expect(box).to_be_focused()
    expect(box).to_have_value("Whitch lights burn? #demo:fast")
    box.fill(FAST)
    box.press("Enter")

    expect(page.get_by_text("Version 2 of 2")).to_be_visible()
    wait_for(answer(page), "finished")
    assert questions(page) == [FAST]
    expect(composer(page)).to_have_value("A draft that stays")
    expect(page.get_by_role("heading", level=1)).to_have_text(FAST)

    page.get_by_role("link", name="Previous version").click()
    expect(page.get_by_text("Version 1 of 2")).to_be_visible()
    assert questions(page) == ["Whitch lights burn? #demo:fast", "And why? #demo:fast"]
    ask(page, "And when? #demo:fast")
    expect(page.locator(".question-text")).to_have_count(3)
    page.get_by_role("link", name="Next version").click()
    assert questions(page) == [FAST]


@long_walk
def test_an_edit_survives_a_reload_and_is_given_up_by_cancel(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    link = page.get_by_role("link", name="Edit question")
    box = page.get_by_role("textbox", name="Edit question")
    link.click()
    box.fill("Something else")
    page.reload()

    link.click()
    expect(box).to_have_value("Something else")
    page.get_by_role("link", name="Cancel").click()

    expect(box).to_have_count(0)
    expect(link).to_be_focused()
    expect(page.locator(".question-text")).to_be_visible()
    link.click()
    expect(box).to_have_value(FAST)


def test_a_teammate_sees_that_there_is_another_version(page_for: PageFor) -> None:
    page, other = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(page, FAST), "finished")
    other.goto(page.url)
    expect(other.get_by_role("link", name="Edit question")).to_have_count(0)

    page.get_by_role("link", name="Edit question").click()
    page.get_by_role("textbox", name="Edit question").fill("And now? #demo:fast")
    page.get_by_role("button", name="Ask edited question").click()

    expect(other.get_by_text("Version 1 of 2")).to_be_visible()
    other.get_by_role("link", name="Next version").click()
    expect(other.locator(".question-text")).to_have_text("And now? #demo:fast")


def test_a_fork_goes_on_from_a_question(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    ask_next(page, "And why? #demo:fast")
    address = page.url

    page.get_by_role("link", name="Fork from here").first.click()
    page.get_by_label("New conversation visible to").select_option(label="Only me")
    page.get_by_role("button", name="Fork").click()
    page.wait_for_url(lambda url: url != address)

    assert questions(page) == [FAST]
    expect(page.get_by_text("Forked from")).to_be_visible()
    expect(page.get_by_text("Only you see this conversation")).to_be_visible()
    ask_next(page, "And whence? #demo:fast")
    page.get_by_role("link", name=FAST, exact=True).click()
    page.wait_for_url(address)


@long_walk
def test_one_asks_from_an_earlier_question(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    ask_next(page, "And why? #demo:fast")

    page.get_by_role("link", name="Fork from here").first.click()
    page.get_by_role("link", name="Or ask from here in this conversation").click()
    expect(page.locator(".question-text")).to_have_text([FAST])
    ask(page, "And when? #demo:fast")

    expect(page.get_by_text("Version 2 of 2")).to_be_visible()
    assert questions(page) == [FAST, "And when? #demo:fast"]


def test_the_arrow_up_brings_back_ones_own_last_question(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")

    composer(page).press("ArrowUp")

    expect(composer(page)).to_have_value(FAST)
    composer(page).fill("Typed")
    composer(page).press("ArrowUp")
    expect(composer(page)).to_have_value("Typed")
    composer(page).press("Shift+Enter")
    expect(composer(page)).to_have_value(re.compile("^\n?Typed\n?$"))
    other = page_for("bob")
    other.goto(page.url)
    composer(other).press("ArrowUp")
    expect(composer(other)).to_have_value("")


def test_escape_stops_ones_own_answer_and_nobody_elses(page_for: PageFor, shared_server: Server) -> None:
    page, other = page_for("alice"), page_for("bob")
    wait_for_words(ask_from_home(page, LONG))
    other.goto(page.url)
    wait_for_words(answer(other))

    other.keyboard.press("Escape")
    page.locator("#composer .models > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("#composer .models")).not_to_have_attribute("open", "")
    expect(answer(page)).to_have_attribute("data-state", "writing")

    composer(page).press("Escape")
    wait_for(answer(page), "stopped")
    assert stored(shared_server, asked(page, answer(page)))["state"] == "stopped"


def test_selected_words_are_quoted_below_a_draft(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    composer(page).fill("My draft")
    button = page.get_by_role("button", name="Ask about this")
    expect(button).to_be_hidden()

    words = select_words(answer(page))
    expect(button).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    answer(page).locator("h3, .prose p").last.click()
    select_words(answer(page))
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")

    expect(composer(page)).to_be_focused()
    expect(button).to_be_hidden()
    value = composer(page).input_value()
    assert value.startswith("My draft\n\n> ")
    assert value.endswith("\n\n")
    assert re.sub(r"\s*\[\d+\]", "", words).split()[:5] == value.split("> ")[1].split()[:5]
    assert "[1]" not in value


def test_on_a_touch_screen_words_are_quoted_by_a_tap_and_asking_closes_the_keyboard(page_for: PageFor) -> None:
    page = page_for("alice", width=360, touch=True)
    page.goto("/")
    composer(page).tap()
    composer(page).fill(FAST)
    ask_button(page).tap()
    wait_for(answer(page), "finished")
    expect(composer(page)).not_to_be_focused()

    select_words(answer(page))
    page.get_by_role("button", name="Ask about this").tap()

    expect(composer(page)).to_have_value(re.compile("^> "))
    assert not scrolls_sideways(page)


@long_walk
def test_editing_forking_and_versions_are_accessible_and_fit(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    page.get_by_role("link", name="Edit question").click()
    page.get_by_role("textbox", name="Edit question").fill("And now? #demo:fast")
    axe(page)
    page.get_by_role("button", name="Ask edited question").click()
    expect(page.get_by_text("Version 2 of 2")).to_be_visible()
    wait_for(answer(page), "finished")
    page.get_by_role("link", name="Fork from here").click()
    expect(page.get_by_label("New conversation visible to")).to_be_visible()
    select_words(answer(page))
    axe(page)
    for width in (1280, 900, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page)


@long_walk
def test_the_title_is_not_said_twice_above_a_single_question(page_for: PageFor) -> None:
    page = page_for("alice", width=1440)
    wait_for(ask_from_home(page, FAST), "finished")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(FAST)
    assert title.evaluate("(title) => title.offsetWidth") <= 1

    ask_next(page, "And why? #demo:fast")
    assert title.evaluate("(title) => title.offsetWidth") > 100
    page.reload()
    assert title.evaluate("(title) => title.offsetWidth") > 100


@long_walk
def test_a_renamed_conversation_shows_its_title(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")

    title = page.get_by_role("heading", level=1)
    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Pin for the team").click()
    expect(page.locator("#conversation-marks")).to_have_text("Pinned")
    assert title.evaluate("(title) => title.offsetWidth") <= 1

    page.get_by_label("Conversation menu").click()
    page.locator("#conversation-menu").get_by_text("Rename").first.click()
    page.locator("#conversation-menu").get_by_label("Title").fill("Lamps")
    page.locator("#conversation-menu").get_by_label("Title").press("Enter")

    expect(title).to_have_text("Lamps")
    assert title.evaluate("(title) => title.offsetWidth") > 20


@pytest.mark.usefixtures("server")  # the choice is remembered, and others ask as alice, too
def test_without_javascript_editing_forking_and_versions_work(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    visible_to(page).select_option(label="Only me")
    ask(page, FAST)
    expect(page.get_by_text("Only you see this conversation")).to_be_visible()

    page.get_by_role("link", name="Edit question").click()
    page.get_by_role("textbox", name="Edit question").fill("And now? #demo:fast")
    page.get_by_role("button", name="Ask edited question").click()

    expect(page.get_by_text("Version 2 of 2")).to_be_visible()
    page.get_by_role("link", name="Previous version").click()
    assert questions(page) == [FAST]
