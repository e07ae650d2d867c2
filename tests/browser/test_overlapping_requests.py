"""Requests that overlap: what somebody does while an answer is on its way holds, in whatever order answers come."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Reply, Talk, fill
from tests.browser.steps import answer, answers, ask, ask_button, composer, wait_for
from tests.serving import Server

QUESTION = "How do context managers work? #demo:fast"
IN_CONVERSATION = re.compile(r"/c/[0-9a-f-]{36}/$")
CHANGE = re.compile(r"/options/$")
CHECK = re.compile(r"/options/check/$")
NAME = "Papers since 2024"


@pytest.fixture(autouse=True)
def nothing_kept(shared_server: Server) -> None:
    """Begin without presets; the server and its cast are shared with other tests."""
    shared_server.rows("DELETE FROM chat_preset")


@contextmanager
def held(page: Page, address: re.Pattern[str] | str) -> Iterator[list[Route]]:
    """Keep the requests to the address from leaving the browser; at the end they go, and later ones are not kept."""
    waiting: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            waiting.append(route)

    page.route(address, hold)
    yield waiting
    is_over = True
    for route in waiting:
        route.continue_()


def wait_until_held(page: Page, waiting: list[Route], count: int = 1) -> None:
    """Wait until so many requests are kept."""
    for _ in range(300):
        if len(waiting) >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(waiting)} instead of {count} requests came")


def disclosure(page: Page) -> Locator:
    return page.locator("#options > summary")


def panel(page: Page) -> Locator:
    return page.get_by_role("group", name="Options", exact=True)


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Options in force").get_by_role("listitem")


def scholarly(page: Page) -> Locator:
    return panel(page).get_by_role("radio", name="Scholarly", exact=True)


def choose_model(page: Page, label: str) -> None:
    page.locator("#models > summary").click()
    page.get_by_role("radio", name=re.compile(rf"^{label} ")).check()
    page.keyboard.press("Escape")


def open_options(page: Page, address: str = "/") -> None:
    page.goto(address)
    disclosure(page).click()
    expect(panel(page)).to_be_visible()


def keep_preset(page: Page) -> None:
    """Keep what is set as a preset."""
    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("textbox", name="Name").fill(NAME)
    dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(page.get_by_text(f"Kept as “{NAME}”.")).to_be_visible()


def test_what_is_set_while_another_model_is_on_its_way_stays_set(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    with held(page, CHANGE) as waiting:
        choose_model(page, "Sonar Pro")
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
        choose_model(page, "Sonar Reasoning Pro")

    expect(chips(page)).to_have_text([re.compile("Scholarly")])
    expect(page.locator("#models > summary")).to_contain_text("Sonar Reasoning Pro")
    assert page.evaluate("document.forms.composer.elements.model.value") == "sonar-reasoning-pro"


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
        choose_model(page, "Sonar Pro")
        page.wait_for_timeout(500)

    expect(chips(page)).to_have_count(2)
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar Pro")
    page.reload()
    expect(chips(page)).to_have_count(2)
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar Pro")


def test_a_draft_that_does_not_come_back_is_tried_again_by_the_next_reload(page_for: PageFor) -> None:
    page = page_for("bob")
    open_options(page)
    scholarly(page).check()
    expect(chips(page)).to_have_count(1)
    page.route(CHANGE, lambda route: route.abort())

    page.reload()
    expect(page.locator("#toasts")).to_contain_text("did not reach the server")
    page.unroute(CHANGE)
    page.reload()

    expect(chips(page)).to_have_count(1)


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
    expect(page.get_by_role("alert").filter(has_text="Nothing was sent")).to_be_visible()
    recency.select_option("")

    expect(sentence).to_have_count(0)
    page.wait_for_timeout(500)
    expect(recency).to_have_value("")
    assert not asked_for


def test_what_is_typed_and_set_while_a_question_is_refused_stays(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    panel(page).get_by_label("Longest answer").fill("3")
    expect(chips(page)).to_have_count(1)
    with held(page, "**/ask/") as waiting:
        ask(page, QUESTION)
        wait_until_held(page, waiting)
        composer(page).fill("Something else? #demo:fast")
        disclosure(page).click()
        panel(page).get_by_label("Longest answer").fill("300")

    expect(page.get_by_role("alert").filter(has_text="Nothing was sent")).to_be_visible()
    expect(composer(page)).to_have_value("Something else? #demo:fast")
    expect(panel(page).get_by_label("Longest answer")).to_have_value("300")
    expect(panel(page).get_by_text("takes a number from 16 to")).to_have_count(0)
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


def test_looking_at_presets_leaves_a_check_on_its_way(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    with held(page, CHECK) as waiting:
        scholarly(page).check()
        wait_until_held(page, waiting)
        page.locator(".presets-menu > summary").click()
        expect(page.locator(".presets-menu .menu-list")).to_contain_text("Nothing kept yet")

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
    expect(page.locator(".presets-menu .menu-list")).to_contain_text("Nothing kept yet")


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

    expect(page.get_by_role("alert").filter(has_text="Nothing was sent")).to_be_visible()
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


def test_the_filter_that_was_pressed_last_is_the_one_shown(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    filters = page.get_by_role("list", name="Show").get_by_role("link")
    with held(page, re.compile(r"/history/\?filter=mine$")) as waiting:
        filters.filter(has_text="Mine").click()
        wait_until_held(page, waiting)
        filters.filter(has_text="Everyone").click()
        page.wait_for_timeout(300)

    page.wait_for_load_state("networkidle")
    expect(filters.filter(has_text="Everyone")).to_have_attribute("aria-current", "true")


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
    page.get_by_role("button", name="Attach images", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("did not reach the server")
