"""People outside read a conversation by a link, until it ends before their eyes."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import ask_from_home, scrolls_sideways, wait_for
from tests.serving import Server


def test_a_link_is_made_read_on_a_phone_and_ended_while_it_is_open(
    page_for: PageFor, axe: Callable[[Page], None], shared_server: Server
) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, "Which documents are there? #demo:fast"), "finished")
    conversation = page.url
    page.goto("/team/sharing/")
    page.get_by_role("button", name="Turn on").click()
    page.goto(conversation)
    page.get_by_label("Conversation menu").click()
    page.get_by_role("link", name="Share by link…").click()
    dialog = page.get_by_role("dialog", name="New link")
    dialog.get_by_label("Ends").select_option("day")
    axe(page)
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog).to_contain_text("Choose a day within the next year.")
    dialog.get_by_label("Ends").select_option("30")
    dialog.get_by_role("button", name="Create link").click()
    made = page.get_by_role("dialog", name="Your link")
    expect(made.get_by_role("button", name="Copy link")).to_be_visible()
    address = urlsplit(made.locator("#share-address").inner_text()).path
    axe(page)
    made.get_by_role("button", name="Close").click()
    expect(made).to_have_count(0)
    page.get_by_role("link", name="Share by link…").click()
    page.get_by_role("link", name="All links to this conversation").click()
    expect(page.get_by_role("heading", name="New link")).to_be_visible()
    axe(page)

    visitor = page_for("", width=390, touch=True)
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    visitor.on("request", note)
    visitor.goto(address)
    expect(visitor.get_by_role("article", name="Answer")).to_be_visible()
    assert not scrolls_sideways(visitor)
    visitor.locator("a.cite").first.tap()
    expect(visitor.get_by_role("link", name="Open source")).to_be_visible()
    axe(visitor)
    assert not visitor.context.cookies()

    page.goto("/team/sharing/")
    axe(page)
    page.get_by_role("button", name="Turn off and end all links").click()
    expect(visitor.get_by_role("heading", name="This link has ended.")).to_be_visible(timeout=8_000)
    expect(visitor.get_by_role("article", name="Answer")).to_have_count(0)
    assert any(one.url.endswith("/alive/") for one in asked)
    assert [one.all_headers().get("referer") for one in asked] == [None] * len(asked)
    visitor.reload()
    expect(visitor.get_by_role("heading", name="There is nothing here (any more)")).to_be_visible()
    axe(visitor)
    assert "/s/…/" in shared_server.log()
    assert address.split("/")[2] not in shared_server.log()
