"""Drafts belong to a person: the next one at the same browser sees none of them, and a tab forgets only its own."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, ask_button, ask_from_home, composer, wait_for
from tests.cast import PASSWORD
from tests.walks import long_walk


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(composer(page)).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".account > summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()


def prompt(page: Page) -> str:
    page.goto("/images/")
    return page.locator("#prompt").input_value()


def test_the_next_person_at_the_browser_sees_no_draft_of_the_one_before(page_for: PageFor) -> None:
    page = page_for("")
    page.goto("/")
    sign_in(page, "alice")
    assert prompt(page) == ""
    page.locator("#prompt").fill("Her secret picture")
    page.goto("/accounts/me/")
    page.locator("#instructions-text").fill("Her secret wish")
    page.goto("/")
    composer(page).fill("Her secret question")
    beside = page.context.new_page()
    beside.goto("/")
    expect(composer(beside)).to_have_value("Her secret question")

    sign_out(page)
    expect(beside.get_by_label("Password")).to_be_visible()
    sign_in(page, "bob")

    expect(composer(page)).to_have_value("")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("secret")
    page.goto("/")
    expect(composer(page)).to_have_value("")
    assert prompt(page) == ""
    page.goto("/accounts/me/")
    expect(page.locator("#instructions-text")).not_to_have_value("Her secret wish")
    page.goto("/")
    composer(page).fill("His question")

    sign_out(page)
    sign_in(page, "alice")
    expect(composer(page)).to_have_value("Her secret question")
    assert prompt(page) == "Her secret picture"


@long_walk
def test_a_tab_that_asks_forgets_only_what_it_sent(page_for: PageFor) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, "How do context managers work? #demo:fast"), "finished")
    beside = page.context.new_page()
    beside.goto(page.url)
    composer(beside).fill("typed beside")

    ask(page, "And then? #demo:fast")
    wait_for(answer(page), "finished")

    beside.reload()
    expect(composer(beside)).to_have_value("typed beside")
    ask(beside, "typed beside #demo:fast")
    wait_for(answer(beside), "finished")
    page.reload()
    expect(composer(page)).to_have_value("")


@long_walk
def test_the_first_question_of_a_conversation_takes_no_draft_of_another_tab_along(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    beside = page.context.new_page()
    beside.goto("/")
    composer(page).fill("Which is first? #demo:fast")

    def type_beside(route: Route) -> None:
        composer(beside).fill("typed beside")
        route.continue_()

    page.route("**/ask/", type_beside)

    ask_button(page).click()
    wait_for(answer(page), "finished")

    expect(composer(page)).to_have_value("")
    page.reload()
    expect(composer(page)).to_have_value("")
    beside.reload()
    expect(composer(beside)).to_have_value("typed beside")


@long_walk
def test_what_a_version_before_kept_without_a_name_is_shown_to_nobody(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.evaluate("""() => localStorage.setItem("draft:new", JSON.stringify({ text: "whose is it?" }))""")
    page.reload()
    expect(composer(page)).to_have_value("")
    assert page.evaluate("() => localStorage.getItem('draft:new')") is None


def test_a_tab_that_is_left_keeps_what_stands_in_it_though_another_has_just_forgotten_the_draft(
    page_for: PageFor,
) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, "How do generators work? #demo:fast"), "finished")
    composer(page).fill("typed here")

    # As if the other tab's word of it had not come yet: a page hears nothing of what it does to the store itself.
    page.evaluate("localStorage.clear()")
    page.reload()

    expect(composer(page)).to_have_value("typed here")
