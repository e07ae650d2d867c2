"""Choosing among many models, and which of them a team uses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways
from tests.walks import widths

SIZES = pytest.mark.parametrize("width", widths(320, 1280))


@SIZES
def test_a_model_is_found_by_a_few_letters(page_for: PageFor, axe: Callable[[Page], None], width: int) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    page.locator("#composer .models > summary").click()
    expect(page.get_by_role("radio", name="Sonar Quick answers")).to_be_in_viewport()  # what is chosen is in sight
    axe(page)

    finder = page.get_by_role("searchbox", name="Find a model")
    finder.fill("anthropic OPUS 5")
    expect(page.locator(".model:visible .model-label")).to_have_text(
        ["Claude Opus 5.5 · Anthropic", "Claude Opus 5 · Anthropic", "Claude Opus 4.5 · Anthropic"]
    )
    expect(page.locator(".model-group:visible")).to_have_text(["Agent API: Anthropic"])
    finder.press("Enter")
    expect(page.get_by_role("article", name="Answer")).to_have_count(0)
    finder.fill("nothing is called so")
    expect(page.get_by_text("No models match.")).to_be_visible()
    axe(page)
    assert not scrolls_sideways(page)

    finder.fill("grok-4.7")
    page.get_by_role("radio", name="Grok 4.7 · xAI").check()
    page.keyboard.press("Escape")
    expect(page.locator("#composer [data-chosen]")).to_have_text("Grok 4.7 · xAI")
    page.locator("#composer .models > summary").click()
    expect(finder).to_have_value("")
    expect(page.get_by_role("radio", name="Agent · Quick")).to_be_visible()


@SIZES
def test_an_owner_narrows_what_the_team_uses(page_for: PageFor, axe: Callable[[Page], None], width: int) -> None:
    page = page_for("charlie", width=width)
    page.goto("/accounts/team/")
    page.get_by_role("link", name="Models and tools").click()
    models = page.get_by_role("group", name="Models", exact=True)
    expect(models.get_by_role("checkbox").first).to_be_hidden()

    models.get_by_role("radio", name="Only these").check()
    expect(models.get_by_role("checkbox").first).to_be_visible()
    axe(page)
    assert not scrolls_sideways(page)
    for box in models.get_by_role("checkbox").all()[1:]:
        box.uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Changes apply from the next question.")).to_be_visible()

    page.goto("/")
    expect(page.locator("#composer .model")).to_have_count(1)
    expect(page.locator("#composer [data-chosen]")).to_have_text("Agent · Quick")
    page.goto("/team/models/")
    page.get_by_role("radio", name="All models").check()
    page.get_by_role("button", name="Save").click()
