"""What people are told of while they look elsewhere: by the tab, by a toast, by the list, by the browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import PATIENCE, QUESTION, answer, answers, ask, ask_from_home, hide_tab, wait_for
from tests.questions import eventually
from tests.walks import long_walk

FAST = f"{QUESTION} #demo:fast"
SLOW = f"{QUESTION} #demo:lines=40 #demo:slow=60"
NO_LOCKS = "Object.defineProperty(navigator, 'locks', {value: undefined});"
NO_LINE = "delete window.BroadcastChannel;"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
NOTIFICATIONS = """
    window.shown = [];
    window.Notification = class extends EventTarget {
        static permission = PERMISSION;
        static requestPermission() { Notification.permission = ANSWERED; return Promise.resolve(ANSWERED); }
        constructor(title, options) { super(); window.shown.push({title, body: options.body, made: this}); }
        close() {}
    };
"""


def listens(page: Page) -> None:
    """Wait until the page, or another tab for it, hears notices."""
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({name}) => name.includes('/js/notices'))",
        timeout=PATIENCE,
    )


def open_page(page_for: PageFor, name: str, *scripts: str) -> Page:
    """A page of the person whose browser lacks or has what the scripts say."""
    page = page_for(name)
    for script in scripts:
        page.context.add_init_script(script)
    return page


def row(page: Page, title: str) -> Locator:
    """The conversation's row in the sidebar."""
    return page.get_by_role("navigation", name="Conversations").get_by_role("link", name=title)


def another_tab(page: Page, address: str = "/") -> Page:
    """Another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto(address)
    return tab


def icon(page: Page) -> str:
    """The address of the tab's icon."""
    found: str = page.evaluate("document.querySelector('link[rel=icon]').href")
    return found


def notifications(page: Page) -> list[dict[str, Any]]:
    """What the page had the browser show."""
    found: list[dict[str, Any]] = page.evaluate("window.shown.map(({title, body}) => ({title, body}))")
    return found


def allowed(permission: str, answered: str) -> str:
    """A browser's notifications with this permission, and what its person says when asked."""
    return NOTIFICATIONS.replace("PERMISSION", f"'{permission}'").replace("ANSWERED", f"'{answered}'")


@pytest.mark.parametrize("lacking", ["", NO_LOCKS, NO_LINE, FULL], ids=["nothing", "locks", "line", "room"])
def test_a_tab_in_the_background_says_that_the_answer_is_ready(page_for: PageFor, lacking: str) -> None:
    page = open_page(page_for, "alice", lacking)
    article = ask_from_home(page, SLOW)
    listens(page)
    plain, calm = page.title(), icon(page)
    hide_tab(page, True)

    if lacking == NO_LINE:  # nobody else could be told, so it listens only while it is seen
        wait_for(article, "finished")
        hide_tab(page, False)
        assert page.title() == plain
        return
    page.wait_for_function("() => document.title.startsWith('✓ Answer ready · ')", timeout=PATIENCE)
    assert page.title() == f"✓ Answer ready · {plain}"
    assert icon(page) != calm

    hide_tab(page, False)
    assert (page.title(), icon(page)) == (plain, calm)


@pytest.mark.parametrize("lacking", ["", NO_LOCKS], ids=["nothing", "locks"])
def test_one_tab_of_a_browser_listens_and_tells_the_others(page_for: PageFor, lacking: str) -> None:
    count = "window.channels = []; const Own = EventSource; window.EventSource = class extends Own {"
    count += "constructor(url) { super(url); if (url.includes('/notices')) window.channels.push(this); } };"
    page = open_page(page_for, "alice", count, lacking)
    ask_from_home(page, f"{QUESTION} #demo:lines=60 #demo:slow=80")
    listens(page)
    hide_tab(page, True)
    tabs = [page, another_tab(page), another_tab(page)]
    for tab in tabs[1:]:
        listens(tab)
    is_open = "window.channels.filter((one) => one.readyState !== EventSource.CLOSED).length"

    def is_alone() -> bool:
        return bool(sum(tab.evaluate(is_open) for tab in tabs) == 1)

    eventually(is_alone)
    page.wait_for_function("() => document.title.startsWith('✓ Answer ready')", timeout=PATIENCE)

    tabs.pop().close()
    eventually(is_alone)
    ask(tabs[1], SLOW)
    hide_tab(tabs[1], True)
    tabs[1].wait_for_function("() => document.title.startsWith('✓ Answer ready')", timeout=PATIENCE)
    assert is_alone()


