"""Requests that overlap: what somebody does while an answer is on its way holds, in whatever order answers come."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Reply, Talk, fill
from tests.browser.held_requests import (
    CHANGE,
    IN_CONVERSATION,
    QUESTION,
    chips,
    disclosure,
    held,
    open_options,
    panel,
    scholarly,
    wait_until_held,
)
from tests.browser.steps import answer, answers, ask, ask_button, composer, wait_for
from tests.serving import Server
from tests.walks import long_walk


@pytest.fixture(autouse=True)
def nothing_kept(shared_server: Server) -> None:
    """Begin without presets; the server and its cast are shared with other tests."""
    shared_server.rows("DELETE FROM chat_preset")


def test_what_was_refused_comes_back_whole_and_is_not_asked_for_once_more(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    recency = panel(page).get_by_label("Published within")
    recency.select_option("week")
    panel(page).get_by_label("Published after").fill("2025-03-01")
    sentence = panel(page).get_by_text("Choose either “Published within” or dates, not both.")
    expect(sentence).to_be_visible()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url) if CHANGE.search(request.url) else None)

    ask(page, QUESTION)
    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_be_visible()
    recency.select_option("")

    expect(sentence).to_have_count(0)
    page.wait_for_timeout(500)
    expect(recency).to_have_value("")
    assert not asked_for


def test_what_is_typed_and_set_while_a_question_is_refused_stays(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    panel(page).get_by_label("Maximum length").fill("3")
    expect(chips(page)).to_have_count(1)
    with held(page, "**/ask/") as waiting:
        ask(page, QUESTION)
        wait_until_held(page, waiting)
        composer(page).fill("Something else? #demo:fast")
        disclosure(page).click()
        panel(page).get_by_label("Maximum length").fill("300")

    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_be_visible()
    expect(composer(page)).to_have_value("Something else? #demo:fast")
    expect(panel(page).get_by_label("Maximum length")).to_have_value("300")
    expect(panel(page).get_by_text("must be a number from 16 to")).to_have_count(0)
    page.keyboard.press("Escape")
    ask_button(page).click()
    page.wait_for_url(IN_CONVERSATION)
    expect(page.locator(".question-text")).to_have_text("Something else? #demo:fast")


def test_what_is_typed_and_set_while_a_first_question_is_asked_goes_on_below_it(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    with held(page, "**/ask/") as waiting:
        ask(page, QUESTION)
        wait_until_held(page, waiting)
        composer(page).fill("And generators? #demo:fast")
        disclosure(page).click()
        scholarly(page).check()

    page.wait_for_url(IN_CONVERSATION)
    expect(composer(page)).to_have_value("And generators? #demo:fast")
    expect(chips(page)).to_have_text([re.compile("Scholarly")])
    wait_for(answer(page), "finished")
    ask_button(page).click()
    expect(answers(page)).to_have_count(2)
    page.goto("/")
    expect(composer(page)).to_have_value("")
    expect(chips(page)).to_have_count(0)


@long_walk
def test_a_menu_opened_at_once_after_another_one_stays_open(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.evaluate(
        """() => {
            for (const place of ["#options > summary", ".presets-menu > summary"]) {
                const summary = document.querySelector(place);
                summary.focus();
                summary.click();
            }
        }"""
    )
    page.wait_for_timeout(100)

    expect(page.locator(".presets-menu")).to_have_attribute("open", "")
    expect(page.locator(".presets-menu .menu-list")).to_contain_text("No presets saved yet")


@long_walk
def test_a_press_beside_open_options_is_a_click(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).fill(QUESTION)
    disclosure(page).click()
    expect(panel(page)).to_be_visible()
    ask_button(page).hover()
    page.mouse.down()
    page.wait_for_timeout(200)
    page.mouse.up()

    page.wait_for_url(IN_CONVERSATION)


@long_walk
def test_the_filter_that_was_pressed_last_is_the_one_shown(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    filters = page.get_by_role("list", name="Filter conversations").get_by_role("link")
    with held(page, re.compile(r"/history/\?filter=mine$")) as waiting:
        filters.filter(has_text="Mine").click()
        wait_until_held(page, waiting)
        filters.filter(has_text="Everyone").click()
        page.wait_for_timeout(300)

    page.wait_for_load_state("networkidle")
    expect(filters.filter(has_text="Everyone")).to_have_attribute("aria-current", "true")


@long_walk
def test_a_related_question_pressed_twice_is_asked_once(page_for: PageFor, shared_server: Server) -> None:
    reply: Reply = {"text": "Yes.", "related": ["And tomorrow? #demo:fast"]}
    talk: Talk = {"owner": "alice", "exchanges": [{"question": "Today?", "answers": [reply]}]}
    [conversation] = fill(shared_server.store, [talk])
    page = page_for("alice")
    page.goto(f"/c/{conversation}/")
    with held(page, "**/ask/") as waiting:
        related = page.get_by_role("list", name="Related questions").get_by_role("button")
        related.click()
        wait_until_held(page, waiting)
        related.click()

    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(answers(page)).to_have_count(2)


def test_what_cannot_be_fetched_is_told(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route(re.compile("attachments.*[.]js"), lambda route: route.abort())
    page.get_by_role("button", name="Attach files", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("server couldn’t be reached")
