"""Everything by keyboard: a sane order, a focus that one sees, and no place that it does not get out of."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, answers, composer, wait_for, wait_for_words
from tests.cast import PASSWORD
from tests.serving import Server

# Where the keyboard is: its name, whether it is in sight, and whether an outline shows it. The text box of a question
# has none of its own; the frame around it takes the colour of the button beside it.
FOCUS = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const style = (each, part) => getComputedStyle(each, part);
    const outlined = [one, one.closest("label"), ...one.querySelectorAll("*")]
        .filter(Boolean)
        .flatMap((each) => [style(each), style(each, "::after")])
        .some((each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 1);
    const framed = one.matches(".composer textarea")
        && style(one.form).borderColor === style(one.form.querySelector(".ask")).backgroundColor;
    return {
        name: one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent,
        tag: one.localName,
        inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
        size: box.width * box.height,
        shown: outlined || framed,
    };
}"""


def tab_through(page: Page, *, most: int = 80) -> list[str]:
    """Press Tab until the page has been gone through; the names on the way. Each stop is in sight and shows it."""
    names: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "body":
            return names
        name = " ".join((stop["name"] or "").split())
        assert stop["size"] > 0, f"{name} has the focus and no size"
        assert stop["inside"], f"{name} has the focus out of sight"
        assert stop["shown"], f"{name} has the focus and does not show it"
        names.append(name)
    raise AssertionError(f"Tab does not come to an end: {names}")


def tab_to(page: Page, target: Locator, *, key: str = "Tab", most: int = 60) -> None:
    """Press Tab until the element has the focus."""
    names: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        if target.evaluate("(one) => one === document.activeElement"):
            return
        names.append(page.evaluate(FOCUS)["name"] or "")
    raise AssertionError(f"{key} does not lead to {target}, but to {names}")


def test_a_round_trip_without_the_mouse(page_for: PageFor) -> None:
    page = page_for("")
    page.goto("/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("charlie")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_load_state()
    expect(composer(page)).to_be_focused()
    page.keyboard.type("Where does the keyboard lead? #demo:fast")
    page.keyboard.press("Enter")
    wait_for(answer(page), "finished")
    expect(composer(page)).to_be_focused()

    tab_to(page, answer(page).get_by_role("button", name="Ask again", exact=True), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    wait_for(answer(page), "finished")

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    page.keyboard.type("keyboard lead")
    hit = page.get_by_role("list", name="Results").get_by_role("link").first
    expect(hit).to_be_visible()
    tab_to(page, hit, most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/**")
    expect(answers(page).last).to_be_visible()

    tab_to(page, page.locator(".account > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Sign out"), most=10)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_visible()


def test_tab_goes_through_the_front_page_in_its_order(page_for: PageFor, quiet_server: Server) -> None:
    page = page_for("charlie")
    page.goto("/")
    page.evaluate(
        """() => {
            const start = document.createElement("span");
            start.tabIndex = -1;
            document.body.prepend(start);
            start.focus();
            start.remove();
        }"""
    )
    assert tab_through(page) == [
        "Skip to content",
        "Parley",
        "New question",
        "Images",
        "Search conversations",
        "Everyone",
        "Mine",
        "Pinned",
        "Archived",
        "CH charlie Elsewhere",
        "Question",
        "Model: Sonar",
        "Attach files",
        "Options",
        "Ask",
        *page.locator("[data-example]").all_inner_texts(),
    ]


def test_every_stop_in_a_conversation_can_be_seen(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    names = tab_through(page, most=160)
    places = [
        next(number for number, name in enumerate(names) if re.search(pattern, name))
        for pattern in (
            "^Skip to content$",
            "^Search conversations$",
            "Everything an answer can be",
            "^Conversation menu$",
            "^Answer 1 of 2",
            "^Why lighthouses have steps",
            "^Reasoning$",
            "^1: ",
            "^Who climbs them\\?$",
            "^Copy with sources$",
            "^Question$",
        )
    ]
    assert places == sorted(places)


def test_the_skip_link_leads_past_the_history(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["long"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_model_is_chosen_with_the_arrows(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator("summary", has_text="Model:")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox", name="Find a model")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name=re.compile("^Sonar Quick"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("^Sonar Reasoning Pro"))).to_be_checked()
    expect(page.locator("summary", has_text="Model:")).to_contain_text("Sonar Reasoning Pro")
    page.keyboard.press("Escape")
    expect(page.locator("summary", has_text="Model:")).to_be_focused()
    expect(page.get_by_role("radio", name=re.compile("^Sonar Reasoning Pro"))).to_be_hidden()


def test_a_menu_opens_closes_and_gives_the_focus_back(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    menu = page.get_by_role("navigation", name="Conversations").get_by_label("Menu for Sixty questions")
    menu.focus()
    page.keyboard.press("Enter")
    rename = page.get_by_role("navigation", name="Conversations").get_by_text("Rename", exact=True)
    expect(rename).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rename).to_be_hidden()
    expect(menu).to_be_focused()


def test_tabbing_out_of_a_menu_closes_it(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob")
    page.goto(shelf["tour"])
    page.get_by_label("Conversation menu").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pin for the team")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Pin for the team")).to_be_hidden()


def test_the_drawer_keeps_the_keyboard_until_it_closes(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("bob", width=390)
    page.goto(shelf["tour"])
    opener = page.get_by_role("button", name="Menu", exact=True)
    tab_to(page, opener, most=3)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Close menu")).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "true")

    inside = (
        "() => document.activeElement === document.body || !!document.activeElement.closest('#sidebar, .skip-link')"
    )
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


def test_the_slash_is_typed_where_one_writes(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    composer(page).press_sequentially("and/or")
    expect(composer(page)).to_have_value("and/or")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


def test_stop_is_reached_by_keyboard_and_the_focus_is_not_lost(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.keyboard.type("Who stops it? #demo:lines=2000 #demo:slow=40")
    page.keyboard.press("Enter")
    wait_for_words(answer(page))
    expect(composer(page)).to_be_focused()
    tab_to(page, answer(page).get_by_role("button", name="Stop"), key="Shift+Tab", most=40)
    page.keyboard.press("Enter")
    wait_for(answer(page), "stopped")
    assert page.evaluate("document.activeElement.closest('article') !== null")
