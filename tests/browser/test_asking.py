"""Asking in a real browser: words arrive while one watches, and nothing that was typed is lost."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    LONG,
    QUESTION,
    answer,
    answers,
    ask,
    ask_button,
    ask_from_home,
    asked,
    choose_model,
    composer,
    model_choice,
    only_grew,
    open_models,
    prose,
    questions,
    same_words,
    wait_for,
    wait_for_words,
    watch_texts,
)
from tests.questions import stored
from tests.serving import Server
from tests.walks import long_walk


def test_words_arrive_while_one_watches_and_what_is_finished_stays_where_it_is(
    page_for: PageFor, shared_server: Server
) -> None:
    page = page_for("alice")
    page.goto("/")
    texts = watch_texts(page)

    ask(page, "Who counts the lines? #demo:lines=30 #demo:slow=100")
    first = answer(page).locator("[data-place=blocks] > p").first
    first.wait_for()
    node = first.element_handle()
    wait_for(answer(page), "finished")

    assert len(texts()) > 5
    assert only_grew(texts())
    assert node.evaluate("(node) => node === document.querySelector('[data-place=blocks] > p')")
    assert same_words(prose(answer(page)), stored(shared_server, asked(page, answer(page)))["html"])


def test_a_new_conversation_gets_an_address_a_title_and_a_place_in_the_history(page_for: PageFor) -> None:
    page = page_for("alice")

    wait_for(ask_from_home(page, "Where do the boats go at night? #demo:fast"), "finished")

    expect(page).to_have_title(re.compile("^Where do the boats go at night"))
    row = page.get_by_role("navigation", name="Conversations").locator("[aria-current=page]")
    expect(row).to_contain_text("Where do the boats go at night")
    page.go_back()
    expect(page.get_by_role("heading", name="What do you want to know?")).to_be_visible()
    page.go_forward()
    expect(answer(page)).to_have_attribute("data-state", "finished")


def test_a_follow_up_joins_its_conversation_and_knows_what_came_before(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"{QUESTION} #demo:fast"), "finished")
    address = page.url

    ask(page, "And how do I write one? #demo:fast")

    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    assert page.url == address
    assert questions(page) == [f"{QUESTION} #demo:fast", "And how do I write one? #demo:fast"]
    expect(composer(page)).to_be_focused()
    expect(composer(page)).to_have_value("")
    page.reload()
    assert len(questions(page)) == 2


def test_enter_asks_and_shift_enter_breaks_the_line(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).press_sequentially("First line")
    composer(page).press("Shift+Enter")
    composer(page).press_sequentially("second line #demo:fast")
    expect(composer(page)).to_have_value("First line\nsecond line #demo:fast")

    composer(page).press("Enter")

    wait_for(answer(page), "finished")
    assert questions(page) == ["First line\nsecond line #demo:fast"]


def test_enter_that_ends_a_composition_does_not_ask(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).focus()
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "とうだい", "selectionStart": 4, "selectionEnd": 4})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    typing.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    typing.send("Input.insertText", {"text": "灯台"})
    typing.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})

    expect(composer(page)).to_have_value("灯台")
    page.wait_for_timeout(300)
    assert page.url.endswith("/")
    expect(answers(page)).to_have_count(0)


def test_an_empty_question_is_not_asked(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")

    composer(page).fill("   \n ")
    composer(page).press("Enter")
    ask_button(page).click()

    expect(page.get_by_role("alert")).to_contain_text("Write a question first.")
    expect(answers(page)).to_have_count(0)


@long_walk
def test_the_retired_model_is_shown_and_cannot_be_chosen(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")

    picker = open_models(page.locator("#models"))

    picker.get_by_text("Discontinued (1)").click()
    expect(picker.locator(".discontinued")).to_contain_text("retired the model sonar-reasoning")
    expect(picker.get_by_role("button", name=re.compile("^Sonar Reasoning(?! Pro)"))).to_have_count(0)


def test_another_model_answers_when_it_is_chosen_and_stays_chosen(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose_model(page, "Sonar Pro")
    expect(page.locator("#composer .models > summary")).to_contain_text("Sonar Pro")

    ask(page, f"{QUESTION} #demo:fast")

    wait_for(answer(page), "finished")
    assert stored(shared_server, asked(page, answer(page)))["model"] == "sonar-pro"
    expect(page.locator("#composer .models > summary")).to_contain_text("Sonar Pro")


@long_walk
def test_an_example_is_put_into_the_composer(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    example = page.get_by_role("list", name="Examples").get_by_role("button").first
    text = example.inner_text()
    example.click()
    expect(composer(page)).to_have_value(text)
    expect(composer(page)).to_be_focused()


def test_stop_keeps_the_words_that_have_come(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    article = ask_from_home(page, LONG)
    before = wait_for_words(article)

    article.get_by_role("button", name="Stop").click()

    wait_for(article, "stopped")
    expect(article).to_contain_text("This answer was stopped. Everything received so far is saved.")
    assert "".join(prose(article).split()).startswith("".join(before.split()))
    answer_row = stored(shared_server, asked(page, article))
    assert answer_row["state"] == "stopped"
    assert same_words(prose(article), answer_row["html"])
    expect(article.get_by_role("button", name="Stop")).to_have_count(0)


def test_asking_again_adds_another_answer_and_keeps_the_first(page_for: PageFor) -> None:
    page = page_for("alice")
    first = ask_from_home(page, f"{QUESTION} #demo:fast")
    wait_for(first, "finished")
    text = prose(first)

    first.get_by_role("button", name="Ask again", exact=True).click()

    expect(page.locator("article.answer")).to_have_count(2)
    wait_for(page.locator("article.answer").last, "finished")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    other = page.locator("details.other-answer")
    expect(other.locator("summary").first).to_contain_text("Answer 1 of 2")
    other.locator("summary").first.click()
    assert prose(other.locator("article")).replace(" ", "") == text.replace(" ", "")
    page.reload()
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")


@long_walk
def test_another_model_can_answer_again(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    first = ask_from_home(page, f"{QUESTION} #demo:fast")
    wait_for(first, "finished")

    model_choice(open_models(first.locator("[data-models]")), "Sonar Reasoning Pro").click()

    expect(page.locator("article.answer")).to_have_count(2)
    wait_for(answer(page), "finished")
    assert stored(shared_server, asked(page, answer(page)))["model"] == "sonar-reasoning-pro"
    expect(answer(page).get_by_text("Reasoning", exact=True)).to_be_visible()


@long_walk
def test_a_related_question_asks_itself(page_for: PageFor) -> None:
    page = page_for("alice")
    given = (
        '#demo:fast #demo:echo_sources {"sources": [], "related_questions": ["Who lights the lamp?", "And who pays?"]}'
    )
    article = ask_from_home(page, f"{QUESTION} {given} It is lit.")
    wait_for(article, "finished")

    article.get_by_role("list", name="Related questions").get_by_role("button", name="And who pays?").click()

    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    assert questions(page)[1] == "And who pays?"
    expect(composer(page)).to_have_value("")


def test_an_answer_can_be_copied_with_and_without_its_sources(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    article = ask_from_home(page, f"{QUESTION} #demo:fast")
    wait_for(article, "finished")
    text = stored(shared_server, asked(page, article))["text"]

    article.get_by_role("button", name="Copy", exact=True).first.click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text

    article.get_by_role("button", name="Copy with sources").click()
    page.wait_for_function("async (text) => (await navigator.clipboard.readText()).length > text.length", arg=text)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{text}\n\nSources\n\n- [1] ")
    assert copied.count("https://") >= article.get_by_role("list", name="Sources").get_by_role("listitem").count()


def test_a_failed_answer_says_so_and_another_try_works(page_for: PageFor) -> None:
    page = page_for("alice")
    article = ask_from_home(page, "Does another try help? #demo:fast #demo:503 #demo:times=3")
    wait_for(article, "failed")
    expect(article).to_contain_text("is having problems right now")

    article.get_by_role("button", name="Ask again", exact=True).click()

    expect(page.locator("article.answer")).to_have_count(2)
    wait_for(answer(page), "finished")
