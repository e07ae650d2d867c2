"""Watching a question: begun, looked at, followed, taken away and brought back; on a wide screen and on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask_from_home, scrolls_sideways, wait_for
from tests.questions import ask, eventually, watch
from tests.serving import Server

QUESTION = "How does the with statement work in Python? #demo:fast"


def test_somebody_watches_a_question_and_sees_what_changed(
    server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", server=server)
    ask_from_home(page, QUESTION)
    wait_for(answer(page), "finished")
    page.get_by_role("link", name="Watch this question").click()
    page.get_by_label("How often").select_option(label="Every day")
    axe(page)
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_text("It hasn’t been asked yet.")).to_be_visible()

    client = server.client("bob")
    other = ask(client, "How do I debug a program with pdb? #demo:fast")
    watch(client, other)
    server.rows("UPDATE chat_watch SET compared_to_id = ?", [server.store.identifier(other.answer)])
    page.get_by_role("button", name="Ask now").click()
    toast = page.get_by_text("The answer changed: How does the with statement work")
    expect(toast).to_be_visible(timeout=40_000)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    axe(page)

    phone = page_for("bob", server=server, width=360, scheme="dark")
    phone.goto("/watches/")
    phone.get_by_role("main").get_by_role("link", name="How does the with statement work").click()
    expect(phone.get_by_text("$", exact=False).first).to_be_visible()
    phone.get_by_role("button", name="Follow", exact=True).click()
    expect(phone.get_by_role("button", name="Unfollow")).to_be_visible()
    assert scrolls_sideways(phone) == []
    axe(phone)
    phone.get_by_role("link", name="Show it in its conversation").click()
    expect(phone.get_by_role("link", name="Watched every day")).to_be_visible()
    expect(phone.get_by_text("1 change", exact=True)).to_be_visible()
    assert scrolls_sideways(phone) == []

    page.goto("/watches/")
    page.get_by_role("main").get_by_role("link", name="How does the with statement work").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The watch was deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    eventually(lambda: server.rows("SELECT count(*) FROM chat_watch WHERE deleted_at IS NULL") == [(1,)])
