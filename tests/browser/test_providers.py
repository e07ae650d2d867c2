"""Two services in the browser: Sonar ends, one click asks its successor, and everything goes on from there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    answer,
    answers,
    ask,
    ask_button,
    ask_from_home,
    choose_model,
    composer,
    open_models,
    prose,
    scrolls_sideways,
    wait_for,
)
from tests.serving import Server
from tests.walks import long_walk, widths

QUESTION = "How do context managers work? #demo:fast"
ENDED = f"{QUESTION} #demo:withdrawn=410"


def chosen(page: Page) -> str:
    """The model that the composer names."""
    return page.locator("#composer [data-chosen]").inner_text().strip()


def test_a_service_ends_and_one_click_goes_on(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    failed = ask_from_home(page, ENDED)
    wait_for(failed, "failed")

    expect(failed.get_by_text("Perplexity has discontinued this service")).to_be_visible()
    expect(page.locator("#composer [data-chosen]")).to_have_text("Agent · Quick")
    failed.get_by_role("button", name="Ask Agent · Quick instead").click()

    expect(answers(page)).to_have_count(1)  # the failed one is folded away
    wait_for(answer(page), "finished")
    expect(answer(page).locator(".prose")).to_contain_text("context manager")
    expect(answer(page).get_by_role("list", name="Sources").first).to_be_visible()
    assert "Agent · Quick" in answer(page).inner_text()

    ask(page, "And what is a generator? #demo:fast")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    assert "Agent · Quick" in answer(page).inner_text()

    page.goto("/")
    assert chosen(page) == "Agent · Quick"


@long_walk
def test_it_works_without_javascript(server: Server, page_for: PageFor) -> None:
    page = page_for("bob", javascript=False)
    page.goto("/")
    composer(page).fill(ENDED)
    ask_button(page).click()
    expect(page.get_by_role("article", name="Answer")).to_be_visible()
    instead = page.get_by_role("button", name="Ask Agent · Quick instead")
    for _ in range(20):
        if instead.count():
            break
        page.wait_for_timeout(200)
        page.reload()
    instead.click()
    finished = page.locator("article[data-state=finished]")
    for _ in range(40):
        if finished.count():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(finished).to_contain_text("context manager")


@long_walk
def test_what_has_ended_cannot_be_chosen(server: Server, page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, ENDED), "failed")
    page.goto("/")
    picker = open_models(page.locator("#models"))
    expect(picker.locator(".model-choice", has_text=re.compile("^Sonar Pro"))).to_have_count(0)
    expect(picker.get_by_text("Agent · Careful replaces it").first).to_be_hidden()
    picker.get_by_text("Discontinued (5)").click()
    expect(picker.get_by_text("Agent · Careful replaces it").first).to_be_visible()
    axe(page)


@long_walk
def test_a_conversation_goes_on_across_services(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    first = ask_from_home(page, "What does json.load do? #demo:fast")
    wait_for(first, "finished")
    assert chosen(page) == "Sonar"

    choose_model(page, "Agent · Careful")
    ask(page, "And what does it do with numbers? #demo:fast")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    assert "json" in prose(answer(page))

    page.reload()
    assert chosen(page) == "Agent · Careful"
    choose_model(page, "Sonar Pro")
    ask(page, "And json.dump? #demo:fast")
    expect(answers(page)).to_have_count(3)
    wait_for(answer(page), "finished")
    assert "Sonar Pro" in answer(page).inner_text()


@long_walk
def test_what_the_agent_cannot_give_is_not_offered(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    choose_model(page, "Agent · Quick")
    page.locator("#options > summary").click()
    panel = page.locator("#options-panel")
    expect(panel.get_by_text("Reasoning effort", exact=True).first).to_be_attached()
    for absent in ("Top k", "Videos", "Related questions", "Where to search", "Stop at"):
        expect(panel.get_by_text(absent, exact=True)).to_have_count(0)


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_the_offer_to_go_on_fits_every_screen(
    server: Server, page_for: PageFor, axe: Callable[[Page], None], width: int
) -> None:
    page = page_for("alice", width=width)
    wait_for(ask_from_home(page, ENDED), "failed")
    expect(page.get_by_role("button", name="Ask Agent · Quick instead")).to_be_visible()
    assert not scrolls_sideways(page)
    axe(page)
    page.get_by_role("button", name="Ask Agent · Quick instead").focus()
    page.keyboard.press("Enter")
    wait_for(answer(page), "finished")
    assert not scrolls_sideways(page)
    axe(page)
