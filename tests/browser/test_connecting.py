"""Connecting Perplexity as an operator does it: three steps, a key, and the banner of the demo."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, scrolls_sideways, wait_for
from tests.chat.connection.operators import make_operator
from tests.conftest import MakeServer
from tests.serving import Server
from tests.walks import long_walk

Axe = Callable[[Page], None]


@pytest.fixture
def keyless(make_server: MakeServer, demo_without_sonar: str) -> Server:
    """A server on which nobody has entered a key yet: the demo stands where Perplexity would."""
    env = {"PERPLEXITY_BASE_URL": demo_without_sonar, "PERPLEXITY_PROVIDER": "both", "DEFAULT_MODEL": ""}
    server = make_server(env=env)
    make_operator(server)
    return server


def enter(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_label("API key").press("Enter")


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_second_step_to_the_first_answer(
    page_for: PageFor, keyless: Server, axe: Axe, javascript: bool
) -> None:
    page = page_for("alice", server=keyless, width=360, javascript=javascript)
    page.goto("/accounts/setup/review/")
    if javascript:
        axe(page)
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Team name")).to_have_value("Harbour")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("The team sees images right away").check()
    page.get_by_role("button", name="Continue").click()

    # A key that will not do, said where it was typed; then one that will.
    enter(page, "pplx-bad")
    expect(page.get_by_role("alert")).to_contain_text("Perplexity doesn’t recognize this key")
    assert scrolls_sideways(page) == []
    if javascript:
        axe(page)
    enter(page, "pplx-good")
    expect(page.get_by_text("Perplexity is connected. New questions go there.")).to_be_visible()
    if javascript:
        ask(page, "What is a list?")
        wait_for(answer(page), "finished")


@long_walk
def test_a_key_is_replaced_tested_and_removed(page_for: PageFor, keyless: Server, axe: Axe) -> None:
    page = page_for("alice", server=keyless)
    page.goto("/connect/")
    enter(page, "pplx-good")
    page.get_by_role("button", name="Test again").click()
    expect(page.get_by_text("Perplexity accepts this key.")).to_be_visible()
    page.get_by_text("Changes").click()
    page.get_by_text("Remove the key").click()
    axe(page)

    page.get_by_role("button", name="Remove", exact=True).click()

    expect(page.get_by_text("The saved key was removed.")).to_be_visible()
    expect(page.get_by_role("heading", name="Enter a key")).to_be_visible()


@long_walk
def test_two_operators_at_once_do_not_overwrite_each_other(page_for: PageFor, keyless: Server) -> None:
    make_operator(keyless, "bob")
    alices, bobs = page_for("alice", server=keyless), page_for("bob", server=keyless)
    alices.goto("/connect/")
    bobs.goto("/connect/")

    enter(alices, "pplx-good")
    enter(bobs, "pplx-other")

    expect(bobs.get_by_text("Someone else changed the key in the meantime.")).to_be_visible()
    expect(bobs.get_by_text("A key was saved by alice")).to_be_visible()


@long_walk
def test_the_demos_banner_is_closed_for_the_day_without_a_reload(page_for: PageFor, server: Server) -> None:
    page = page_for("bob", server=server)
    page.goto("/")
    banner = page.get_by_role("complementary", name="Demo")
    expect(banner).to_contain_text("Ask your administrator to connect Perplexity.")

    page.get_by_label("Question", exact=True).fill("Half a")
    banner.get_by_role("button", name="Hide for today").click()

    expect(banner).to_have_count(0)
    expect(page.get_by_label("Question", exact=True)).to_have_value("Half a")
    page.reload()
    expect(page.get_by_role("heading", name="What do you want to know?")).to_be_visible()
    expect(banner).to_have_count(0)
