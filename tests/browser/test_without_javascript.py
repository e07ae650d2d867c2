"""Without JavaScript: sign in, ask, read what has come, ask on, stop, search, and turn the pages of the history."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import LONG, PATIENCE, answer, answers, ask, composer, only_grew, prose, scrolls_sideways
from tests.cast import PASSWORD
from tests.serving import Server
from tests.walks import long_walk


def refresh(page: Page) -> None:
    """Follow the link that shows what has come meanwhile."""
    page.get_by_role("link", name="Refresh").last.click()


def read_to_the_end(page: Page, state: str = "finished") -> list[str]:
    """Look again and again until the last answer is in this state; the texts in between."""
    texts = [prose(answer(page))]
    for _ in range(200):
        if answer(page).get_attribute("data-state") == state:
            return texts
        refresh(page)
        texts.append(prose(answer(page)))
    raise AssertionError(f"the answer stays {answer(page).get_attribute('data-state')}")


def test_one_signs_in_asks_and_reads_what_has_come_so_far(page_for: PageFor) -> None:
    page = page_for("", javascript=False)
    page.goto("/")
    page.get_by_label("Username").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What do you want to know?").wait_for()

    ask(page, "Who counts the lines? #demo:lines=40 #demo:slow=20")

    assert re.search(r"/c/[0-9a-f-]{36}/#answer-[0-9a-f-]{36}$", page.url)
    texts = read_to_the_end(page)
    assert only_grew(texts)
    assert texts[-1].endswith("Line 40 of 40.")


def test_a_follow_up_and_another_answer_are_asked_by_plain_forms(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    ask(page, "How do context managers work? #demo:fast")
    read_to_the_end(page)

    ask(page, "And generators? #demo:fast")
    read_to_the_end(page)
    expect(answers(page)).to_have_count(2)

    answer(page).get_by_role("button", name="Ask again", exact=True).click()
    read_to_the_end(page)
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    assert scrolls_sideways(page) == []


def test_an_answer_is_stopped_by_a_plain_form(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    ask(page, LONG)
    while not prose(answer(page)):
        refresh(page)

    answer(page).get_by_role("button", name="Stop").click()

    read_to_the_end(page, "stopped")
    expect(answer(page)).to_contain_text("This answer was stopped. Everything received so far is saved.")
    assert prose(answer(page))


@long_walk
def test_a_related_question_is_asked_by_a_plain_form(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    ask(page, '#demo:fast #demo:echo_sources {"related_questions": ["Who lights the lamp?"]} It is lit.')
    read_to_the_end(page)
    page.get_by_role("list", name="Related questions").get_by_role("button", name="Who lights the lamp?").click()
    read_to_the_end(page)
    expect(page.locator(".question-text").last).to_have_text("Who lights the lamp?")


def test_a_refused_question_is_given_back(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    composer(page).fill("y" * 50_001)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    assert len(composer(page).input_value()) == 50_001


@long_walk
def test_another_model_is_chosen_in_the_form(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    page.locator("summary", has_text="Model:").click()
    page.get_by_role("combobox", name="Model").select_option("sonar-pro")
    ask(page, "Which model is it? #demo:fast")
    read_to_the_end(page)
    expect(answer(page).locator("summary", has_text="Details")).to_contain_text("Sonar Pro")


@long_walk
def test_the_search_and_its_results_are_plain_pages(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", javascript=False)
    page.goto(shelf["tour"])
    page.get_by_role("searchbox", name="Search conversations").fill("keeper climbs")
    page.get_by_role("searchbox", name="Search conversations").press("Enter")

    hits = page.get_by_role("list", name="Results").get_by_role("listitem")
    expect(hits.first).to_contain_text("A keeper climbs")
    hits.first.get_by_role("link").last.click()
    expect(page.get_by_role("heading", name="How many steps does a lighthouse have?")).to_be_visible()
    page.goto("/search/?q=question+number")
    places = page.locator(".hit", has_text="more places").first.locator(".snippet")
    expect(places).to_have_count(2)
    page.get_by_role("link", name=re.compile("more places")).first.click()
    page.wait_for_url("**&within=*")
    expect(page.locator(".snippet")).to_have_count(50)
    page.get_by_role("link", name="Back to all results").click()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Asked by").select_option("Me")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**&by=me*")


@long_walk
def test_older_questions_are_a_link_away(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", javascript=False)
    page.goto(shelf["long"])
    seen = page.locator(".question-text").all_inner_texts()
    while page.get_by_role("link", name="Earlier questions").count():
        page.get_by_role("link", name="Earlier questions").click()
        seen = page.locator(".question-text").all_inner_texts() + seen
    assert seen == [f"Question number {number}?" for number in range(1, 61)]


@long_walk
def test_the_history_is_read_page_by_page_and_conversations_are_managed(page_for: PageFor, server: Server) -> None:
    client = server.client("alice")
    for number in range(45):
        data = {"text": f"Voyage {number} #demo:fast", "model": "sonar", "key": f"{number:032x}"}
        assert client.post("/ask/", data=data).status_code == 302
    page = page_for("alice", javascript=False)
    page.goto("/history/")
    titles = page.get_by_role("main").get_by_role("link", name="Voyage").all_inner_texts()
    page.get_by_role("link", name="Show more").last.click()
    titles += page.get_by_role("main").get_by_role("link", name="Voyage").all_inner_texts()
    assert titles == [f"Voyage {number} #demo:fast" for number in reversed(range(45))]

    page.get_by_role("main").get_by_role("link", name="Voyage").last.click()
    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/history/?deleted=*")
    expect(page.get_by_role("main")).to_contain_text("was deleted")
    page.get_by_role("main").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voyage 0 #demo:fast")
    expect(page.locator("article[data-state=finished]")).to_be_visible(timeout=PATIENCE)


@long_walk
def test_the_drawer_opens_on_a_narrow_screen(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", javascript=False, width=360)
    page.goto(shelf["tour"])
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_in_viewport()
    assert scrolls_sideways(page) == []


def test_nothing_is_offered_that_only_scripts_can_do(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice", javascript=False)
    page.goto(shelf["tour"])
    for name in ("Copy", "Copy with sources", "Choose another model", "Jump to the end"):
        for button in page.get_by_role("button", name=name, exact=True).all():
            expect(button).to_be_hidden()
    page.goto("/")
    for example in page.get_by_role("list", name="Examples").get_by_role("button").all():
        expect(example).to_be_hidden()
