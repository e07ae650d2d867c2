"""Choosing among many models, and which of them a team uses."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    QUESTION,
    answer,
    answers,
    ask_from_home,
    choose_model,
    composer,
    model_choice,
    open_models,
    scrolls_sideways,
    wait_for,
)
from tests.serving import Server
from tests.walks import long_walk, widths

SIZES = pytest.mark.parametrize("width", widths(320, 1280))
WINDOWS = pytest.mark.parametrize(("width", "height"), [(1440, 900), (900, 900), (360, 740), (740, 360)])
OUT_OF_REACH = """(picker) => {
    const heads = [...document.querySelectorAll(".topbar, .conversation-head")]
        .filter((head) => ["sticky", "fixed"].includes(getComputedStyle(head).position));
    const box = picker.getBoundingClientRect();
    const isSheet = box.width === innerWidth;
    const top = Math.max(0, ...(isSheet ? [] : heads.map((head) => head.getBoundingClientRect().bottom)));
    const faults = [];
    if (box.top < top || box.bottom > innerHeight) faults.push(`from ${box.top} to ${box.bottom}, not below ${top}`);
    if (box.left < 0 || box.right > innerWidth) faults.push(`from ${box.left} to ${box.right}`);
    if (box.height > 0.6 * innerHeight + 1 && innerHeight > 480) faults.push(`${box.height} high`);
    const bars = [picker, ...picker.querySelectorAll("*")].filter((part) => part.scrollHeight > part.clientHeight + 1
        && ["auto", "scroll"].includes(getComputedStyle(part).overflowY));
    if (bars.length > 1) faults.push(`${bars.length} parts scroll`);
    let choices = 0;
    for (const choice of picker.querySelectorAll(".model-choice, .model-star")) {
        if (!choice.checkVisibility()) continue;
        choices += 1;
        choice.scrollIntoView({ block: "nearest" });
        const at = choice.getBoundingClientRect();
        const hit = document.elementFromPoint((at.left + at.right) / 2, (at.top + at.bottom) / 2);
        if (!choice.contains(hit)) faults.push(`${choice.value} at ${at.top}`);
    }
    return { choices, faults };
}"""


@pytest.fixture(autouse=True)
def nothing_marked(shared_server: Server) -> None:
    """Begin without favourites; the server and its cast are shared with other tests."""
    shared_server.rows("DELETE FROM chat_favouritemodel")


def is_all_in_reach(picker: Locator) -> None:
    """Every model of the list can be seen and clicked."""
    found = picker.evaluate(OUT_OF_REACH)
    assert found["faults"] == []
    assert found["choices"] > 150  # some eighty models, each with its star


def titles(picker: Locator) -> list[str]:
    """The headings in sight."""
    return picker.locator(".model-group:visible").all_inner_texts()


@SIZES
def test_a_few_wishes_come_first_each_with_its_price(
    page_for: PageFor, axe: Callable[[Page], None], width: int
) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    expect(page.get_by_role("button", name="All models")).to_have_count(0)  # fetched when it is opened
    page.locator("#models > summary").click()
    picker = page.get_by_role("dialog", name="Model")
    expect(picker.locator(".model-choice:visible")).to_have_text(
        [
            re.compile(r"Quick\s+Sonar\s+about 1 ¢\s+A short answer"),
            re.compile(r"Careful\s+Sonar Pro\s+about 2 ¢\s+Harder questions"),
            re.compile(r"Reasoning\s+Sonar Reasoning Pro\s+about 2 ¢\s+Problems with several steps"),
            re.compile(r"Deep research\s+Sonar Deep Research\s+about \$1.20\s+A long report"),
        ]
    )
    axe(page)
    assert not scrolls_sideways(page)

    picker.get_by_role("button", name="Careful").click()
    expect(picker).to_be_hidden()
    expect(page.locator("#models > summary")).to_have_text(re.compile(r"Careful\s+Sonar Pro"))
    assert page.evaluate("document.forms.composer.elements.model.value") == "sonar-pro"
    page.locator("#models > summary").click()
    expect(picker.locator("[aria-current]:visible")).to_have_text(re.compile("Careful"))


@SIZES
def test_a_model_is_found_by_a_few_letters(page_for: PageFor, axe: Callable[[Page], None], width: int) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    picker = open_models(page.locator("#models"))
    axe(page)

    finder = picker.get_by_role("searchbox", name="Find a model")
    finder.fill("anthropic OPUS 5")
    expect(page.locator(".model:visible .model-label")).to_have_text(
        ["Claude Opus 5.5 · Anthropic", "Claude Opus 5 · Anthropic", "Claude Opus 4.5 · Anthropic"]
    )
    assert titles(picker) == ["Agent API: Anthropic"]
    finder.fill("nothing is called so")
    expect(picker.get_by_text("No models match.")).to_be_visible()
    finder.press("Enter")
    expect(answers(page)).to_have_count(0)
    expect(picker).to_be_visible()
    axe(page)
    assert not scrolls_sideways(page)

    finder.fill("grok-4.7")
    finder.press("Enter")
    expect(picker).to_be_hidden()
    expect(page.locator("#composer [data-chosen]")).to_have_text("Grok 4.7 · xAI")
    page.locator("#models > summary").click()
    expect(finder).to_have_value("")
    expect(picker.locator("[aria-current]:visible")).to_be_in_viewport()  # what is chosen is in sight
    expect(picker.locator("[aria-current]:visible")).to_contain_text("Grok 4.7")


def test_a_model_is_marked_and_stays_on_top_and_what_one_asked_comes_next(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    picker = open_models(page.locator("#models"))
    assert "Favourites" not in titles(picker)
    picker.get_by_role("button", name="Favourite: Claude Opus 5.5 · Anthropic").click()
    expect(picker.locator(".model-group").first).to_have_text("Favourites")
    stars = picker.get_by_role("button", name="Favourite: Claude Opus 5.5 · Anthropic")
    expect(stars).to_have_count(2)
    for star in stars.all():
        expect(star).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    choose_model(page, "Agent · Quick")
    wait_for(ask_from_home_here(page), "finished")

    page.goto("/")
    picker = open_models(page.locator("#models"))
    assert titles(picker)[:2] == ["Favourites", "Recent"]
    expect(picker.get_by_role("list", name="Favourites").get_by_role("listitem")).to_have_count(1)
    expect(picker.get_by_role("list", name="Recent")).to_contain_text("Agent · Quick")
    picker.get_by_role("list", name="Favourites").get_by_role("button", name="Favourite:").click()
    expect(picker.get_by_role("list", name="Favourites")).to_have_count(0)
    expect(picker.get_by_role("button", name="Favourite: Claude Opus 5.5 · Anthropic")).to_be_focused()


def ask_from_home_here(page: Page) -> Locator:
    composer(page).fill(f"{QUESTION} #demo:fast")
    composer(page).press("Enter")
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    return answer(page)


@long_walk
@WINDOWS
def test_every_model_is_in_reach_of_the_composer(
    page_for: PageFor, shelf: dict[str, str], width: int, height: int
) -> None:
    page = page_for("bob", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/")
    is_all_in_reach(open_models(page.locator("#models")))
    page.goto(shelf["long"])
    is_all_in_reach(open_models(page.locator("#models")))
    assert not scrolls_sideways(page)


@long_walk
@WINDOWS
def test_every_model_is_in_reach_below_an_answer(
    page_for: PageFor, shelf: dict[str, str], width: int, height: int
) -> None:
    page = page_for("bob", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(shelf["tour"])
    menus = page.locator("[data-models]:not(#models):visible")
    for menu in (menus.first, menus.last):
        picker = open_models(menu)
        is_all_in_reach(picker)
        page.keyboard.press("Escape")
        expect(picker).to_be_hidden()
        expect(menu.locator("> summary")).to_be_focused()
    assert not scrolls_sideways(page)


@long_walk
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (900, 900), (360, 740)])
def test_a_failed_first_answer_is_asked_again_of_any_model(page_for: PageFor, width: int, height: int) -> None:
    page = page_for("alice", width=width)
    page.set_viewport_size({"width": width, "height": height})
    failed = ask_from_home(page, f"{QUESTION} #demo:401")
    wait_for(failed, "failed")
    picker = open_models(failed.locator("[data-models]"))
    is_all_in_reach(picker)
    model_choice(picker, "Claude Opus 5.5 · Anthropic").click()
    wait_for(answer(page), "failed")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    expect(answer(page).locator("summary", has_text="Details")).to_contain_text("Claude Opus 5.5")
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar")  # the next question is another matter
    expect(open_models(page.locator("#models")).locator(".intent[aria-current]")).to_contain_text("Quick")


@long_walk
def test_a_list_that_cannot_be_fetched_is_told_and_asked_for_again(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/models/", lambda route: route.abort())
    page.locator("#models > summary").click()
    expect(page.locator(".toast.error")).to_be_visible()
    expect(page.locator("#models")).not_to_have_attribute("open", "")
    page.unroute("**/models/")
    expect(open_models(page.locator("#models"))).to_be_visible()


@long_walk
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
    expect(page.locator("#composer [data-chosen]")).to_have_text("Agent · Quick")
    expect(open_models(page.locator("#models")).locator(".model")).to_have_count(1)
    page.goto("/team/models/")
    page.get_by_role("radio", name="All models").check()
    page.get_by_role("button", name="Save").click()
