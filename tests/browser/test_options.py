"""Options in the composer: set by pointer and keyboard, seen as chips, kept as a draft, refused before sending."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, ask_button, composer, scrolls_sideways, wait_for
from tests.walks import long_walk, widths

QUESTION = "How do context managers work? #demo:fast"


def disclosure(page: Page) -> Locator:
    """What opens and closes the options."""
    return page.locator("#options > summary")


def panel(page: Page) -> Locator:
    """The options themselves."""
    return page.get_by_role("group", name="Options", exact=True)


def option(page: Page, name: str) -> Locator:
    """One option of several choices."""
    return panel(page).get_by_role("group", name=name, exact=True)


def chips(page: Page) -> Locator:
    """The options in force."""
    return page.get_by_role("list", name="Active options").get_by_role("listitem")


def open_options(page: Page, address: str = "/") -> None:
    page.goto(address)
    disclosure(page).click()
    expect(panel(page)).to_be_visible()


def choose_model(page: Page, label: str) -> None:
    """Choose another model, whose options then take the place of the ones before."""
    with page.expect_response(re.compile("/options/$")):
        steps.choose_model(page, label)


def test_options_are_set_seen_as_chips_taken_off_and_shown_with_the_question(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    option(page, "Where to search").get_by_role("radio", name="Scholarly").check()
    panel(page).get_by_label("Published after").fill("2025-03-01")
    option(page, "Sites").get_by_role("textbox").fill("a.example\nb.example")
    option(page, "Sites").get_by_role("radio", name="All except these").check()
    expect(chips(page)).to_have_text(
        [
            re.compile(r"Where to search\s*Scholarly"),
            re.compile(r"Sites\s*without a\.example, b\.example"),
            re.compile(r"Published after\s*1 Mar 2025"),
        ]
    )

    page.get_by_role("button", name="Remove “Sites”").click()
    expect(chips(page)).to_have_count(2)
    expect(page.locator("#option-search_domain_filter")).to_have_value("")
    expect(page.locator("#options-count")).to_contain_text("2")

    ask(page, QUESTION)
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    wait_for(answer(page), "finished")
    asked = page.locator(".exchange").get_by_role("list", name="Options").get_by_role("listitem")
    expect(asked).to_have_count(2)
    expect(asked.get_by_role("button")).to_have_count(0)
    expect(chips(page)).to_have_count(2)  # the next question goes on with them
    page.reload()
    expect(chips(page)).to_have_count(2)


@long_walk
def test_the_last_chip_that_is_taken_off_leads_back_to_the_question(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    option(page, "Images").get_by_role("radio", name="On").check()
    expect(chips(page)).to_have_count(1)
    remove = page.get_by_role("button", name="Remove “Images”")
    remove.focus()
    page.keyboard.press("Enter")
    expect(composer(page)).to_be_focused()
    expect(chips(page)).to_have_count(0)
    disclosure(page).click()
    expect(option(page, "Images").get_by_role("radio", name="Default")).to_be_checked()


@long_walk
def test_another_model_keeps_what_fits_and_says_what_does_not(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    option(page, "Where to search").get_by_role("radio", name="SEC filings").check()
    option(page, "How much to read").get_by_role("radio", name=re.compile("High")).check()
    expect(chips(page)).to_have_count(2)

    choose_model(page, "Sonar Deep Research")

    expect(chips(page)).to_have_text([re.compile("SEC filings")])
    expect(page.locator(".option-notes")).to_contain_text("left out: How much to read")
    disclosure(page).click()
    expect(option(page, "Effort")).to_be_visible()
    expect(option(page, "How much to read")).to_have_count(0)


def test_what_would_be_refused_is_explained_before_it_is_sent(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    recency = panel(page).get_by_label("Published within")
    recency.select_option("week")
    panel(page).get_by_label("Published after").fill("2025-03-01")
    sentence = panel(page).get_by_text("Choose either “Published within” or dates, not both.")
    expect(sentence).to_be_visible()
    expect(recency).to_have_attribute("aria-invalid", "true")
    expect(recency).to_have_accessible_description(re.compile("not both"))

    # Whoever sends it all the same gets everything back, and the reason.
    ask(page, QUESTION)
    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_be_visible()
    expect(composer(page)).to_have_value(QUESTION)
    expect(sentence).to_be_visible()
    expect(recency).to_have_value("week")
    expect(panel(page).get_by_label("Published after")).to_have_value("2025-03-01")

    recency.select_option("")
    expect(sentence).to_have_count(0)
    expect(recency).not_to_have_attribute("aria-invalid", "true")
    ask_button(page).click()
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))


@long_walk
def test_a_number_that_is_none_stays_as_it_was_typed(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    temperature = panel(page).get_by_label("Temperature")
    temperature.fill("warm")
    expect(panel(page).get_by_text("Enter a number, such as 0.5.")).to_be_visible()
    expect(temperature).to_have_value("warm")
    expect(temperature).to_be_focused()


def test_a_draft_of_options_and_their_model_survives_a_reload_until_it_is_asked(page_for: PageFor) -> None:
    page = page_for("bob")
    open_options(page)
    choose_model(page, "Sonar Pro")
    disclosure(page).click()
    option(page, "Search type").get_by_role("radio", name="Auto").check()
    panel(page).get_by_label("Maximum length").fill("15")
    expect(panel(page).get_by_text("must be a number from 16 to")).to_be_visible()

    page.reload()

    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar Pro")
    expect(chips(page)).to_have_text([re.compile("Search type"), re.compile("Maximum length")])
    disclosure(page).click()
    expect(option(page, "Search type").get_by_role("radio", name="Auto")).to_be_checked()
    expect(panel(page).get_by_label("Maximum length")).to_have_value("15")
    panel(page).get_by_label("Maximum length").fill("160")
    expect(panel(page).get_by_text("must be a number from 16 to")).to_have_count(0)
    ask(page, QUESTION)
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    wait_for(answer(page), "finished")

    page.goto("/")
    expect(page.locator("#options-count")).to_have_text("")
    expect(page.locator("#composer [data-chosen]")).to_have_text("Sonar")


@long_walk
def test_taking_off_what_held_before_survives_a_reload_too(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    option(page, "Videos").get_by_role("radio", name="On").check()
    expect(chips(page)).to_have_count(1)
    ask(page, QUESTION)
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    expect(chips(page)).to_have_count(1)
    with page.expect_response(re.compile("/options/check/$")):
        page.get_by_role("button", name="Remove “Videos”").click()

    with page.expect_response(re.compile("/options/$")):
        page.reload()

    expect(chips(page)).to_have_count(0)


def test_options_work_by_keyboard(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    disclosure(page).focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    option(page, "Where to search").get_by_role("radio", name="Default").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(option(page, "Where to search").get_by_role("radio", name="Scholarly")).to_be_checked()
    expect(chips(page)).to_have_count(1)
    temperature = panel(page).get_by_label("Temperature")
    temperature.focus()
    page.keyboard.type("0.7")
    page.keyboard.press("Enter")  # ends the field and asks nothing
    expect(chips(page)).to_have_count(2)
    expect(page.get_by_role("alert").filter(has_text="Write a question")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(disclosure(page)).to_be_focused()


@long_walk
def test_countries_and_languages_are_suggested(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    expect(page.locator("#countries option[value=KR]")).to_have_text("South Korea")
    expect(page.locator("#languages option[value=Korean]")).to_have_count(1)
    panel(page).locator("summary", has_text="More options (Search)").click()
    panel(page).get_by_label("Country").fill("south korea")
    expect(chips(page)).to_have_text([re.compile(r"Country\s*KR")])


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_options_pass_the_accessibility_check_and_fit(
    page_for: PageFor, axe: Callable[[Page], None], width: int
) -> None:
    page = page_for("alice", width=width)
    open_options(page)
    option(page, "Where to search").get_by_role("radio", name="Scholarly").check()
    option(page, "Sites").get_by_role("textbox").fill("a.example -b.example " + "c" * 60 + ".example")
    option(page, "Format").get_by_role("radio", name="JSON schema").check()
    for more in panel(page).locator(".option-more > summary").all():
        more.click()
    expect(panel(page).get_by_text("not both").first).to_be_visible()
    expect(chips(page)).to_have_count(2)
    axe(page)
    assert scrolls_sideways(page) == []
    inside = panel(page).evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")
    assert inside, "the options scroll sideways"


def test_options_are_set_and_refused_without_javascript(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    open_options(page)
    option(page, "Where to search").get_by_role("radio", name="Scholarly").check()
    panel(page).get_by_label("Maximum length").fill("3")
    composer(page).fill(QUESTION)
    ask_button(page).click()

    expect(page.get_by_role("alert")).to_contain_text("Your question wasn’t sent")
    expect(composer(page)).to_have_value(QUESTION)
    expect(panel(page)).to_be_visible()
    expect(panel(page).get_by_text("must be a number from 16 to 128000")).to_be_visible()
    expect(chips(page)).to_have_count(2)
    expect(chips(page).get_by_role("button")).to_have_count(0)
    expect(option(page, "Where to search").get_by_role("radio", name="Scholarly")).to_be_checked()

    panel(page).get_by_label("Maximum length").fill("300")
    ask_button(page).click()
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/"))
    expect(page.locator(".exchange").get_by_role("list", name="Options").get_by_role("listitem")).to_have_count(2)
