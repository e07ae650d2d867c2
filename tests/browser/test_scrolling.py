"""Scrolling: the page holds still while words come, and follows its end only for whoever went there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from chat.conversations.exchanges import PER_PAGE
from tests.browser.conftest import PageFor
from tests.browser.steps import (
    LONG,
    PATIENCE,
    QUESTION,
    answer,
    answers,
    ask,
    ask_from_home,
    composer,
    questions,
    wait_for,
    wait_for_words,
)
from tests.questions import eventually
from tests.walks import long_walk


def from_end(page: Page) -> int:
    """How many pixels of the page are below the window."""
    pixels: float = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
    return round(pixels)


def note_places(page: Page) -> Callable[[], list[float]]:
    """Note where the page is whenever it has been scrolled from now on. Returns what gives the places so far."""
    page.evaluate(
        """() => {
            window.places = [scrollY];
            document.addEventListener("scroll", () => window.places.push(scrollY));
        }"""
    )
    return lambda: page.evaluate("window.places")


def note_tops(page: Page) -> Callable[[], list[float]]:
    """Note where the last exchange is in the window, now and whenever the page has been scrolled. Returns what gives
    these so far. What is above may still grow: browsers scroll along then, and what people read stays."""
    page.evaluate(
        """() => {
            const last = [...document.querySelectorAll(".exchange")].at(-1);
            const top = () => Math.round(last.getBoundingClientRect().top);
            window.tops = [top()];
            document.addEventListener("scroll", () => window.tops.push(top()));
        }"""
    )
    return lambda: page.evaluate("window.tops")


def top_of(page: Page, text: str) -> float:
    """How far the question with this text is below the top of the window, in pixels."""
    top: float = page.locator(".exchange", has_text=text).last.evaluate("(one) => one.getBoundingClientRect().top")
    return top


def wait_until_long(page: Page, pixels: int) -> None:
    """Wait until the last exchange is that much higher than the window."""
    page.wait_for_function(
        "(more) => [...document.querySelectorAll('.exchange')].at(-1).offsetHeight > innerHeight + more",
        arg=pixels,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(("width", "touch"), [(1280, False), (360, True)])
def test_the_page_holds_still_while_an_answer_is_written(page_for: PageFor, width: int, touch: bool) -> None:
    page = page_for("alice", width=width, touch=touch)
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    ask(page, LONG.replace(QUESTION, "What comes second?"))
    expect(answers(page)).to_have_count(2)
    page.wait_for_function("() => scrollY > 100")
    wait_for_words(answer(page))
    tops = note_tops(page)

    assert 0 < top_of(page, "What comes second?") < 100
    expect(page.get_by_role("heading", name="What comes second?")).to_be_in_viewport()
    wait_until_long(page, 300)
    expect(page.get_by_role("button", name="Jump to the end")).to_be_visible()

    answer(page).get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")
    assert len({*tops()}) == 1
    assert 0 < top_of(page, "What comes second?") < 100


def test_the_first_question_of_a_conversation_moves_nothing_either(page_for: PageFor) -> None:
    page = page_for("alice")
    ask_from_home(page, LONG)
    places = note_places(page)

    wait_until_long(page, 300)

    expect(page.get_by_role("button", name="Jump to the end")).to_be_visible()
    assert {*places()} == {0}
    answer(page).get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")


@long_walk
def test_a_short_answer_leaves_its_question_on_top_and_its_room_goes_unseen(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    ask(page, "What comes second? #demo:lines=2 #demo:fast")
    expect(answers(page)).to_have_count(2)
    tops = note_tops(page)
    wait_for(answer(page), "finished")

    assert 0 < top_of(page, "What comes second?") < 100
    assert len({*tops()}) == 1
    has_room = "() => Boolean([...document.querySelectorAll('.exchange')].at(-1).style.minBlockSize)"
    assert page.evaluate(has_room)

    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"() => !({has_room})()")
    assert page.evaluate("scrollY") == 0


@long_walk
def test_typing_moves_nothing_and_neither_does_a_question_that_is_refused(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"{QUESTION} #demo:lines=80 #demo:fast"), "finished")
    page.evaluate("scrollTo(0, 400)")
    page.wait_for_function("() => scrollY === 400")
    page.evaluate("document.querySelector('#composer [name=key]').value = 'no key'")

    page.evaluate("document.querySelector('#question').focus({preventScroll: true})")
    page.keyboard.type("What comes second?")
    assert page.evaluate("scrollY") == 400
    with page.expect_response("**/ask/") as answered:
        page.keyboard.press("Enter")

    assert answered.value.status == 422
    expect(page.locator("#composer")).to_contain_text("Enter a valid UUID.")
    assert page.evaluate("scrollY") == 400


@long_walk
def test_a_question_stays_on_top_when_the_keyboard_of_a_phone_goes(page_for: PageFor) -> None:
    page = page_for("alice", width=360, touch=True)
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    page.set_viewport_size({"width": 360, "height": 420})
    ask(page, "What comes second? #demo:lines=2 #demo:fast")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    assert 0 < top_of(page, "What comes second?") < 100

    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_function("() => innerHeight === 800")
    eventually(lambda: 0 < top_of(page, "What comes second?") < 100)

    page.evaluate("scrollTo(0, 150)")
    page.wait_for_function("() => scrollY === 150")
    page.set_viewport_size({"width": 360, "height": 740})  # the browser's own bars come back
    page.wait_for_function("() => innerHeight === 740")
    assert page.evaluate("scrollY") == 150


def test_the_page_follows_the_end_for_whoever_goes_there(page_for: PageFor) -> None:
    page = page_for("alice")
    ask_from_home(page, LONG)
    wait_until_long(page, 300)
    jump = page.get_by_role("button", name="Jump to the end")

    jump.click()
    expect(jump).to_be_hidden()
    expect(composer(page)).to_be_focused()
    place = page.evaluate("scrollY")
    page.wait_for_function("(place) => scrollY > place + 300", arg=place, timeout=PATIENCE)
    assert from_end(page) < 40

    page.mouse.move(600, 400)
    page.mouse.wheel(0, -280)
    expect(jump).to_be_visible(timeout=PATIENCE)
    place, height = page.evaluate("[scrollY, document.documentElement.scrollHeight]")
    page.wait_for_function("(height) => document.documentElement.scrollHeight > height + 200", arg=height)
    assert page.evaluate("scrollY") == place

    page.mouse.wheel(0, 20_000)
    expect(jump).to_be_hidden()
    place = page.evaluate("scrollY")
    page.wait_for_function("(place) => scrollY > place + 200", arg=place, timeout=PATIENCE)
    page.get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")


def test_whoever_reads_an_earlier_answer_stays_there_while_a_teammate_asks(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, f"{QUESTION} #demo:lines=80 #demo:fast"), "finished")
    bob.goto(alice.url)
    bob.evaluate("scrollTo(0, 200)")
    places = note_places(bob)

    ask(alice, LONG.replace(QUESTION, "What comes second?"))

    expect(answers(bob)).to_have_count(2)
    wait_for_words(answer(bob))
    wait_until_long(bob, 0)
    assert {*places()} == {200}
    expect(bob.get_by_role("button", name="Jump to the end")).to_be_visible()
    answer(alice).get_by_role("button", name="Stop").click()
    for page in (alice, bob):
        wait_for(answer(page), "stopped")


@long_walk
def test_a_reader_at_the_end_is_not_carried_along_by_what_a_teammate_asks(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, f"{QUESTION} #demo:lines=80 #demo:fast"), "finished")
    bob.goto(alice.url)
    expect(answers(bob)).to_have_count(1)
    bob.mouse.move(600, 400)
    bob.mouse.wheel(0, 20_000)
    bob.wait_for_function("() => scrollY > 0 && document.documentElement.scrollHeight - innerHeight - scrollY < 2")
    places = note_places(bob)

    ask(alice, LONG.replace(QUESTION, "What comes second?"))

    expect(answers(bob)).to_have_count(2)
    wait_until_long(bob, 0)
    assert len({*places()}) == 1
    answer(alice).get_by_role("button", name="Stop").click()
    for page in (alice, bob):
        wait_for(answer(page), "stopped")


def test_older_questions_come_as_one_scrolls_up_and_move_nothing(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    expect(page.locator(".exchange")).to_have_count(PER_PAGE)
    expect(page.get_by_role("heading", name="Question number 60?")).to_be_in_viewport()

    for count in (2 * PER_PAGE, 3 * PER_PAGE):
        before = page.evaluate(
            """() => {
                window.first = document.querySelector(".exchange"); // before any older one can be the first
                document.querySelector(".older").scrollIntoView({block: "start"});
                return window.first.getBoundingClientRect().top;
            }"""
        )
        expect(page.locator(".exchange")).to_have_count(count)
        stays = "(before) => Math.abs(window.first.getBoundingClientRect().top - before) <= 2"
        page.wait_for_function(stays, arg=before)  # once scripts have seen what came in

    assert [int(n) for n in re.findall(r"number (\d+)\?", " ".join(questions(page)))] == [*range(61 - 3 * PER_PAGE, 61)]


def test_a_place_that_the_search_found_is_opened_and_the_rest_can_be_reached(
    page_for: PageFor, shelf: dict[str, str]
) -> None:
    page = page_for("bob")
    page.goto(f"{shelf['long']}?around=8")

    expect(page.get_by_role("heading", name="Question number 8?")).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    expect(page.get_by_role("heading", name="Question number 60?")).to_be_attached(timeout=PATIENCE)
    numbers = [int(n) for n in re.findall(r"number (\d+)\?", " ".join(questions(page)))]
    assert numbers == [*range(numbers[0], 61)]


@long_walk
def test_older_questions_that_did_not_come_are_a_link_away(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    page.context.set_offline(True)
    page.evaluate("scrollTo(0, 0)")
    notice = page.locator(".toast")
    expect(notice).to_contain_text("The server couldn’t be reached.")
    expect(notice.get_by_role("button", name="Try again")).to_have_count(0)

    page.context.set_offline(False)
    page.get_by_role("link", name="Earlier questions").click()

    expect(page.get_by_role("heading", name="Question number 50?")).to_be_visible()
