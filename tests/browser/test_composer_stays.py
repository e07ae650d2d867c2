"""The composer stays where it is when a question is asked, also when that opens a conversation."""

from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.held_requests import IN_CONVERSATION, QUESTION, chips, held, open_options, panel, wait_until_held
from tests.browser.steps import answer, answers, ask, ask_from_home, composer, wait_for
from tests.walks import long_walk

LATER = "And what is a heap? #demo:fast"


def test_the_first_question_takes_the_composer_along_with_what_is_typed_meanwhile(page_for: PageFor) -> None:
    page = page_for("alice")
    open_options(page)
    panel(page).get_by_label("Maximum length").fill("900")
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('composer').mark = true")
    with held(page, "**/ask/") as waiting:
        ask(page, QUESTION)
        wait_until_held(page, waiting)
        composer(page).fill(LATER)

    page.wait_for_url(IN_CONVERSATION)
    wait_for(answer(page), "finished")
    expect(composer(page)).to_have_value(LATER)
    expect(composer(page)).to_have_attribute("placeholder", "Ask a follow-up")
    expect(chips(page)).to_have_count(1)
    assert page.evaluate("document.getElementById('composer').mark")

    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    expect(composer(page)).to_have_value("")
    wait_for(answers(page).last, "finished")
    page.reload()
    expect(answers(page)).to_have_count(2)
    expect(composer(page)).to_have_value("")


def test_the_next_question_in_a_conversation_opens_its_stream_from_a_few_kilobytes(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, QUESTION), "finished")
    with page.expect_response(lambda response: "heap" in (response.request.post_data or "")) as exchange:
        ask(page, LATER)
    wait_for(answers(page).last, "finished")

    expect(composer(page)).to_be_focused()
    expect(page.get_by_role("heading", name="And what is a heap?")).to_be_visible()
    expect(answers(page)).to_have_count(2)
    assert len(exchange.value.body()) < 8_000


@long_walk
def test_after_a_refusal_another_composer_comes_that_stays_from_then_on(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, QUESTION), "finished")
    open_options(page, page.url)
    panel(page).get_by_label("Maximum length").fill("0")
    ask(page, LATER)
    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_be_visible()
    panel(page).get_by_label("Maximum length").fill("900")

    ask(page, LATER)

    expect(answers(page)).to_have_count(2)
    wait_for(answers(page).last, "finished")
    expect(page.get_by_role("alert").filter(has_text="Your question wasn’t sent")).to_have_count(0)
    expect(composer(page)).to_have_value("")
    ask(page, QUESTION)
    expect(answers(page)).to_have_count(3)
