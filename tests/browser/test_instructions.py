"""Standing instructions: written on the pages of team and account, seen where one asks, read afterwards."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import ask, ask_from_home, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk

TEXT = "Answer briefly.\n\n- Give lengths in metres.\n- <b>No</b> jokes."


def field(page: Page) -> Locator:
    """Where instructions are written."""
    return page.locator("#instructions").get_by_role("textbox", name="Instructions")


def save(page: Page, text: str) -> None:
    """Write the instructions and press the button."""
    field(page).fill(text)
    page.locator("#instructions").get_by_role("button", name="Save").click()


def test_they_are_written_seen_below_the_question_and_read_after_the_answer(
    page_for: PageFor, server: Server, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", server=server)
    page.goto("/accounts/team/")
    section = page.locator("#instructions")
    expect(section).to_contain_text("None yet")
    field(page).fill(TEXT)
    expect(section).to_contain_text(f"{len(TEXT)} of 8,000 characters")
    expect(section.get_by_text("Not saved yet")).to_be_visible()
    field(page).press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The team’s instructions have been saved.")).to_be_visible()
    expect(section).to_contain_text("Saved by alice")
    expect(section.get_by_text("Not saved yet")).to_be_hidden()
    axe(page)
    page.goto("/accounts/me/")
    save(page, "Call me captain.")
    expect(page.get_by_text("Your instructions have been saved.")).to_be_visible()
    axe(page)

    article = ask_from_home(page, "How do context managers work? #demo:fast")
    wait_for(article, "finished")
    page.get_by_text("Team and personal instructions apply").click()
    expect(page.get_by_text("Call me captain.")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Call me captain.")).to_be_hidden()
    article.locator(".figures > summary").click()
    article.get_by_role("link", name="View what was sent").click()
    expect(page.locator(".sent-instructions dt")).to_contain_text(["Team", "Personal"])
    assert page.locator(".instructions-text").all_inner_texts() == [TEXT, "Call me captain."]
    axe(page)

    bob = page_for("bob", server=server, width=320, scheme="dark")
    bob.goto(page.url)
    expect(bob.get_by_text("alice has personal instructions, which only they can read.")).to_be_visible()
    expect(bob.get_by_text("captain")).to_have_count(0)
    for path in (page.url, "/accounts/team/", "/"):
        bob.goto(path)
        assert not scrolls_sideways(bob)
        axe(bob)


def test_what_was_written_survives_a_reload_and_overwrites_nobody(page_for: PageFor, server: Server) -> None:
    page = page_for("alice", server=server)
    page.goto("/accounts/team/")
    field(page).fill("Be brief.")
    page.goto("/accounts/me/")
    expect(field(page)).to_have_value("")
    server.client("alice").post("/accounts/team/instructions/", data={"text": "Name years.", "seen": "0"})

    page.goto("/accounts/team/")
    expect(field(page)).to_have_value("Be brief.")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.locator("#instructions").get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Name years.")
    expect(field(page)).to_have_value("Be brief.")
    page.get_by_role("button", name="Save mine instead").click()
    expect(page.get_by_text("The team’s instructions have been saved.")).to_be_visible()
    page.reload()
    expect(field(page)).to_have_value("Be brief.")
    expect(page.get_by_text("Not saved yet")).to_be_hidden()


@long_walk
def test_those_of_a_preset_are_a_chip_that_comes_off_for_one_question(page_for: PageFor, server: Server) -> None:
    page = page_for("alice", server=server)
    page.goto("/")
    page.locator("#options > summary").click()
    page.get_by_role("group", name="Options", exact=True).get_by_label("Instructions").fill("Rhyme.\n\nBriefly.")
    page.get_by_role("button", name="Save as preset…").click()
    dialog = page.get_by_role("dialog", name="Save as preset")
    dialog.get_by_role("textbox", name="Name").fill("Limericks")
    dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(dialog).to_have_count(0)

    page.goto("/presets/")
    page.get_by_role("link", name="Use preset").click()
    chips = page.get_by_role("list", name="Active options").get_by_role("listitem")
    expect(chips).to_contain_text(["Rhyme. Briefly."])
    chips.get_by_role("button", name="Remove “Instructions”").click()
    expect(chips).to_have_count(0)
    ask(page, "How do context managers work? #demo:fast")
    page.wait_for_url("**/c/*/")
    assert server.rows("SELECT options FROM chat_question") == [("{}",)]


@long_walk
def test_without_javascript_nothing_written_is_lost_to_somebody_who_was_quicker(
    page_for: PageFor, server: Server, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", server=server, javascript=False)
    page.goto("/accounts/team/")
    server.client("alice").post("/accounts/team/instructions/", data={"text": "Name years.", "seen": "0"})

    save(page, "Be brief.")

    expect(page.get_by_role("alert")).to_contain_text("Someone changed these instructions while you were editing.")
    expect(page.get_by_role("alert")).to_contain_text("Name years.")
    expect(field(page)).to_have_value("Be brief.")
    field(page).fill("Be brief. Name years.")
    page.get_by_role("button", name="Save mine instead").click()
    expect(page.get_by_text("The team’s instructions have been saved.")).to_be_visible()
    expect(field(page)).to_have_value("Be brief. Name years.")
    page.get_by_text("Earlier versions").click()
    expect(page.locator("#instructions .instructions-text")).to_have_text("Name years.")