def test_what_ended_unseen_is_bold_on_every_device_until_it_is_seen(page_for: PageFor) -> None:
    desk, phone = page_for("alice"), page_for("alice", width=360, touch=True)
    ask_from_home(desk, f"What ends out here? {SLOW}")
    desk.goto("/")
    phone.goto("/history/")

    expect(row(desk, "What ends out here?")).to_contain_text("Unread", timeout=PATIENCE)
    expect(row(desk, "What ends out here?").locator("b")).to_be_visible()
    phone.goto("/")
    phone.locator("#open-sidebar").click()
    expect(row(phone, "What ends out here?")).to_contain_text("Unread", timeout=PATIENCE)

    row(phone, "What ends out here?").click()
    wait_for(answer(phone), "finished")
    expect(row(desk, "What ends out here?")).not_to_contain_text("Unread", timeout=PATIENCE)


@long_walk
def test_what_ends_before_the_eyes_is_not_unread(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, f"Seen here? {FAST}"), "finished")
    with page.expect_response("**/seen/"):
        listens(page)
    page.goto("/")

    expect(row(page, "Seen here?")).to_be_visible()
    expect(row(page, "Seen here?")).not_to_contain_text("Unread")


def test_a_teammates_question_is_said_quietly_and_the_page_stays(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, f"{QUESTION} #demo:lines=80 #demo:fast"), "finished")
    with bob.expect_response("**/seen/"):
        bob.goto(alice.url)
    bob.evaluate("scrollTo(0, 100)")
    ask(alice, f"What comes second? {FAST}")

    toast = bob.locator(".toast", has_text="alice asked a question")
    expect(toast).to_be_visible(timeout=PATIENCE)
    expect(answers(bob)).to_have_count(2)
    assert bob.evaluate("scrollY") == 100
    expect(alice.locator(".toast")).to_have_count(0)

    toast.get_by_role("button", name="Show").click()
    expect(bob.get_by_role("heading", name="What comes second?")).to_be_in_viewport()
    expect(toast).to_have_count(0)


def test_the_browser_notifies_of_a_research_that_somebody_asked_to_hear_of(page_for: PageFor) -> None:
    page = open_page(page_for, "alice", allowed("default", "granted"))
    page.goto("/")
    article = ask_from_home(page, SLOW)
    listens(page)
    button = article.get_by_role("button", name="Notify me when it’s done")
    reveal(page)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    hide_tab(page, True)

    page.wait_for_function("() => window.shown.length", timeout=PATIENCE)
    assert [shown["title"] for shown in notifications(page)] == ["Answer ready"]
    assert notifications(page)[0]["body"].startswith(QUESTION)


def reveal(page: Page) -> None:
    """Let the answer be one that takes long."""
    page.evaluate(
        """() => {
            const note = document.createElement("p");
            note.className = "status-note";
            document.querySelector(".status").append(note);
        }"""
    )


@long_walk
def test_a_browser_that_blocks_notifications_is_told_of_plainly(page_for: PageFor) -> None:
    page = open_page(page_for, "alice", allowed("default", "denied"))
    article = ask_from_home(page, f"{QUESTION} #demo:delay=30000")
    listens(page)
    reveal(page)
    button = article.get_by_role("button", name="Notify me when it’s done")
    button.click()

    expect(page.locator(".toast")).to_contain_text("Your browser blocks notifications from Parley.")
    expect(button).to_have_attribute("aria-pressed", "false")
    article.get_by_role("button", name="Stop").click()


@long_walk
def test_a_switch_has_the_browser_notify_of_every_answer_but_not_while_parley_is_seen(page_for: PageFor) -> None:
    page = open_page(page_for, "alice", allowed("default", "granted"))
    page.goto("/accounts/me/")
    listens(page)
    page.get_by_role("checkbox", name="Notify me when an answer is ready").check()
    page.reload()
    expect(page.get_by_role("checkbox", name="Notify me when an answer is ready")).not_to_be_checked()
    page.evaluate("Notification.permission = 'granted'")

    tab = another_tab(page)
    tab.evaluate("Notification.permission = 'granted'")
    listens(tab)
    ask(tab, FAST)
    wait_for(answer(tab), "finished")
    hide_tab(page, True)
    hide_tab(tab, True)
    assert notifications(tab) == notifications(page) == []


def test_a_phone_that_slept_hears_what_it_missed(page_for: PageFor) -> None:
    page = page_for("alice", width=360, touch=True)
    stream = re.compile(r"/notices\?")
    page.route(stream, lambda route: route.abort())
    wait_for(ask_from_home(page, FAST), "finished")
    listens(page)
    hide_tab(page, True)
    assert "ready" not in page.title()

    page.unroute(stream)
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.wait_for_function("() => document.title.startsWith('✓ Answer ready')", timeout=PATIENCE)


@long_walk
def test_the_account_page_with_the_switch_is_accessible(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = open_page(page_for, "alice", allowed("granted", "granted"))
    page.goto("/accounts/me/")
    expect(page.get_by_role("checkbox", name="Notify me when an answer is ready")).to_be_visible(timeout=PATIENCE)
    axe(page)
