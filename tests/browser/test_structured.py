"""Answers in a form: asked for with the editor, read as a table, copied as JSON."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, composer, scrolls_sideways, wait_for
from tests.questions import ask as ask_quietly
from tests.questions import watch
from tests.serving import Server
from tests.walks import long_walk, widths

COLUMNS = ("name", "built", "place", "height", "keeper", "remarks")
SCHEMA = {
    "type": "object",
    "properties": {
        "lights": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    column: {"type": "string", "title": column.capitalize(), "description": f"What {column} it has"}
                    for column in COLUMNS
                },
            },
        },
        "note": {"type": "object", "properties": {"by": {"type": "string"}, "n": {"type": "number"}}},
    },
}
VALUE = {
    "lights": [
        {column: f"{column.capitalize()} of light number {number}" for column in COLUMNS} for number in range(3)
    ],
    "note": {"by": "a keeper", "n": 1.5},
}
FORM = {"response_format": "json_schema", "response_format:schema": json.dumps(SCHEMA)}


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="JSON schema")


def open_editor(page: Page) -> None:
    page.goto("/")
    page.locator("#options > summary").click()
    page.get_by_role("radio", name="JSON schema").check()
    expect(editor(page)).to_be_visible()


def an_answer(server: Server, text: str) -> str:
    """The address of a conversation with an answer that was asked for by the schema."""
    client = server.client("alice")
    asked = ask_quietly(client, text, **FORM)
    watch(client, asked)
    return asked.page


def test_a_question_with_a_schema_is_answered_by_a_table(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("alice")
    open_editor(page)
    page.get_by_role("button", name="A table", exact=True).click()
    expect(editor(page)).to_have_value(re.compile('"Place"'))
    expect(page.get_by_text("A table with the columns “Name”, “Year”, “Place”.")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    ask(page, "How do context managers work?")
    article = answer(page)
    wait_for(article, "finished")
    expect(article.get_by_role("columnheader")).to_have_text(["Name", "Year", "Place"])
    expect(article.get_by_role("row")).to_have_count(3)
    axe(page)


def test_the_editor_says_where_the_mistake_is_and_formats(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("alice")
    open_editor(page)
    editor(page).fill('{"type": "object",\n "properties": {"a": {"type": "strnig"}}}')
    expect(page.get_by_text("Line 2, column 23: “strnig” isn’t a type.")).to_be_visible()
    expect(editor(page)).to_have_attribute("aria-invalid", "true")
    axe(page)
    editor(page).fill('{"type":"object","properties":{"a":{"type":"string"}}}')
    expect(page.get_by_text("A list of “a”.")).to_be_visible()
    expect(editor(page)).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Format", exact=True).click()
    expect(editor(page)).to_have_value(re.compile(r'^\{\n  "type": "object",\n  "properties"'))


@long_walk
def test_the_tab_key_leaves_the_editor(page_for: PageFor) -> None:
    page = page_for("alice")
    open_editor(page)
    editor(page).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Format", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()


@long_walk
def test_what_an_example_brought_is_there_after_a_reload(page_for: PageFor) -> None:
    page = page_for("alice")
    open_editor(page)
    page.get_by_role("button", name="Yes or no, with reasons").click()
    expect(editor(page)).to_have_value(re.compile('"verdict"'))
    expect(page.locator("#option-chips").get_by_text("JSON schema")).to_be_visible()
    page.reload()
    expect(page.locator("#option-chips").get_by_text("JSON schema")).to_be_visible()
    page.locator("#options > summary").click()
    expect(editor(page)).to_have_value(re.compile('"verdict"'))


def test_an_answer_in_another_form_is_text_with_the_reason(
    page_for: PageFor, shared_server: Server, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice")
    page.goto(an_answer(shared_server, 'Wrong #demo:echo {"lights": [{"name": 3}]}'))
    article = answer(page)
    expect(article.get_by_text("“lights[0].name” is not a string.")).to_be_visible()
    expect(article.get_by_role("table")).to_have_count(0)
    expect(article.locator(".raw-json pre")).to_be_visible()
    axe(page)


@long_walk
def test_the_json_can_be_looked_at_and_copied(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(an_answer(shared_server, f"Right #demo:echo {json.dumps(VALUE)}"))
    article = answer(page)
    expect(article.locator(".raw-json pre")).to_be_hidden()
    article.get_by_role("button", name="Copy JSON").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).length > 0")
    assert page.evaluate("navigator.clipboard.readText()") == json.dumps(VALUE, indent=2)
    article.get_by_text("Raw JSON").click()
    expect(article.locator(".raw-json pre")).to_be_visible()


@pytest.fixture(scope="module")
def wide(shared_server: Server) -> str:
    """The address of an answer that is a wide table."""
    return an_answer(shared_server, f"Wide #demo:echo {json.dumps(VALUE)}")


@pytest.mark.parametrize("width", widths(320, 1280))
def test_a_wide_table_scrolls_inside_itself(
    page_for: PageFor,
    wide: str,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = page_for("alice", width=width)
    page.goto(wide)
    frame = answer(page).get_by_role("group", name="Table")
    assert frame.evaluate("(frame) => frame.scrollWidth > frame.clientWidth") == (width < 1000)
    assert scrolls_sideways(page) == []
    axe(page)


def test_it_works_without_javascript(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    page.locator("#options > summary").click()
    page.get_by_role("radio", name="JSON schema").check()
    editor(page).fill('{"type": "object"}')
    composer(page).fill('Right #demo:fast #demo:echo {"lights": []}')
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("An object must list its parts under “properties”.")).to_be_visible()
    expect(editor(page)).to_have_value('{"type": "object"}')
    expect(page.get_by_role("button", name="Format", exact=True)).to_be_hidden()
    editor(page).fill(json.dumps(SCHEMA))
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/#answer-"))
    link = page.get_by_role("link", name="Refresh")
    for _time in range(20):
        if not link.count():
            break
        page.wait_for_timeout(250)
        link.click()
    expect(answer(page).locator(".structured")).to_be_visible()
