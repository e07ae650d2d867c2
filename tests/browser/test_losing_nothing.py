"""Nothing that was typed is lost, and nothing is asked twice, whatever happens between the browser and the server."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Exchange, fill
from tests.browser.steps import QUESTION, answer, answers, ask, ask_button, ask_from_home, composer, questions, wait_for
from tests.cast import PASSWORD
from tests.serving import Server
from tests.walks import long_walk


def times_asked(server: Server, text: str) -> int:
    """How often this question is in the database."""
    return int(server.rows("SELECT count(*) FROM chat_question WHERE text = ?", [text])[0][0])


def test_a_question_that_is_too_long_is_refused_and_stays_to_be_shortened(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    text = "lighthouse " * 5500

    composer(page).fill(text)
    ask_button(page).click()

    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    assert len(composer(page).input_value().strip()) == len(text.strip())
    composer(page).fill("Shorter #demo:fast")
    ask_button(page).click()
    wait_for(answer(page), "finished")
    assert questions(page) == ["Shorter #demo:fast"]


def test_a_refusal_for_the_moment_is_read_in_the_composer_and_the_question_is_asked_a_moment_later(
    page_for: PageFor,
) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/ask/", lambda route: route.fulfill(response=route.fetch(), status=503))  # the words are another's
    text = "lighthouse " * 5500
    composer(page).fill(text)
    ask_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    assert len(composer(page).input_value().strip()) == len(text.strip())

    page.unroute("**/ask/")
    composer(page).fill("Shorter #demo:fast")
    ask_button(page).click()
    wait_for(answer(page), "finished")
    assert questions(page) == ["Shorter #demo:fast"]


def test_a_draft_survives_a_reload_and_belongs_to_its_place(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    composer(page).fill("half a thou")
    page.reload()
    expect(composer(page)).to_have_value("half a thou")

    page.get_by_role("link", name="New question").first.click()
    expect(composer(page)).to_have_value("")
    page.go_back()
    expect(composer(page)).to_have_value("half a thou")
    composer(page).fill("")
    page.reload()
    expect(composer(page)).to_have_value("")


def test_a_question_that_did_not_reach_the_server_is_kept_and_asked_once(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    server.stop()

    ask(page, f"{QUESTION} #demo:fast")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing you typed is lost.")
    expect(composer(page)).to_have_value(f"{QUESTION} #demo:fast")
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_contain_text("Nothing you typed is lost.")

    server.start()
    alert.get_by_role("button", name="Try again").click()

    wait_for(answer(page), "finished")
    assert server.rows("SELECT count(*) FROM chat_question") == [(1,)]
    page.goto("/")
    expect(composer(page)).to_have_value("")


def test_a_question_whose_answer_got_lost_on_the_way_is_asked_once(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/ask/", lambda route: (route.fetch(), route.abort()))
    ask(page, "Was this lost? #demo:fast")
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost.")
    page.unroute("**/ask/")

    page.reload()
    expect(composer(page)).to_have_value("Was this lost? #demo:fast")
    ask_button(page).click()

    wait_for(answer(page), "finished")
    assert times_asked(shared_server, "Was this lost? #demo:fast") == 1


@long_walk
def test_what_was_asked_is_no_draft_any_more_where_its_answer_got_lost(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    page.route("**/ask/", lambda route: (route.fetch(), route.abort()))
    ask(page, "And then? #demo:fast")
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost.")
    page.unroute("**/ask/")

    page.reload()

    expect(answers(page)).to_have_count(2)
    expect(composer(page)).to_have_value("")


def test_somebody_who_was_signed_out_meanwhile_keeps_the_question(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.context.clear_cookies(name="sessionid")

    ask(page, "Where was I?")

    expect(page.get_by_role("alert")).to_contain_text("You’ve been signed out")
    expect(composer(page)).to_have_value("Where was I?")
    with page.expect_response(lambda response: "login" in response.url):
        page.evaluate("htmx.trigger(document.body, 'history-changed')")  # what looks for news by itself hears it, too
    page.get_by_role("button", name="Sign in").click()  # there is one
    page.get_by_label("Username").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(composer(page)).to_have_value("Where was I?")


@long_walk
@pytest.mark.parametrize("place", ["?around=1", "?before=5"])
def test_a_question_from_far_up_in_a_conversation_leads_to_its_end(
    page_for: PageFor, shared_server: Server, place: str
) -> None:
    exchanges: list[Exchange] = [{"question": f"Number {n}?", "answers": [{"text": "Yes."}]} for n in range(50)]
    [conversation] = fill(shared_server.store, [{"owner": "bob", "exchanges": exchanges}])
    page = page_for("alice")
    page.goto(f"/c/{conversation}/{place}")

    ask(page, "And the last one? #demo:fast")

    expect(page.get_by_role("heading", name="And the last one?")).to_be_visible()
    wait_for(answer(page), "finished")
    expect(composer(page)).to_have_value("")
    numbers = [question.split()[1] for question in questions(page)]
    assert numbers[-3:] == ["48?", "49?", "the"]
    assert len(set(numbers)) == len(numbers)


def test_twenty_clicks_are_one_question(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).fill("Was this clicked often? #demo:fast")

    ask_button(page).evaluate("(button) => { for (let n = 0; n < 20; n += 1) button.click(); }")

    wait_for(answer(page), "finished")
    assert times_asked(shared_server, "Was this clicked often? #demo:fast") == 1
