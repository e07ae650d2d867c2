"""Single keys: each does what the list says, none acts while one types, and all of them can be switched off."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.clipboard import copied
from tests.browser.conftest import PageFor
from tests.browser.steps import LONG, answer, answers, ask_from_home, composer, wait_for, wait_for_words
from tests.stores import ROOT
from tests.walks import long_walk

LIST = (ROOT / "templates/chat/shortcuts/_list.html").read_text()
KEYS = (ROOT / "static/js/shell/keys.js").read_text()


def press(page: Page, *keys: str) -> None:
    """Press the keys where nobody types."""
    page.evaluate("document.activeElement.blur()")
    for key in keys:
        page.keyboard.press(key)


def focused_answer(page: Page) -> int:
    """The number of the answer that has the focus, from 1; 0 for none."""
    script = "[...document.querySelectorAll('.answer')].indexOf(document.activeElement) + 1"
    return int(page.evaluate(script))


def test_the_list_names_every_key_that_does_something() -> None:
    listed = {key.lower() for key in re.findall(r"<kbd>([A-Z?])</kbd>", LIST)}
    acting = {key.strip('"') for key in re.findall(r'^  ("?[a-z?]"?): \(\)', KEYS, re.MULTILINE)}

    goals = set(re.findall(r"<kbd>G</kbd> <kbd>([A-Z])</kbd>", " ".join(LIST.split())))
    sidebar = Path(ROOT / "templates/shared/_sidebar.html").read_text()
    assert {goal.lower() for goal in goals} == set(re.findall(r'data-go="(\w)"', sidebar))
    assert listed - {goal.lower() for goal in goals} - acting <= {"/", "x"}  # of the search, and of a picture
    assert acting <= listed


def test_j_and_k_go_from_answer_to_answer(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    count = answers(page).count()
    assert count > 3
    press(page, "j")
    page.wait_for_function("() => document.activeElement.matches('.answer')")
    at = focused_answer(page)
    page.keyboard.press("k")
    page.wait_for_function(
        "(at) => [...document.querySelectorAll('.answer')].indexOf(document.activeElement) === at - 2", arg=at
    )
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert focused_answer(page) == at - 1
    expect(answers(page).nth(at - 2)).to_be_in_viewport()
    question = page.locator(".exchange").nth(at - 2).locator(".question-text").inner_text()
    expect(page.locator("#announcer")).to_have_text(question)
    outline = answers(page).nth(at - 2).evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline != "none"


def test_an_answer_is_copied_with_and_without_its_sources(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(shelf["tour"])
    page.locator(".answer:has(.source)").first.focus()

    plain = copied(page, lambda: page.keyboard.press("c"))["text/plain"]
    with_sources = copied(page, lambda: page.keyboard.press("Shift+C"))["text/plain"]

    assert plain
    assert with_sources.startswith(plain.strip())
    assert len(with_sources) > len(plain) + 20


def test_a_question_is_asked_again_and_stopped_by_keys(page_for: PageFor) -> None:
    page = page_for("bob")
    article = ask_from_home(page, LONG)
    wait_for_words(article)
    press(page, "s")
    wait_for(answer(page), "stopped")
    press(page, "r")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    wait_for_words(answer(page))
    press(page, "s")
    wait_for(answer(page), "stopped")


def test_ones_own_question_is_edited_by_key(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["long"])
    page.locator(".exchange", has_text="Question number 59?").locator(".answer").focus()
    page.keyboard.press("e")
    edited = page.get_by_role("textbox", name="Edit question")
    expect(edited).to_be_focused()
    expect(edited).to_have_value("Question number 59?")


@long_walk
def test_the_conversation_is_pinned_and_unpinned(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, "Who pins it? #demo:fast"), "finished")
    press(page, "p")
    expect(page.locator("#conversation-marks")).to_contain_text("Pinned")
    press(page, "p")
    expect(page.locator("#conversation-marks")).not_to_contain_text("Pinned")


def test_keys_lead_to_the_box_to_the_models_and_to_pages(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    press(page, "q")
    expect(composer(page)).to_be_focused()
    expect(composer(page)).to_have_value("")
    press(page, "m")
    expect(page.locator("#models")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    for key, path in {"t": "/accounts/team/", "i": "/images/", "h": "/history/", "c": "/costs/"}.items():
        press(page, "g", key)
        page.wait_for_url(f"**{path}")
    press(page, "b")
    expect(page.locator("#sidebar")).to_be_hidden()
    press(page, "b")
    expect(page.locator("#sidebar")).to_be_visible()
    press(page, "n")
    page.wait_for_url(re.compile(r":\d+/$"))


@long_walk
def test_keys_work_on_keyboards_of_other_scripts(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    typed = "(init) => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
    page.evaluate("document.activeElement.blur()")
    page.evaluate(typed, {"key": "ض", "code": "KeyQ"})
    expect(composer(page)).to_be_focused()
    page.evaluate(typed, {"key": "ن", "code": "KeyK", "ctrlKey": True})
    expect(page.get_by_role("combobox", name="Search or run a command")).to_be_focused()


def test_no_key_acts_while_somebody_types_or_means_another(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    composer(page).fill("")
    page.keyboard.type("jkcrespgbn?m")
    expect(composer(page)).to_have_value("jkcrespgbn?m")
    page.evaluate("document.activeElement.blur()")
    for keys in ("Control+p", "Alt+n", "Meta+r"):
        page.evaluate("addEventListener('keydown', (event) => event.preventDefault(), {once: true})")
        page.keyboard.press(keys)
    assert page.url.endswith(shelf["tour"])
    expect(page.locator("dialog[open]")).to_have_count(0)


@long_walk
def test_escape_leaves_the_box_so_that_keys_act(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).fill("Half a que")
    page.keyboard.press("Escape")
    expect(composer(page)).not_to_be_focused()
    page.keyboard.press("q")
    expect(composer(page)).to_be_focused()
    expect(composer(page)).to_have_value("Half a que")


@long_walk
def test_the_accessibility_check_finds_nothing_in_the_list(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    for width in (1280, 320):
        page = page_for("bob", width=width)
        page.goto("/shortcuts/")
        axe(page)
        page.goto("/")
        press(page, "?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        axe(page)


def switch(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Single-key shortcuts")


@long_walk
@pytest.mark.parametrize("place", ["dialog", "page"])
def test_single_keys_are_switched_off_and_on(page_for: PageFor, shelf: dict[str, str], place: str) -> None:
    page = page_for("bob")
    page.goto("/shortcuts/" if place == "page" else shelf["tour"])
    if place == "dialog":
        press(page, "?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    switch(page).uncheck()

    page.goto(shelf["tour"])
    press(page, "q", "?", "/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or run a command")).to_be_focused()
    page.keyboard.type("keyboard")
    expect(page.get_by_role("option", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Enter")
    expect(switch(page)).not_to_be_checked()
    switch(page).check()
    page.keyboard.press("Escape")
    press(page, "q")
    expect(composer(page)).to_be_focused()


@long_walk
def test_icon_buttons_say_what_they_are_to_pointer_and_keyboard(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    tip = page.locator(".tip")
    page.get_by_role("button", name="Hide sidebar").hover()
    expect(tip).to_have_text("Hide sidebar")
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.locator("#conversation-menu > summary").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(tip).to_have_text("Conversation menu")
    page.keyboard.press("Enter")
    expect(tip).to_have_count(0)


@long_walk
def test_the_list_is_in_the_menu_of_ones_account(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.locator(".account > summary").click()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


@long_walk
def test_no_name_hangs_about_where_one_taps(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice", width=360, touch=True)
    page.goto(shelf["tour"])
    page.locator("#conversation-menu > summary").tap()
    expect(page.get_by_role("button", name="Archive")).to_be_visible()
    expect(page.locator(".tip")).to_have_count(0)
