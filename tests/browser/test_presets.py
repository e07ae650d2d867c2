"""Presets: kept and applied below a question, shared with the team, looked after on their page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, ask_from_home, choose_model, composer, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk, widths

NAME = "Papers since 2024"


@pytest.fixture(autouse=True)
def nothing_kept(shared_server: Server) -> None:
    """Begin without presets; the server and its cast are shared with other tests."""
    shared_server.rows("DELETE FROM chat_preset")


def open_options(page: Page) -> Locator:
    """The opened options of the composer."""
    page.locator("#options > summary").click()
    panel = page.get_by_role("group", name="Options", exact=True)
    expect(panel).to_be_visible()
    return panel


def set_papers(page: Page) -> None:
    """Set the options of the tests: scholarly works that appeared after the first day of 2024."""
    panel = open_options(page)
    panel.get_by_role("radio", name="Scholarly", exact=True).check()
    panel.get_by_label("Published after").fill("2024-01-01")
    expect(in_force(page)).to_have_count(2)


def in_force(page: Page) -> Locator:
    """The chips of the composer."""
    return page.get_by_role("list", name="Active options").get_by_role("listitem")


def menu(page: Page) -> Locator:
    """The opened menu of presets, with what there is to apply."""
    page.locator(".presets-menu > summary").click()
    list_ = page.locator(".presets-menu > .menu-list")
    expect(list_.get_by_role("link", name="Manage presets")).to_be_visible()
    return list_


def save(page: Page, name: str, *, shared: bool = False) -> None:
    """Keep what is set under the name."""
    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("textbox", name="Name").fill(name)
    if shared:
        dialog.get_by_role("checkbox", name="Share with the team").check()
    dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text(f"Saved as “{name}”.")).to_be_visible()


def apply(page: Page, name: str) -> None:
    """Apply the preset from the menu of opened options."""
    menu(page).get_by_role("button", name=name).click()
    expect(page.locator(".presets-menu[open]")).to_have_count(0)


def preset(page: Page, name: str) -> Locator:
    """The preset on the page of presets."""
    return page.locator(".preset", has=page.get_by_role("heading", name=name, exact=True))


def test_a_preset_is_kept_and_applied_in_a_new_conversation(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).fill("Who wrote about lamps?")
    set_papers(page)
    save(page, NAME)
    expect(page.get_by_role("button", name="Save as preset…")).to_be_focused()

    page.get_by_role("button", name="Clear options", exact=True).click()
    expect(in_force(page)).to_have_count(0)
    apply(page, NAME)

    expect(in_force(page)).to_have_count(2)
    expect(composer(page)).to_have_value("Who wrote about lamps?")
    expect(page.locator(".presets-menu > summary")).to_be_focused()
    ask(page, "Who wrote about lamps? #demo:fast")
    wait_for(answer(page), "finished")
    expect(page.get_by_role("list", name="Options", exact=True).first).to_contain_text("Scholarly")


@long_walk
def test_a_preset_that_was_applied_survives_a_reload(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    set_papers(page)
    save(page, NAME)
    page.get_by_role("button", name="Clear options", exact=True).click()
    expect(in_force(page)).to_have_count(0)
    apply(page, NAME)
    expect(in_force(page)).to_have_count(2)

    page.reload()

    expect(in_force(page)).to_have_count(2)


def test_a_teammate_applies_a_shared_preset_with_its_model(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    alice.goto("/")
    choose_model(alice, "Sonar Pro")
    set_papers(alice)
    save(alice, NAME, shared=True)

    bob.goto("/")
    open_options(bob)
    apply(bob, f"{NAME} by alice")

    expect(in_force(bob)).to_have_count(2)
    expect(bob.locator("#models > summary")).to_contain_text("Sonar Pro")
    choose_model(bob, "Sonar Deep Research")
    expect(bob.get_by_role("radio", name="Pro", exact=True)).to_have_count(0)


@long_walk
def test_what_the_chosen_model_does_not_take_is_told(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    choose_model(page, "Sonar Deep Research")
    panel = open_options(page)
    panel.get_by_role("group", name="Effort").get_by_role("radio", name="High").check()
    expect(in_force(page)).to_have_count(1)
    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("checkbox", name="Also save the model: Sonar Deep Research").uncheck()
    dialog.get_by_role("textbox", name="Name").fill("Thorough")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as “Thorough”.")).to_be_visible()

    page.evaluate("localStorage.clear()")
    page.goto("/")
    open_options(page)
    apply(page, "Thorough")

    expect(page.get_by_text("Sonar doesn’t support these options, so they were left out: Effort.")).to_be_visible()
    expect(in_force(page)).to_have_count(0)


@long_walk
def test_a_name_that_is_taken_can_be_replaced_or_left(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    set_papers(page)
    save(page, NAME)
    page.get_by_role("button", name="Clear options", exact=True).click()
    expect(in_force(page)).to_have_count(0)
    page.get_by_role("radio", name="SEC filings", exact=True).check()
    expect(in_force(page)).to_have_count(1)

    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("textbox", name="Name").fill(NAME)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("You already have a preset")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#options")).to_have_attribute("open", "")

    page.get_by_role("button", name="Save as preset…").click()
    dialog.get_by_role("textbox", name="Name").fill(NAME)
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Replace preset").click()
    expect(dialog).to_have_count(0)
    page.goto("/presets/")
    expect(preset(page, NAME)).to_contain_text("SEC filings")
    expect(page.locator(".preset")).to_have_count(1)


def test_defaults_are_kept_and_every_new_question_begins_with_them(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    set_papers(page)
    page.get_by_role("button", name="Save as my defaults").click()
    expect(page.get_by_text("New questions will start with Sonar and these options.")).to_be_visible()

    elsewhere = page_for("alice")  # another browser, which has no draft
    ask_from_home(elsewhere, "What is new? #demo:fast")
    expect(elsewhere.get_by_role("list", name="Options", exact=True).first).to_contain_text("Scholarly")
    elsewhere.goto("/")
    expect(in_force(elsewhere)).to_have_count(2)

    elsewhere.goto("/presets/")
    elsewhere.get_by_role("button", name="Delete defaults").click()
    elsewhere.goto("/")
    expect(in_force(elsewhere)).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_presets_are_looked_after_on_their_page(page_for: PageFor, javascript: bool) -> None:
    page = page_for("alice")
    page.goto("/")
    set_papers(page)
    save(page, NAME)
    page = page_for("alice", javascript=javascript)
    page.goto("/presets/")

    page.get_by_label(f"Menu for {NAME}").click()
    page.get_by_text("Rename", exact=True).click()
    page.get_by_role("textbox", name="Name").fill("Recent papers")
    page.get_by_role("button", name="Save").click()
    expect(preset(page, "Recent papers")).to_contain_text("1 Jan 2024")

    page.get_by_label("Menu for Recent papers").click()
    page.get_by_role("button", name="Share with the team").click()
    expect(preset(page, "Recent papers")).to_contain_text("Shared with the team")

    page.get_by_label("Menu for Recent papers").click()
    page.get_by_role("button", name="Delete").click()
    expect(preset(page, "Recent papers")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(preset(page, "Recent papers")).to_contain_text("Shared with the team")

    preset(page, "Recent papers").get_by_role("link", name="Use preset").click()
    expect(in_force(page)).to_have_count(2)
    ask(page, "What do they say? #demo:fast")
    expect(page.get_by_role("list", name="Options", exact=True).first).to_contain_text("Scholarly")


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_presets_are_accessible_wide_and_narrow(page_for: PageFor, axe: Callable[[Page], None], width: int) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    set_papers(page)
    save(page, "A long name for a preset of somebody who wants to be sure", shared=True)
    page.get_by_role("button", name="Save as my defaults").click()
    menu(page)
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save as preset…").click()
    expect(page.get_by_role("dialog", name="Save as preset")).to_be_visible()
    axe(page)
    assert scrolls_sideways(page) == []

    page.goto("/presets/")
    page.get_by_label("Menu for A long name").click()
    axe(page)
    assert scrolls_sideways(page) == []


@long_walk
def test_presets_are_applied_by_keyboard(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    set_papers(page)
    save(page, NAME)
    page.get_by_role("button", name="Clear options", exact=True).press("Enter")
    expect(in_force(page)).to_have_count(0)

    page.locator(".presets-menu > summary").press("Enter")
    page.get_by_role("button", name=NAME).press("Enter")

    expect(in_force(page)).to_have_count(2)
    page.locator(".presets-menu > summary").press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".presets-menu[open]")).to_have_count(0)
    expect(page.locator("#options")).to_have_attribute("open", "")
