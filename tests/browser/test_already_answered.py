"""What a teammate asked and had answered is shown to whoever types the same, and opened instead of paid for again."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import PageFor
from tests.browser.live_regions import listen
from tests.browser.steps import answer, ask, ask_button, ask_from_home, composer, scrolls_sideways, wait_for
from tests.walks import long_walk

ASKED = "Which harbour lights were electric first?"
SECRET = "How much does our secret acquisition of the shipyard cost?"


def known(page: Page) -> Locator:
    """The list of what was already answered."""
    return page.get_by_role("region", name="Already answered")


def ask_as(page: Page, text: str) -> str:
    """Ask, wait for the answer; the address of the conversation."""
    wait_for(ask_from_home(page, text), "finished")
    return page.url


def type_slowly(page: Page, text: str) -> None:
    composer(page).press_sequentially(text, delay=5)


def test_one_key_opens_a_teammates_answer_instead_of_asking(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    where = ask_as(alice, ASKED)
    asked: list[Request] = []
    bob.on("request", lambda request: asked.append(request) if request.url.endswith("/ask/") else None)
    bob.goto("/")
    box = composer(bob).bounding_box()
    type_slowly(bob, ASKED[:-1])
    expect(known(bob)).to_contain_text(ASKED)
    expect(known(bob)).to_contain_text("alice")
    assert composer(bob).bounding_box() == box  # nothing moved
    expect(composer(bob)).to_be_focused()

    bob.keyboard.press("Alt+Enter")

    bob.wait_for_url(re.compile(re.escape(where) + r"\?around=1#answer-"))
    expect(answer(bob)).to_be_in_viewport()
    expect(bob.get_by_role("button", name="Ask again").first).to_be_visible()
    assert asked == []
    bob.goto("/")
    expect(composer(bob)).to_have_value(ASKED[:-1])


def test_a_private_question_is_never_shown_to_another(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    alice.goto("/?visibility=private")
    ask(alice, SECRET)
    wait_for(answer(alice), "finished")
    bob.goto("/")
    with bob.expect_response(re.compile("/ask/known/$")) as looked:
        composer(bob).fill(SECRET)
        ask_button(bob).hover()
    assert looked.value.status == 204
    expect(known(bob)).to_have_count(0)
    alice.goto("/")
    type_slowly(alice, SECRET)
    expect(known(alice)).to_contain_text(SECRET)


def test_asking_waits_for_nothing_and_is_never_refused(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    where = ask_as(alice, ASKED)
    bob.goto("/")
    composer(bob).fill(ASKED)
    bob.keyboard.press("Enter")
    bob.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    assert bob.url != where
    wait_for(answer(bob), "finished")


@long_walk
def test_arrows_go_through_the_list_and_escape_puts_it_away_for_this_draft(page_for: PageFor) -> None:
    page = page_for("bob")
    ask_as(page, ASKED)
    ask_as(page, "Which harbour lights were electric first, and where?")
    page.goto("/")
    type_slowly(page, "Which harbour lights were electric first")
    expect(known(page).get_by_role("link")).to_have_count(2)

    page.keyboard.press("ArrowDown")
    expect(known(page).get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(known(page).get_by_role("link").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(composer(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(known(page)).to_have_count(0)
    expect(composer(page)).to_be_focused()

    type_slowly(page, "?")
    page.wait_for_timeout(1_000)  # four times as long as somebody must not type for the list to come
    expect(known(page)).to_have_count(0)
    composer(page).fill("")
    type_slowly(page, "Which harbour lights were electric first")
    expect(known(page)).to_be_visible()
    page.get_by_role("button", name="Hide what was already answered").click()
    expect(known(page)).to_have_count(0)
    expect(composer(page)).to_be_focused()


@long_walk
def test_who_listens_hears_it_once(page_for: PageFor) -> None:
    page = page_for("bob")
    asked = "Who invented the lens that lighthouses have?"
    ask_as(page, asked)
    page.goto("/")
    spoken = listen(page)
    type_slowly(page, asked[:-12])
    expect(known(page)).to_be_visible()
    type_slowly(page, asked[-12:])
    ask_button(page).hover()
    expect(page.locator("#announcer")).to_have_text("1 similar question was already answered")
    assert [one for one in spoken() if "already answered" in one] == ["1 similar question was already answered"]


def test_a_follow_up_is_looked_for_too_and_the_page_holds_still(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob", width=360, touch=True)
    ask_as(alice, ASKED)
    ask_as(bob, "How do keepers trim a wick?")
    place = bob.evaluate("scrollY")
    type_slowly(bob, ASKED)
    expect(known(bob)).to_be_visible()
    assert bob.evaluate("scrollY") == place
    assert not scrolls_sideways(bob)
    known(bob).get_by_role("link").first.click()
    bob.wait_for_url(re.compile(r"#answer-"))


@long_walk
def test_it_fits_on_a_small_screen_and_is_accessible(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("bob", width=320)
    ask_as(page, ASKED)
    page.goto("/")
    type_slowly(page, ASKED)
    expect(known(page)).to_be_visible()
    assert not scrolls_sideways(page)
    axe(page)
