"""The ten commonest tasks by keyboard alone: each can be done, each stop on the way shows, and none takes more keys.

What is typed is not counted, and every other key is. A number here is what the task takes today: it may fall.
"""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageFor
from tests.browser.keyboard import Hands
from tests.browser.steps import LONG, answer, ask_from_home, composer, wait_for, wait_for_words
from tests.cast import PASSWORD
from tests.imaging.review.pending_images import grant, queue
from tests.serving import Server
from tests.walks import long_walk


def at_home(page: Page) -> Hands:
    """Somebody on the first page, where the box for a question has the focus."""
    page.goto("/")
    expect(composer(page)).to_be_focused()
    return Hands(page)


def test_signing_in_takes_two_keys(page_for: PageFor) -> None:
    page = page_for("")
    page.goto("/")
    expect(page.get_by_label("Username")).to_be_focused()
    hands = Hands(page)
    hands.type("bob")
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.press("Enter")
    expect(composer(page)).to_be_focused()
    assert hands.pressed <= 2


def test_asking_takes_one_key(page_for: PageFor) -> None:
    hands = at_home(page_for("bob"))
    hands.type("Who asks by hand? #demo:fast")
    hands.press("Enter")
    wait_for(answer(hands.page), "finished")
    expect(composer(hands.page)).to_be_focused()
    assert hands.pressed <= 1


@long_walk
def test_asking_privately(page_for: PageFor, server: Server) -> None:
    page = page_for("bob")
    hands = at_home(page)
    hands.type("Who sees this? #demo:fast")
    hands.go_to(page.get_by_role("combobox", name="Visible to"))
    hands.type("Only")
    expect(page.get_by_text("Only you will see it")).to_be_visible()
    hands.go_to(page.get_by_role("button", name="Ask", exact=True), key="Shift+Tab")
    hands.press("Enter")
    page.wait_for_url("**/c/**")
    wait_for(answer(page), "finished")
    expect(page.get_by_text("Only you see this conversation")).to_be_visible()
    assert hands.pressed <= 7


def test_stopping_takes_one_key(page_for: PageFor) -> None:
    page = page_for("bob")
    hands = at_home(page)
    hands.type(LONG)
    page.keyboard.press("Enter")
    wait_for_words(answer(page))
    hands.press("Escape")
    wait_for(answer(page), "stopped")
    assert hands.pressed <= 1


@long_walk
def test_asking_another_model_again(page_for: PageFor) -> None:
    page = page_for("bob")
    wait_for(ask_from_home(page, "Who else knows? #demo:fast"), "finished")
    expect(composer(page)).to_be_focused()
    hands = Hands(page)
    hands.go_to(answer(page).get_by_label("Choose another model"), key="Shift+Tab")
    hands.press("Enter")
    picker = answer(page).get_by_role("dialog", name="Model")
    expect(picker.get_by_role("button", name=re.compile("^Quick"))).to_be_focused()
    hands.press("ArrowDown", "Enter")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    wait_for(answer(page), "finished")
    assert hands.pressed <= 7


@long_walk
def test_editing_a_question(page_for: PageFor) -> None:
    page = page_for("bob")
    wait_for(ask_from_home(page, "Who edits this? #demo:fast"), "finished")
    hands = Hands(page)
    hands.press("Escape", "e")
    box = page.get_by_role("textbox", name="Edit question")
    expect(box).to_be_focused()
    hands.type(" Again.")
    hands.press("Enter")
    expect(page.locator(".question-text").last).to_contain_text("Again.")
    wait_for(answer(page), "finished")
    assert hands.pressed <= 3


@long_walk
def test_opening_a_source_from_its_mark(page_for: PageFor) -> None:
    page = page_for("bob")
    wait_for(ask_from_home(page, "How does the state of an answer work? #demo:fast"), "finished")
    hands = Hands(page)
    hands.press("Escape", "j")
    page.wait_for_function("() => document.activeElement.matches('.answer')")
    mark = answer(page).locator(".prose").get_by_role("link", name=re.compile("^\\d+: ")).first
    hands.go_to(mark)
    expect(page.locator(".citation-card")).to_be_visible()
    hands.go_to(page.get_by_role("link", name="Open source"))
    with page.context.expect_page():
        hands.press("Enter")
    assert hands.pressed <= 10


@long_walk
def test_finding_an_old_conversation_takes_two_keys(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    hands = at_home(page)
    hands.press("Control+k")
    box = page.get_by_role("combobox", name="Search or run a command")
    expect(box).to_be_focused()
    hands.type("When was the pier built")
    chosen = page.get_by_role("dialog", name="Commands").get_by_role("option", selected=True)
    expect(chosen).to_contain_text("When was the pier built?")
    hands.press("Enter")
    page.wait_for_url(f"**{shelf['When was the pier built?']}")
    assert hands.pressed <= 2


@long_walk
def test_drawing_an_image(page_for: PageFor) -> None:
    page = page_for("bob")
    hands = at_home(page)
    hands.press("Escape", "g", "i")
    page.wait_for_url("**/images/")
    hands.go_to(page.get_by_role("link", name="Skip to content"))
    hands.press("Enter")
    hands.go_to(page.get_by_role("textbox", name="Prompt", exact=True))
    hands.type("A lighthouse drawn by hand")
    hands.press("Enter")
    expect(page.get_by_role("img", name=re.compile("A lighthouse drawn by hand"))).to_be_visible()
    assert hands.pressed <= 7


def test_approving_an_image_takes_one_key(page_for: PageFor, server: Server) -> None:
    grant(server.store, "vera")
    queue(server.store, [{"prompt": "Light 00", "by": "bob", "minutes_ago": 5}])
    page = page_for("vera")
    page.goto("/admin/imaging/review/")
    expect(page.get_by_role("img", name="Light 00", exact=True).first).to_be_visible()
    hands = Hands(page)
    hands.press("a")
    expect(page.get_by_text("No images to review.")).to_be_visible()
    assert hands.pressed <= 1


def test_two_keys_that_come_before_what_they_need_are_taken_in_their_order(page_for: PageFor) -> None:
    page = page_for("bob")
    hands = at_home(page)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/shell*.js", hold)
    hands.press("Escape", "g", "i")
    while not waiting:
        page.wait_for_timeout(10)
    for one in waiting:
        one.continue_()
    page.wait_for_url("**/images/")
