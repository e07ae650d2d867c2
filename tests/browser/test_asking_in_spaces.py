"""Two people ask in a space of theirs, and a third sees nothing of it; conversations go in and out of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    LONG,
    QUESTION,
    answer,
    ask,
    ask_from_home,
    composer,
    questions,
    scrolls_sideways,
    wait_for,
    wait_for_words,
)
from tests.walks import long_walk

INSTRUCTIONS = "Figures in euros, and cite the quarter."


def visible_to(page: Page) -> Locator:
    """The choice of who sees the next question."""
    return page.get_by_label("Visible to", exact=True)


def make_space(page: Page, name: str, *, with_bob: bool = True) -> str:
    """Alice makes a space of chosen people, Bob among them, with instructions; its address."""
    page.goto("/spaces/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Only people you choose").check()
    if with_bob:
        page.get_by_label("bob", exact=True).select_option(label="Contributor")
    page.get_by_role("button", name="Create space").click()
    page.wait_for_url(re.compile(r"/spaces/[0-9a-f-]{36}/"))
    address = re.sub(r"(/spaces/[0-9a-f-]{36}/).*", r"\1", page.url)
    page.goto(f"{address}instructions/")
    page.locator("textarea").fill(INSTRUCTIONS)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Saved by alice")
    return address


def test_what_is_asked_in_a_space_comes_to_its_people_as_it_is_written_and_to_nobody_else(page_for: PageFor) -> None:
    alice, bob, vera = page_for("alice"), page_for("bob"), page_for("vera")
    make_space(alice, "Third quarter")
    bob.goto("/")
    vera.goto("/")
    alice.goto("/")
    visible_to(alice).focus()
    visible_to(alice).select_option(label="Third quarter")
    expect(alice.locator("#visibility-words")).to_contain_text("Everyone in Third quarter will see it")
    expect(alice.locator("#standing")).to_contain_text("Instructions of Third quarter apply")
    expect(visible_to(alice)).to_be_focused()
    ask(alice, LONG)
    wait_for_words(answer(alice))
    expect(alice.locator("#composer")).to_contain_text("Everyone in Third quarter sees this conversation")

    row = bob.locator("#history").get_by_role("link", name=re.compile("How do context managers work"))
    row.click()  # it comes by itself
    expect(bob.get_by_role("link", name="Third quarter").first).to_be_visible()
    wait_for_words(answer(bob))
    assert vera.goto(alice.url).status == 404  # type: ignore[union-attr]
    vera.goto("/history/")
    expect(vera.get_by_role("main")).not_to_contain_text("How do context managers work")
    expect(vera.get_by_role("complementary", name="Sidebar")).not_to_contain_text("Third quarter")

    alice.get_by_role("button", name="Stop").click()
    wait_for(answer(alice), "stopped")
    wait_for(answer(bob), "stopped")
    bob.goto(bob.url)
    answer(bob).locator(".figures > summary").click()
    bob.get_by_role("link", name="View what was sent").first.click()
    expect(bob.get_by_role("main")).to_contain_text("Space Third quarter")
    expect(bob.get_by_role("main")).to_contain_text(INSTRUCTIONS)


def test_who_loses_sight_of_a_moved_conversation_hears_no_more_of_it(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    make_space(alice, "Alone", with_bob=False)
    alice.goto("/")
    visible_to(alice).select_option(label="Team")
    ask(alice, LONG)
    wait_for_words(answer(alice))
    bob.goto(alice.url)
    wait_for_words(answer(bob))

    alice.get_by_label("Conversation menu").click()
    alice.get_by_text("Move to…", exact=True).last.click()
    places = alice.get_by_label("Move to", exact=True)
    places.select_option(label="Alone (seen by the people in it)")
    alice.get_by_role("button", name="Move", exact=True).click()

    expect(alice.locator("#toasts")).to_contain_text("Moved to Alone.")
    expect(alice.locator("#conversation-marks")).to_contain_text("Alone")
    before = answer(bob).inner_text()
    alice.wait_for_timeout(1_500)
    assert len(answer(bob).inner_text()) - len(before) < 400
    assert bob.goto(alice.url).status == 404  # type: ignore[union-attr]

    alice.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(alice.locator("#conversation-marks")).not_to_contain_text("Alone")
    bob.goto(alice.url)
    wait_for_words(answer(bob))
    alice.get_by_role("button", name="Stop").click()


@long_walk
def test_choosing_a_space_keeps_what_was_typed(page_for: PageFor) -> None:
    page = page_for("alice")
    make_space(page, "Typed in")
    page.goto("/")
    visible_to(page).select_option(label="Only me")
    composer(page).fill("What I have begun")

    visible_to(page).select_option(label="Typed in")
    expect(page.locator("#standing")).to_contain_text("Instructions of Typed in apply")

    expect(composer(page)).to_have_value("What I have begun")
    visible_to(page).select_option(label="Only me, in Typed in")
    expect(page.locator("#visibility-words")).to_contain_text("Only you will see it")
    page.goto("/")
    expect(visible_to(page)).to_have_value(re.compile("/me$"))
    visible_to(page).select_option(label="Team")
    expect(page.locator("#standing")).not_to_contain_text("Typed in")


@long_walk
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_everything_about_a_place_can_be_reached_and_read(
    page_for: PageFor, axe: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = page_for("alice", width=width, scheme=scheme)  # type: ignore[arg-type]
    space = make_space(page, "A space with a rather long name for a narrow screen")
    page.goto(f"/?space={space.split('/')[-2]}")
    axe(page)
    assert scrolls_sideways(page) == []
    ask(page, QUESTION)
    wait_for(answer(page), "finished")
    page.get_by_label("Conversation menu").click()
    page.get_by_text("Move to…", exact=True).last.click()
    expect(page.get_by_label("Move to", exact=True)).to_be_visible()
    axe(page)
    assert scrolls_sideways(page) == []
    page.goto("/history/")
    axe(page)
    assert scrolls_sideways(page) == []


def test_asking_in_a_space_and_moving_work_without_scripts(page_for: PageFor) -> None:
    scripted, page = page_for("alice"), page_for("alice", javascript=False)
    make_space(scripted, "Plain")
    page.goto("/")
    visible_to(page).select_option(label="Plain")
    ask(page, QUESTION)
    expect(page.locator("#conversation-marks")).to_contain_text("Plain")
    page.locator("#conversation-menu > summary").click()
    page.get_by_text("Move to…", exact=True).last.click()
    page.get_by_role("link", name="Choose where").last.click()
    page.get_by_label("Move to", exact=True).select_option(index=0)
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#conversation-marks")).not_to_contain_text("Plain")
    assert questions(page)


def test_the_sidebar_leads_to_the_space_and_keeps_to_it(page_for: PageFor) -> None:
    page = page_for("alice")
    make_space(page, "Beside")
    ask_from_home(page, "Something of the team?")
    page.goto("/")
    visible_to(page).select_option(label="Beside")
    expect(page.locator("#standing")).to_contain_text("Beside")
    ask(page, "Something of the space?")
    page.wait_for_url(re.compile("/c/"))
    page.goto(page.url)

    sidebar = page.get_by_role("complementary", name="Sidebar")
    spaces = sidebar.get_by_role("navigation", name="Spaces")
    expect(spaces.get_by_role("link", name="Beside")).to_have_attribute("aria-current", "true")
    sidebar.locator("#history-space").click()
    expect(sidebar.locator("#history-list")).not_to_contain_text("Something of the team?")
    expect(sidebar.locator("#history-list")).to_contain_text("Something of the space?")
    spaces.get_by_role("link", name="Beside").click()
    expect(page.get_by_role("main")).to_contain_text("Something of the space?")
