"""Reading what was answered: marks that lead to sources, reasoning, code, formulas, tables, and how an answer ended."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import library
from tests.browser.conftest import PageFor
from tests.browser.steps import hover, scrolls_sideways
from tests.walks import long_walk


@pytest.fixture
def tour(page_for: PageFor, shelf: dict[str, str]) -> Page:
    """The conversation in which every kind of answer stands."""
    page = page_for("bob", width=1440)
    page.goto(shelf["tour"])
    return page


def rich(page: Page) -> Locator:
    """The answer that has everything."""
    return page.locator("article.answer", has_text="A keeper climbs")


def test_a_mark_is_named_after_its_source_and_shows_it_on_hover(tour: Page) -> None:
    mark = rich(tour).get_by_role("link", name=re.compile("Why lighthouses have steps")).and_(tour.locator(".prose a"))
    expect(mark).to_have_text("[1]")

    hover(mark)

    card = tour.locator(".citation-card")
    expect(card).to_be_visible()
    date = rich(tour).locator(".source-date").first.inner_text()
    for text in ("Why lighthouses have steps", "lights.example", date, "A tower of forty metres"):
        expect(card).to_contain_text(text)
    tour.mouse.move(5, 5)
    expect(card).to_be_hidden()


@long_walk
def test_a_mark_shows_its_source_to_the_keyboard_too(tour: Page) -> None:
    rich(tour).get_by_text("Reasoning", exact=True).focus()
    tour.keyboard.press("Tab")
    expect(rich(tour).locator(".prose a").first).to_be_focused()
    expect(tour.locator(".citation-card")).to_contain_text("Why lighthouses have steps")
    tour.keyboard.press("Escape")
    expect(tour.locator(".citation-card")).to_be_hidden()


@long_walk
def test_a_click_on_a_mark_points_at_its_source_in_the_panel(tour: Page) -> None:
    rich(tour).locator(".prose a", has_text="[2]").click()

    source = rich(tour).get_by_role("list", name="Sources").get_by_role("listitem").nth(1)
    expect(source).to_be_in_viewport()
    expect(source).to_have_class(re.compile("pointed-at"))
    expect(tour.locator(".citation-card")).to_contain_text("The keeper's day")


@long_walk
def test_sources_stand_in_order_and_say_which_were_not_cited(tour: Page) -> None:
    sources = rich(tour).get_by_role("list", name="Sources").get_by_role("listitem")
    expect(sources).to_have_count(3)
    for number, source in enumerate(library.SOURCES):
        expect(sources.nth(number).get_by_role("link")).to_have_attribute("href", source["url"])
        expect(sources.nth(number)).to_contain_text(source["title"])
    assert [("not cited" in text) for text in sources.all_inner_texts()] == [False, False, True]
    assert [link.get_attribute("rel") for link in sources.get_by_role("link").all()] == ["noopener noreferrer"] * 3


def test_a_mark_without_a_source_stays_text_and_is_flagged(tour: Page) -> None:
    paragraph = rich(tour).locator(".prose p").first
    expect(paragraph).to_contain_text("[7]")
    expect(paragraph.get_by_role("link")).to_have_count(2)

    rich(tour).locator("summary", has_text="Details").click()

    flagged = rich(tour).locator(".details > div", has_text="Citations without a source")
    expect(flagged).to_be_visible()
    expect(flagged).to_contain_text("[7]")


def test_a_link_that_the_search_did_not_return_is_told_apart(tour: Page) -> None:
    link = rich(tour).get_by_role("link", name=re.compile("a page the search did not return"))
    expect(link).to_have_class(re.compile("unsourced"))
    expect(link).to_have_attribute("href", "https://elsewhere.example/page")


@long_walk
def test_the_reasoning_is_closed_until_somebody_opens_it(tour: Page) -> None:
    reasoning = rich(tour).get_by_role("group", name="Reasoning")
    expect(reasoning).to_be_hidden()
    rich(tour).get_by_text("Reasoning", exact=True).click()
    expect(reasoning).to_contain_text("Towers differ, so an example is best.")


@long_walk
def test_code_is_coloured_and_can_be_copied(tour: Page) -> None:
    tour.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = rich(tour).locator(".code")
    expect(code).to_contain_text("python")
    colours = code.locator("code span").evaluate_all("(spans) => spans.map((span) => getComputedStyle(span).color)")
    assert len(set(colours)) > 2

    code.get_by_role("button", name="Copy").click()

    expect(tour.locator("#announcer")).to_have_text("Copied")
    copied = tour.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("def climb(steps: int) -> str:\n    # two at a time")
    assert copied.rstrip("\n").endswith('return "up" * steps')


def test_formulas_are_mathml_that_the_browser_lays_out(tour: Page) -> None:
    formulas = rich(tour).locator("math")
    expect(formulas).to_have_count(2)
    assert formulas.last.evaluate("(math) => math.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
    expect(formulas.last).to_have_attribute("display", "block")
    numerator, denominator = formulas.last.evaluate(
        "(math) => [...math.querySelector('mfrac').children].map((part) => part.getBoundingClientRect().top)"
    )
    assert numerator < denominator


@long_walk
def test_task_lists_and_tables_are_what_they_look_like(tour: Page) -> None:
    boxes = rich(tour).get_by_role("checkbox")
    assert [(box.is_checked(), box.is_disabled()) for box in boxes.all()] == [(True, True), (False, True)]
    table = rich(tour).get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(8)
    expect(table.get_by_role("row")).to_have_count(3)


def test_what_is_too_wide_scrolls_inside_itself(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=360)
    page.goto(shelf["tour"])

    for wide in (".table", ".code pre", ".source-list"):
        box = rich(page).locator(wide).first
        assert box.evaluate("(box) => box.scrollWidth > box.clientWidth"), wide
        box.evaluate("(box) => { box.scrollLeft = 9999; }")
        assert box.evaluate("(box) => box.scrollLeft") > 20, wide
    assert scrolls_sideways(page) == []


@pytest.mark.parametrize(
    ("question", "sentence", "way_on"),
    [
        ("Who was stopped?", "This answer was stopped. Everything received so far is saved.", True),
        ("Who was interrupted?", "Everything received so far is saved.", True),
        ("Who failed?", "The answer service is in trouble.", True),
        ("A question of some length.", "No web search was used.", True),
    ],
)
def test_every_end_is_told_in_a_sentence_with_a_way_on(tour: Page, question: str, sentence: str, way_on: bool) -> None:
    exchange = tour.locator(".exchange", has_text=question)
    expect(exchange).to_contain_text(sentence)
    expect(exchange.get_by_role("button", name="Ask again", exact=True)).to_have_count(int(way_on))


@long_walk
def test_a_long_question_is_folded_until_somebody_wants_it(tour: Page) -> None:
    text = tour.locator(".question-text.folded")
    folded = text.bounding_box()
    tour.get_by_text("Show all", exact=True).click()
    unfolded = text.bounding_box()
    assert folded
    assert unfolded
    assert unfolded["height"] > folded["height"]
    expect(tour.get_by_text("Show less", exact=True)).to_be_visible()


def test_an_earlier_answer_can_be_opened(tour: Page) -> None:
    earlier = tour.locator("details.other-answer")
    expect(earlier.get_by_role("article", name="Answer")).to_be_hidden()
    earlier.get_by_text("Answer 1 of 2").click()
    expect(earlier.get_by_role("article", name="Answer")).to_contain_text("About two hundred.")


def test_the_details_say_what_it_cost_and_how_long_it_took(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("How do context managers work? #demo:fast")
    page.keyboard.press("Enter")
    page.locator("article[data-state=finished]").wait_for()

    page.locator("summary", has_text="Details").click()

    details = page.locator(".details")
    for text in ("Finished", "Sonar", "Time to first word", "Duration", "reported", "Request ID"):
        expect(details).to_contain_text(text)
    expect(details.locator("div", has_text="Tokens")).to_contain_text(re.compile(r"\d+ in, \d+ out"))
