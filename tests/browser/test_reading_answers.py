"""Reading an answer while it arrives and afterwards."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor

LONG = "#demo:slow=40 #demo:lines=150 Count for me."


def ask(page: Page, text: str) -> None:
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("article", name="Answer").wait_for()


def finished(page: Page) -> None:
    expect(page.get_by_role("article", name="Answer")).to_have_attribute("data-state", "finished", timeout=30_000)


def test_what_was_read_stays_in_place_when_the_answer_ends(page_for: PageFor) -> None:
    page = page_for("alice")
    ask(page, "#demo:slow=60 How do Python's context managers work?")
    block = page.locator(".prose [data-place=blocks] > p").first.element_handle()
    assert block is not None

    finished(page)

    assert block.evaluate("block => block.isConnected")


def test_the_page_follows_the_end_until_the_reader_scrolls_up(page_for: PageFor) -> None:
    page = page_for("alice")
    ask(page, LONG)
    page.wait_for_function("() => window.scrollY > 600")
    jump = page.get_by_role("button", name="Jump to the end")
    expect(jump).to_be_hidden()

    page.mouse.move(600, 300)
    page.mouse.wheel(0, -500)
    expect(jump).to_be_visible()
    held = page.evaluate("window.scrollY")
    finished(page)

    assert page.evaluate("window.scrollY") == held
    jump.click()
    expect(jump).to_be_hidden()


def test_a_citation_mark_shows_its_source_and_leads_to_it(page_for: PageFor) -> None:
    page = page_for("alice")
    ask(page, "#demo:fast How do Python's context managers work?")
    finished(page)
    mark = page.locator(".prose").get_by_role("link", name="Source 1:").first

    mark.focus()
    mark.hover()
    expect(page.locator(".citation-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".citation-card")).to_be_hidden()
    mark.click()

    sources = page.get_by_role("list", name="Sources")
    expect(sources.get_by_role("link").first).to_be_focused()


def test_an_answer_is_copied_as_it_was_written_with_its_sources(page_for: PageFor) -> None:
    page = page_for("alice")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "#demo:fast How do Python's context managers work?")
    finished(page)

    page.get_by_role("button", name="Copy with sources").click()

    expect(page.locator("#announcer")).to_have_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "*context manager*" in text
    assert "\n[1] " in text


def test_asking_again_with_another_model_adds_an_answer(page_for: PageFor) -> None:
    page = page_for("alice")
    ask(page, "#demo:fast What is asyncio?")
    finished(page)

    page.get_by_label("With another model").click()
    page.get_by_role("button", name="Sonar Pro", exact=True).click()

    expect(page.get_by_text("Answer 2 of 2")).to_be_visible()
    expect(page.get_by_role("article", name="Answer").last).to_have_attribute("data-state", "finished")


def test_a_stopped_answer_says_so_and_offers_to_ask_again(page_for: PageFor) -> None:
    page = page_for("alice")
    ask(page, LONG)
    page.locator(".prose p, .prose li").first.wait_for()

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("article", name="Answer")).to_have_attribute("data-state", "stopped")
    expect(page.get_by_text("This answer was stopped. What had come is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_without_javascript_a_question_is_asked_and_its_answer_read(page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("#demo:slow=100 What is asyncio?")
    page.get_by_role("button", name="Ask", exact=True).click()

    while page.get_by_role("article", name="Answer").get_attribute("data-state") != "finished":
        page.locator("noscript a").click()

    expect(page.locator(".prose")).to_contain_text("asyncio")
