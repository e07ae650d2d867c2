"""Options, presets and drafts on their way: what somebody sets meanwhile holds, in whatever order answers come."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.held_requests import (
    CHANGE,
    CHECK,
    NAME,
    QUESTION,
    chips,
    disclosure,
    held,
    keep_preset,
    open_options,
    panel,
    scholarly,
    wait_until_held,
)
from tests.browser.steps import ask, choose_model, pick_model
from tests.serving import Server
from tests.walks import long_walk


@pytest.fixture(autouse=True)
def nothing_kept(shared_server: Server) -> None:
    """Begin without presets; the server and its cast are shared with other tests."""
    shared_server.rows("DELETE FROM chat_preset")


def test_what_is_set_while_another_model_is_on_its_way_stays_set(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    with held(page, CHANGE) as waiting:
        pick_model(page, "Sonar Pro")
        wait_until_held(page, waiting)
        disclosure(page).click()
        panel(page).get_by_label("Published after").fill("2025-03-01")
        scholarly(page).check()
        page.wait_for_timeout(500)  # a check is due, and waits too

    expect(panel(page).get_by_role("radio", name="Pro", exact=True)).to_have_count(1)  # a kind of search, of this model
    expect(chips(page)).to_have_count(2)
    expect(scholarly(page)).to_be_checked()
    expect(scholarly(page)).to_be_focused()
    expect(panel(page).get_by_label("Published after")).to_have_value("2025-03-01")


@long_walk
def test_another_model_chosen_while_a_preset_is_on_its_way_holds(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    choose_model(page, "Sonar Pro")
    disclosure(page).click()
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    keep_preset(page)
    page.evaluate("localStorage.clear()")
    open_options(page)
    page.locator(".presets-menu > summary").click()
    with held(page, re.compile("/apply/$")) as waiting:
        page.get_by_role("button", name=NAME).click()
        wait_until_held(page, waiting)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        pick_model(page, "Sonar Reasoning Pro")

    expect(chips(page)).to_have_text([re.compile("Scholarly")])
    expect(page.locator("#models > summary")).to_contain_text("Sonar Reasoning Pro")
    assert page.evaluate("document.forms.composer.elements.model.value") == "sonar-reasoning-pro"


@long_walk
def test_what_is_set_while_a_draft_comes_back_joins_it(page_for: PageFor) -> None:
    page = page_for("bob")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    with held(page, CHANGE) as waiting:
        page.reload()
        wait_until_held(page, waiting)
        disclosure(page).click()
        panel(page).get_by_label("Published after").fill("2025-03-01")
        pick_model(page, "Sonar Pro")
        page.wait_for_timeout(500)

    expect(chips(page)).to_have_count(2)
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar Pro")
    page.reload()
    expect(chips(page)).to_have_count(2)
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar Pro")


@long_walk
def test_a_draft_that_does_not_come_back_is_tried_again_by_the_next_reload(page_for: PageFor) -> None:
    page = page_for("bob")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    page.route(CHANGE, lambda route: route.abort())

    page.reload()
    expect(page.locator("#toasts")).to_contain_text("server couldn’t be reached")
    page.unroute(CHANGE)
    page.reload()

    expect(chips(page)).to_have_count(1)


@long_walk
def test_looking_at_presets_leaves_a_check_on_its_way(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    with held(page, CHECK) as waiting:
        scholarly(page).check()
        wait_until_held(page, waiting)
        page.locator(".presets-menu > summary").click()
        expect(page.locator(".presets-menu .menu-list")).to_contain_text("No presets saved yet")

    expect(chips(page)).to_have_text([re.compile("Scholarly")])


def test_a_preset_asked_for_while_a_check_is_on_its_way_is_what_holds(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    keep_preset(page)
    page.locator(".presets-menu > summary").click()
    entry = page.get_by_role("button", name=NAME)
    expect(entry).to_be_visible()
    with held(page, CHECK) as waiting, held(page, re.compile("/presets/menu/$")) as refreshing:
        panel(page).get_by_role("radio", name="SEC filings", exact=True).check()
        wait_until_held(page, waiting)
        page.locator(".presets-menu > summary").click()
        wait_until_held(page, refreshing)
        entry.click()
        page.wait_for_timeout(200)

    expect(page.locator(".presets-menu > summary")).to_be_focused()
    expect(page.locator(".presets-menu[open]")).to_have_count(0)
    expect(chips(page)).to_have_text([re.compile("Scholarly")])
    expect(scholarly(page)).to_be_checked()


@long_walk
def test_a_save_pressed_twice_asks_for_one_name(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    page.get_by_role("button", name="Save as preset…").dblclick()
    dialog = page.locator("#preset-dialog")
    expect(dialog.first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(dialog).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@long_walk
def test_the_keyboard_is_not_called_back_by_a_preset_that_came(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    keep_preset(page)
    page.locator(".presets-menu > summary").click()
    with held(page, re.compile("/apply/$")) as waiting:
        page.get_by_role("button", name=NAME).click()
        wait_until_held(page, waiting)
        page.locator("#models > summary").click()

    expect(chips(page)).to_have_count(1)
    page.wait_for_timeout(200)
    expect(page.locator("#models")).to_have_attribute("open", "")


@long_walk
def test_what_has_come_answers_at_once(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    recency = panel(page).get_by_label("Published within")
    recency.select_option("week")
    panel(page).get_by_label("Published after").fill("2025-03-01")
    sentence = panel(page).get_by_text("Choose either “Published within” or dates, not both.")
    expect(sentence).to_be_visible()
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
            const recency = document.querySelector("[name='o.search_recency_filter']");
            recency.value = "";
            recency.dispatchEvent(new Event("input", {bubbles: true}));
        }), {once: true})"""
    )

    ask(page, QUESTION)

    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_be_visible()
    expect(recency).to_have_value("")
    expect(sentence).to_have_count(0)


def test_many_checks_of_a_slow_server_are_one_when_nothing_changes(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    checks: list[str] = []
    page.on("request", lambda request: checks.append(request.url) if CHECK.search(request.url) else None)
    with held(page, CHECK) as waiting:
        for day in range(1, 5):
            panel(page).get_by_label("Published after").fill(f"2025-03-0{day}")
            page.wait_for_timeout(450)
        wait_until_held(page, waiting)

    expect(chips(page)).to_have_text([re.compile("4 Mar 2025")])
    page.wait_for_load_state("networkidle")
    assert len(checks) == 2


@long_walk
def test_a_schema_put_in_order_does_not_take_the_place_of_what_is_typed(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    panel(page).get_by_role("radio", name="JSON schema", exact=True).check()
    schema = panel(page).get_by_role("textbox", name="JSON schema")
    schema.fill('{"type": "object"}')
    with held(page, re.compile("/format/$")) as waiting:
        panel(page).get_by_role("button", name="Format").click()
        wait_until_held(page, waiting)
        schema.fill('{"type": "object", "title": "Mine"}')

    page.wait_for_load_state("networkidle")
    expect(schema).to_have_value('{"type": "object", "title": "Mine"}')
