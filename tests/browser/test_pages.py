"""Every page in every state: the accessibility check finds nothing, and nothing sticks out sideways."""

import uuid
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.language_pages import one_time_links
from tests.browser.steps import (
    LONG,
    answer,
    ask,
    ask_from_home,
    composer,
    hover,
    scrolls_sideways,
    wait_for,
    wait_for_words,
)
from tests.serving import Server
from tests.walks import long_walk

Scheme = Literal["light", "dark"]
Check = Callable[[Page], None]

SCHEMES: list[Scheme] = ["light", "dark"]
NOBODY = ("/accounts/login/", "/accounts/login/?next=/history/")
ALICE = (
    "/",
    "/search/",
    "/search/?q=lighthouse",
    "/search/?q=xylophone",
    "/search/?q=lighthouse&by=me&since=x",
    "/history/",
    "/history/?by=me",
    "/trash/",
    "/use/",
    "/history/?filter=archived",
    "/accounts/team/",
    "/accounts/team/invite/",
    "/accounts/me/",
    "/accounts/password/",
    f"/c/{uuid.UUID(int=1)}/",
)
VERA = ("/", "/accounts/team/", "/accounts/team/invite/")
CHARLIE = ("/", "/history/", "/history/?filter=pinned")


@pytest.fixture(scope="module")
def links(quiet_server: Server) -> dict[str, str]:
    """Addresses that have to be made first: an invitation, one that was withdrawn, and a link to a new password."""
    return dict(zip(("invitation", "withdrawn", "new password"), one_time_links(quiet_server), strict=True))


@pytest.fixture
def look(page_for: PageFor, shelf: dict[str, str], links: dict[str, str]) -> Callable[..., None]:
    """`look(check, width=320)` opens every page that is there by its address, and checks it."""

    def every(check: Check, *, width: int = 1280) -> None:
        for name, addresses in (
            ("", (*NOBODY, *links.values())),
            (
                "alice",
                (*ALICE, shelf["tour"], f"{shelf['long']}?around=8", f"{shelf['tour']}menu/", links["invitation"]),
            ),
            ("vera", (*VERA, shelf["tour"])),
            ("charlie", CHARLIE),
        ):
            page = page_for(name, width=width)
            for address in addresses:
                page.goto(address)
                check(page)

    return every


def test_the_accessibility_check_finds_nothing_on_any_page(look: Callable[..., None], axe: Check) -> None:
    look(axe)


@long_walk
def test_nothing_sticks_out_sideways_on_the_narrowest_screen(look: Callable[..., None]) -> None:
    def check(page: Page) -> None:
        assert scrolls_sideways(page) == [], page.url

    look(check, width=320)


@long_walk
def test_the_accessibility_check_finds_nothing_while_an_answer_comes(page_for: PageFor, axe: Check) -> None:
    page = page_for("alice")
    article = ask_from_home(page, "#demo:delay=30000 Who waits?")
    expect(article).to_contain_text("Waiting for the first word…")
    axe(page)
    article.get_by_role("button", name="Stop").click()
    wait_for(article, "stopped")

    ask(page, f"{LONG} Who writes?")
    wait_for_words(answer(page))
    axe(page)
    assert scrolls_sideways(page) == []
    answer(page).get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")
    axe(page)


@long_walk
def test_the_accessibility_check_finds_nothing_in_what_opens(
    page_for: PageFor, axe: Check, shelf: dict[str, str]
) -> None:
    page = page_for("alice", width=1440)
    page.goto(shelf["tour"])
    rich = page.locator("article.answer", has_text="A keeper climbs")
    page.locator("details.other-answer > summary").click()
    rich.get_by_text("Reasoning", exact=True).click()
    page.get_by_text("Show all", exact=True).click()
    for menu in (
        rich.locator("summary", has_text="Details"),
        rich.get_by_label("Choose another model"),
        page.locator("summary", has_text="Model:"),
        page.locator(".account > summary"),
        page.get_by_role("navigation", name="Conversations").get_by_label("Menu for Everything an answer can be"),
    ):
        menu.click()
        axe(page)
        page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Conversations").get_by_role("link", name="Archived", exact=True).click()
    expect(page.get_by_role("link", name="What was put away?")).to_be_visible()
    axe(page)
    page.get_by_label("Conversation menu").click()
    for action in ("Rename", "Make private"):
        page.locator("#conversation-menu").get_by_text(action, exact=True).click()
    axe(page)
    page.locator("#conversation-menu").get_by_role("button", name="Pin for the team").click()
    expect(page.locator("#conversation-marks")).to_contain_text("Pinned")
    axe(page)
    page.get_by_label("Conversation menu").click()
    page.locator("#conversation-menu").get_by_role("button", name="Unpin").click()
    hover(rich.locator(".prose a").first)
    expect(page.locator(".citation-card")).to_be_visible()
    axe(page)


@long_walk
def test_the_accessibility_check_finds_nothing_on_a_narrow_screen(
    page_for: PageFor, axe: Check, shelf: dict[str, str]
) -> None:
    page = page_for("alice", width=390)
    page.goto(shelf["tour"])
    axe(page)
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_visible()
    axe(page)
    assert scrolls_sideways(page) == []


def test_the_accessibility_check_finds_nothing_in_what_goes_wrong(
    page_for: PageFor, axe: Check, shelf: dict[str, str]
) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    page.context.set_offline(True)
    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Pin for the team").click()
    expect(page.locator(".toast")).to_contain_text("The server couldn’t be reached.")
    ask(page, "Nobody hears this")
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost.")
    axe(page)
    page.context.set_offline(False)
    composer(page).fill("x" * 50_001)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    axe(page)
    composer(page).fill("")


@long_walk
def test_the_accessibility_check_finds_nothing_where_signing_in_is_refused(page_for: PageFor, axe: Check) -> None:
    page = page_for("")
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)


def test_the_three_widths_put_the_sources_where_there_is_room(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=1440)
    page.goto(shelf["tour"])
    rich = page.locator("article.answer", has_text="A keeper climbs")

    def beside() -> bool:
        """Whether the sources are beside the text."""
        sources, text = rich.locator(".answer-side").bounding_box(), rich.locator(".answer-body").bounding_box()
        assert sources
        assert text
        return sources["x"] >= text["x"] + text["width"]

    assert beside()
    page.set_viewport_size({"width": 1000, "height": 800})
    assert not beside()
    expect(page.locator("#sidebar")).to_be_in_viewport()
    page.set_viewport_size({"width": 700, "height": 800})
    assert not beside()
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    expect(composer(page)).to_be_in_viewport()


@long_walk
def test_the_chosen_colours_are_remembered_and_drawn_at_once(page_for: PageFor) -> None:
    page = page_for("bob", scheme="light")
    page.goto("/accounts/me/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".account > summary").click()
    page.get_by_text("Dark", exact=True).click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light

    page.reload()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert 'data-theme="dark"' in page.request.get("/").text()
    page.locator(".account > summary").click()
    page.get_by_text("System", exact=True).click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_the_dark_scheme_of_the_system_is_followed(page_for: PageFor) -> None:
    colours = set()
    for scheme in SCHEMES:
        page = page_for("bob", scheme=scheme)
        page.goto("/")
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2


def test_the_first_page_is_light(page_for: PageFor) -> None:
    page = page_for("alice")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))

    page.goto("/", wait_until="networkidle")

    assert len(sizes) <= 12
    assert sum(sizes) <= 80_000
