"""Spaces in the browser: two people in one of them, on every width, by keyboard and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import questions
from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, composer, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk
from tests.writing import written

SPACE = re.compile(r"/spaces/[0-9a-f-]{36}/$")


def make(page: Page, name: str = "Q3 tender", **roles: str) -> str:
    """Make a space, for the people named with their roles or for everyone; its address."""
    page.goto("/spaces/new/")
    page.get_by_label("Name", exact=True).fill(name)
    if roles:
        page.get_by_label("Only people you choose").check()
    for person, role in roles.items():
        page.get_by_label(person, exact=True).select_option(role)
    page.get_by_role("button", name="Create space").click()
    page.wait_for_url(SPACE)
    return page.url


def asked_in(server: Server, space: str, name: str, text: str) -> str:
    """What the person asked in the space: the address of its conversation."""
    asked = questions.ask(server.client(name), f"{text} #demo:fast")
    wish = {"conversation": asked.conversation, "space": space.strip("/").rsplit("/", 1)[-1]}
    written(server.store, "tests.chat.spaces.moved", wish)
    return asked.page


def test_two_people_share_a_space_that_others_do_not_see(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    alice, bob, vera = page_for("alice"), page_for("bob"), page_for("vera")
    alice.goto("/spaces/")
    expect(alice.get_by_text("A space keeps everything about one subject together")).to_be_visible()
    axe(alice)
    alice.get_by_role("link", name="New space").click()
    alice.get_by_label("Only people you choose").check()
    axe(alice)
    space = make(alice, bob="Contributor")
    axe(alice)

    bob.goto("/spaces/")
    bob.locator("main").get_by_role("link", name="Q3 tender").click()
    expect(bob.get_by_role("heading", level=1)).to_have_text("Q3 tender")
    ask(bob, "How do context managers work? #demo:fast")
    wait_for(answer(bob), "finished")
    alice.goto(space)
    alice.locator("main").get_by_role("link", name="How do context managers work?").click()
    wait_for(answer(alice), "finished")
    assert vera.goto(alice.url).status == 404  # type: ignore[union-attr]
    vera.goto("/spaces/")
    expect(vera.get_by_role("link", name="Q3 tender")).to_have_count(0)
    assert vera.goto(space).status == 404  # type: ignore[union-attr]


def test_people_come_in_change_and_go_at_once_and_each_can_be_taken_back(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    space = make(alice, bob="Contributor")
    bob.goto(space)
    expect(composer(bob)).to_be_visible()
    alice.get_by_role("link", name="People", exact=True).click()
    axe(alice)

    alice.get_by_label("Person to add").select_option("vera")
    alice.get_by_label("Role", exact=True).select_option("Reader")
    alice.get_by_role("button", name="Add", exact=True).click()
    expect(alice.locator(".toast")).to_contain_text("vera can read this space now.")
    alice.get_by_role("button", name="Undo").click()
    expect(alice.get_by_label("Role of vera", exact=True)).to_have_count(0)

    role = alice.get_by_label("Role of bob", exact=True)
    role.focus()
    role.select_option("Reader")
    expect(alice.locator(".toast").last).to_contain_text("bob can read this space now.")
    expect(role).to_be_focused()
    bob.reload()
    expect(composer(bob)).to_have_count(0)

    alice.get_by_role("button", name="Remove bob").click()
    expect(alice.locator(".toast").last).to_contain_text("bob is no longer in this space.")
    assert bob.goto(space).status == 404  # type: ignore[union-attr]
    alice.get_by_role("button", name="Undo").last.click()
    expect(alice.get_by_label("Role of bob", exact=True)).to_have_value("reader")
    assert bob.goto(space).status == 200  # type: ignore[union-attr]


def test_before_a_space_is_limited_to_some_its_owner_is_told_who_will_no_longer_see_it(page_for: PageFor) -> None:
    alice = page_for("alice")
    make(alice)
    alice.get_by_role("link", name="People", exact=True).click()
    expect(alice.get_by_text("Everyone in Harbour is in this space.")).to_be_visible()
    alice.get_by_role("link", name="Choose people…").click()
    alice.get_by_label("bob", exact=True).select_option("Contributor")
    alice.get_by_role("button", name="Continue").click()

    notice = alice.get_by_role("alert")
    expect(notice).to_contain_text("1 person will no longer see this space, or what they asked in it:")
    expect(notice).to_contain_text("vera")
    expect(alice.get_by_label("bob", exact=True)).to_have_value("contributor")
    alice.get_by_role("button", name="Limit to these people").click()
    expect(alice.get_by_label("Role of bob", exact=True)).to_have_value("contributor")


@long_walk
def test_the_owner_sets_how_questions_begin_and_hands_the_space_over(
    page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    space = make(alice, bob="Contributor")
    alice.get_by_role("link", name="Settings").click()
    axe(alice)
    alice.get_by_label("Description (optional)").fill("Suppliers and prices")
    alice.get_by_label("Teal").check()
    alice.get_by_label("Only the person who asks").check()
    alice.get_by_label("Questions here start with a certain model").check()
    alice.locator("#models > summary").click()
    picker = alice.locator("#models").get_by_role("dialog", name="Model")
    picker.get_by_role("button", name="All models").click()
    picker.locator(".model-choice", has=alice.get_by_text("Sonar Pro", exact=True)).last.click()
    expect(alice.locator("#models [data-chosen]")).to_have_text("Sonar Pro")
    expect(alice.locator(".htmx-request")).to_have_count(0)
    alice.locator("#options > summary").click()
    alice.locator("#options-fields").get_by_role("radio", name="Scholarly").check()
    alice.get_by_role("button", name="Save", exact=True).first.click()

    expect(alice.locator(".toast")).to_contain_text("The settings of this space have been saved.")
    expect(alice.locator("#models [data-chosen]")).to_have_text("Sonar Pro")
    expect(alice.get_by_role("radio", name="Scholarly")).to_be_checked()
    expect(alice.get_by_label("Only the person who asks")).to_be_checked()
    expect(alice.get_by_label("Teal")).to_be_checked()
    alice.get_by_role("link", name="People", exact=True).click()
    alice.get_by_label("New owner").select_option("bob")
    alice.get_by_role("button", name="Hand over the space").click()
    expect(alice.locator(".toast")).to_contain_text("bob owns this space now.")
    expect(alice.get_by_label("New owner")).to_have_count(0)
    bob.goto(space)
    expect(bob.get_by_role("link", name="Settings")).to_be_visible()


@long_walk
def test_two_people_who_write_instructions_overwrite_nothing(page_for: PageFor) -> None:
    alice, bob, vera = page_for("alice"), page_for("bob"), page_for("vera")
    space = make(bob)
    for page in (alice, bob):  # Alice owns the team, and everybody is in the space
        page.goto(f"{space}instructions/")
    alice.get_by_role("textbox", name="Instructions").fill("Answer in euros.")
    alice.get_by_role("button", name="Save", exact=True).click()
    expect(alice.locator(".toast")).to_contain_text("The instructions of this space have been saved.")

    bob.get_by_role("textbox", name="Instructions").fill("Answer in pounds.")
    bob.get_by_role("button", name="Save", exact=True).click()

    expect(bob.get_by_role("alert")).to_contain_text("Answer in euros.")
    bob.get_by_role("button", name="Save mine instead").click()
    vera.goto(f"{space}instructions/")
    expect(vera.locator("#instructions")).to_contain_text("Answer in pounds.")
    expect(vera.get_by_role("textbox", name="Instructions")).to_have_count(0)
    bob.get_by_text("Earlier versions").click()
    bob.get_by_role("button", name="Use version 1 again").click()
    expect(bob.get_by_role("textbox", name="Instructions")).to_have_value("Answer in euros.")


@long_walk
def test_a_space_is_archived_deleted_and_brought_back(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    space = make(alice)
    talk = asked_in(server, space, "bob", "How do context managers work?")
    menu = alice.get_by_label("Menu for Q3 tender")
    menu.click()
    alice.locator(".space-menu summary", has_text="Archive").click()
    axe(alice)
    alice.get_by_role("button", name="Archive space").click()
    bob.goto(space)
    expect(bob.get_by_text("This space is archived.")).to_be_visible()
    expect(composer(bob)).to_have_count(0)
    alice.locator(".space-head").get_by_role("button", name="Unarchive").first.click()

    alice.reload()
    menu.click()
    alice.locator(".space-menu summary", has_text="Delete").click()
    expect(alice.get_by_text("Its 1 conversation stays with the person who started it")).to_be_visible()
    alice.get_by_role("button", name="Delete space").click()
    expect(alice.get_by_text("“Q3 tender” was deleted.")).to_be_visible()
    assert bob.goto(talk).status == 200  # type: ignore[union-attr]
    assert alice.goto(talk).status == 404  # type: ignore[union-attr]

    alice.goto("/trash/")
    axe(alice)
    alice.get_by_role("button", name="Restore Q3 tender").click()
    alice.wait_for_url(SPACE)
    assert alice.goto(talk).status == 200  # type: ignore[union-attr]


@long_walk
def test_everything_works_without_javascript(page_for: PageFor) -> None:
    alice = page_for("alice", javascript=False)
    make(alice, bob="Reader")
    alice.get_by_role("link", name="People", exact=True).click()
    alice.get_by_label("Role of bob", exact=True).select_option("Contributor")
    alice.get_by_role("button", name="Save the role of bob").click()
    expect(alice.get_by_label("Role of bob", exact=True)).to_have_value("contributor")
    alice.get_by_label("Person to add").select_option("vera")
    alice.get_by_role("button", name="Add", exact=True).click()
    expect(alice.get_by_label("Role of vera", exact=True)).to_have_value("contributor")
    alice.get_by_role("button", name="Remove vera").click()
    expect(alice.get_by_label("Role of vera", exact=True)).to_have_count(0)
    alice.get_by_role("link", name="Settings").click()
    alice.get_by_label("Name", exact=True).fill("Q4 tender")
    alice.get_by_role("button", name="Save", exact=True).first.click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Q4 tender")


@pytest.mark.parametrize("width", [320, 360, 900, 1440])
def test_nothing_is_outside_the_window(width: int, page_for: PageFor) -> None:
    page = page_for("alice", width=width)
    space = make(page, name="Everything about the tender for lighthouses and buoys in the third quarter", bob="Reader")
    for address in ("", "instructions/", "people/", "settings/"):
        page.goto(f"{space}{address}")
        assert not scrolls_sideways(page), address
    for address in ("/spaces/", "/spaces/new/"):
        page.goto(address)
        assert not scrolls_sideways(page), address
    page.goto(space)
    page.locator(".space-menu > summary").click()
    box = page.locator(".space-menu .menu-list").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
