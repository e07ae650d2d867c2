"""Phones, short windows and large letters: the title stays at hand, no text is covered, the sidebar gives way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import composer, scrolls_sideways
from tests.walks import long_walk

# What stays in place over the text while one scrolls, and how high it is.
STUCK = """() => [...document.querySelectorAll(".topbar, .conversation-head, .dock, .demo-banner, .sidebar")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => {
        const before = one.getBoundingClientRect();
        scrollBy(0, -40);
        const after = one.getBoundingClientRect();
        scrollBy(0, 40);
        return before.top === after.top && before.bottom > 0 && before.top < innerHeight;
    })
    .map((one) => one.classList[0])"""
SMALL = [(360, 740), (740, 360), (320, 256)]


def middle(page: Page) -> None:
    """Scroll to the middle of a long conversation."""
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_title_and_menu_stay_in_the_top_bar(page_for: PageFor, shelf: dict[str, str], width: int, height: int) -> None:
    page = page_for("alice", width=width, touch=True)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(shelf["long"])
    middle(page)
    bar = page.locator(".topbar").bounding_box()
    title = page.get_by_role("heading", name="Sixty questions").bounding_box()
    assert bar
    assert title
    assert bar["y"] == 0
    assert 0 <= title["y"] < title["y"] + title["height"] <= bar["height"]
    page.get_by_label("Conversation menu").tap()
    expect(page.get_by_role("button", name="Archive")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu", exact=True).tap()
    expect(page.get_by_role("link", name="New question").first).to_be_in_viewport()
    assert scrolls_sideways(page) == []


@pytest.mark.parametrize(("width", "height"), [(740, 360), (320, 256), (1280, 400)])
def test_on_a_short_screen_nothing_but_the_top_bar_is_stuck(
    page_for: PageFor, shelf: dict[str, str], width: int, height: int
) -> None:
    page = page_for("alice", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(shelf["long"])
    page.get_by_role("main").focus()
    middle(page)
    assert set(page.evaluate(STUCK)) == {"topbar", "conversation-head"}
    composer(page).scroll_into_view_if_needed()
    expect(composer(page)).to_be_in_viewport()


@long_walk
def test_who_types_on_a_phone_on_its_side_sees_the_box(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=740, touch=True)
    page.set_viewport_size({"width": 740, "height": 360})
    page.goto(shelf["long"])
    composer(page).tap()
    page.set_viewport_size({"width": 740, "height": 220})  # the keyboard is there
    page.keyboard.type("And then?")
    expect(composer(page)).to_be_in_viewport(ratio=0.9)


def test_the_sidebar_is_put_away_and_stays_so(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto("/")
    sidebar = page.locator("#sidebar")
    before = composer(page).bounding_box()
    page.get_by_role("button", name="Hide sidebar").click()
    expect(sidebar).to_be_hidden()
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_focused()
    after = composer(page).bounding_box()
    assert before
    assert after
    assert after["x"] < before["x"]

    assert 'data-sidebar="hidden"' in page.request.get(shelf["tour"]).text()  # it is drawn so from the first moment
    page.goto(shelf["tour"])
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(sidebar).to_be_visible()
    expect(page.get_by_role("button", name="Hide sidebar")).to_be_focused()
    page.reload()
    expect(sidebar).to_be_visible()


@long_walk
def test_the_search_brings_the_sidebar_back(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.get_by_role("button", name="Hide sidebar").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


@long_walk
def test_put_away_on_the_desktop_it_is_still_a_drawer_on_the_phone(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.get_by_role("button", name="Hide sidebar").click()
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [*SMALL, (640, 450)])
@pytest.mark.parametrize("place", ["/", "tour", "/images/", "/accounts/team/", "/shortcuts/"])
def test_nothing_is_cut_off_at_the_side(
    page_for: PageFor, shelf: dict[str, str], width: int, height: int, place: str
) -> None:
    page = page_for("alice", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(shelf.get(place, place))
    assert scrolls_sideways(page) == []


@long_walk
@pytest.mark.parametrize("state", ["put away", "short", "more contrast"])
def test_the_accessibility_check_finds_nothing(
    page_for: PageFor, axe: Callable[[Page], None], shelf: dict[str, str], state: str
) -> None:
    page = page_for("alice")
    if state == "short":
        page.set_viewport_size({"width": 740, "height": 360})
    if state == "more contrast":
        page.emulate_media(contrast="more")
    page.goto(shelf["tour"])
    if state == "put away":
        page.get_by_role("button", name="Hide sidebar").click()
    axe(page)


def test_in_forced_colours_one_sees_where_one_is(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.emulate_media(forced_colors="active")
    page.goto(shelf["tour"])
    page.locator(".account > summary").click()
    here = page.locator('.history-row [aria-current="page"], .history-filters [aria-current], .theme-switch :checked')
    for one in here.all():
        outlined = "(one) => getComputedStyle(one.closest('a, label')).outlineStyle"
        assert one.evaluate(outlined) == "solid"
    assert here.count() == 3


@pytest.mark.parametrize("is_put_away", [False, True])
def test_on_narrow_paper_nothing_of_the_frame_covers_the_text(
    page_for: PageFor, shelf: dict[str, str], is_put_away: bool
) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    if is_put_away:
        page.get_by_role("button", name="Hide sidebar").click()
    page.emulate_media(media="print")
    for width in (600, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator(".topbar")).to_be_hidden()
        expect(page.locator("#sidebar")).to_be_hidden()
        position = page.locator(".conversation-head").evaluate("(one) => getComputedStyle(one).position")
        assert position == "static"


@long_walk
def test_whoever_is_signed_in_keeps_the_sidebar_where_there_is_no_page(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/none/")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(page.get_by_role("navigation", name="Conversations").get_by_role("link", name="Mine")).to_be_visible()
    nobody = page_for("")
    nobody.goto("/none/")
    expect(nobody.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(nobody.locator("#sidebar")).to_have_count(0)


@long_walk
def test_what_was_shared_comes_after_what_was_written_before(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).fill("What is this about?")
    page.goto("/?title=Tides&url=https%3A%2F%2Ftides.example%2F")
    expect(composer(page)).to_have_value("What is this about?\n\nTides\nhttps://tides.example/")
    page.reload()
    expect(composer(page)).to_have_value("What is this about?\n\nTides\nhttps://tides.example/")
    composer(page).fill("")


@long_walk
def test_a_menu_ends_with_its_last_line(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice", width=360, touch=True)
    page.goto("/")
    page.get_by_role("button", name="Menu", exact=True).tap()
    page.get_by_role("navigation", name="Conversations").get_by_label("Menu for Sixty questions").tap()
    delete = page.get_by_role("button", name="Delete")
    expect(delete).to_be_visible()
    gap = """(list) => {
        const shown = [...list.children].filter((one) => one.getClientRects().length);
        const filled = shown.filter((one) => one.innerText.trim());
        return list.getBoundingClientRect().bottom - filled.at(-1).getBoundingClientRect().bottom;
    }"""
    assert page.locator("[id^=menu-][open] > .menu-list").evaluate(gap) <= 8
