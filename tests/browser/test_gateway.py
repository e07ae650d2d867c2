"""The gateway in the browser: chosen by name, left and chosen again, with options of its own."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, answers, ask, choose_model, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk


def ask_from_here(page: Page, text: str) -> Locator:
    ask(page, text)
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    return answer(page)


def test_a_conversation_goes_through_the_gateway_and_back(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    choose_model(page, "Gateway · GPT-5.4")
    page.get_by_text("Options", exact=True).first.click()
    sources = page.get_by_label("Sources", exact=True)
    expect(sources).to_be_visible()
    expect(page.get_by_label("Temperature")).to_have_count(0)
    sources.fill("Web, scholar")
    page.keyboard.press("Escape")
    wait_for(ask_from_here(page, "What is a list? #demo:fast"), "finished")
    assert "Gateway · GPT-5.4" in answer(page).inner_text()
    expect(answer(page).get_by_role("list", name="Sources").first).to_be_attached()
    expect(answer(page).get_by_text("not available")).to_be_attached()

    choose_model(page, "Sonar")
    ask(page, "And what is a tuple? #demo:fast")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    choose_model(page, "Gateway · Sonar Reasoning")
    ask(page, "Which of them is faster? #demo:fast")
    expect(answers(page)).to_have_count(3)
    wait_for(answer(page), "finished")
    assert "Gateway · Sonar Reasoning" in answer(page).inner_text()


@long_walk
def test_what_went_wrong_behind_the_gateway_is_told_where_it_happened(server: Server, page_for: PageFor) -> None:
    page = page_for("bob", width=320)
    page.goto("/")
    choose_model(page, "Gateway · Sonar")
    failed = ask_from_here(page, "What is a list? #demo:upstream_429")
    wait_for(failed, "failed")
    expect(failed.get_by_text("The account behind the gateway has used up its limit")).to_be_visible()
    expect(failed.get_by_role("button", name="Ask again")).to_be_visible()
    assert not scrolls_sideways(page)
