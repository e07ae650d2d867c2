"""Pages in the middle of their use: what was opened, changed or refused there is accessible, too, and said once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.language_pages import OPEN_ALL
from tests.browser.live_regions import listen, said_twice
from tests.browser.steps import LONG, answer, answers, ask, ask_from_home, choose_model, open_models, wait_for
from tests.imaging.review.pending_images import grant, queue
from tests.serving import Server
from tests.walks import long_walk

Axe = Callable[[Page], None]


@long_walk
def test_a_team_in_the_middle_of_changes(server: Server, page_for: PageFor, axe: Axe) -> None:
    page = page_for("alice")
    page.goto("/accounts/team/")
    heard = listen(page)
    page.get_by_label("Role of bob", exact=True).select_option("Viewer")
    expect(page.locator(".toast")).to_contain_text("bob is a viewer now.")
    page.get_by_label("vera is a reviewer", exact=True).check()
    expect(page.locator(".toast")).to_have_count(2)
    assert [re.findall("bob|vera", one) for one in heard()] == [["bob"], ["vera"]]
    page.evaluate(OPEN_ALL)
    axe(page)
    page.goto("/accounts/setup/team/")
    axe(page)
    page.get_by_label("Team name").fill(" ")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    axe(page)


@long_walk
def test_a_join_link_from_making_it_to_a_refused_account(server: Server, page_for: PageFor, axe: Axe) -> None:
    page = page_for("alice")
    page.goto("/accounts/team/invite/")
    page.get_by_role("button", name="Create join link").click()
    link = page.locator("#one-time-link")
    expect(link).to_be_visible()
    axe(page)
    guest = page_for("")
    guest.goto(link.inner_text().strip())
    axe(guest)
    guest.get_by_label("Username").fill("alice")
    for password in guest.locator("[type=password]").all():
        password.fill("1")
    guest.locator("main [type=submit]").first.click()
    expect(guest.locator("[aria-invalid=true]").first).to_be_visible()
    axe(guest)


def test_a_conversation_in_which_two_people_ask(server: Server, page_for: PageFor, axe: Axe) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, "Who is here? #demo:fast"), "finished")
    bob.goto(alice.url)
    ask(bob, LONG)
    expect(alice.locator(".toast")).to_contain_text("bob asked a question")
    expect(answers(alice)).to_have_count(2)
    open_models(alice.locator("#models"))
    axe(alice)
    alice.keyboard.press("Escape")
    answer(bob).get_by_role("button", name="Stop").click()
    wait_for(answer(alice), "stopped")
    alice.keyboard.press("Control+k")
    palette = alice.get_by_role("dialog", name="Commands")
    expect(palette).to_be_visible()
    heard = listen(alice)
    palette.get_by_role("combobox").fill("Who is here")
    expect(palette.get_by_role("option", name="Search everywhere for “Who is here”")).to_be_visible()
    expect(alice.locator("#palette-status")).to_contain_text("result")
    axe(alice)
    assert [re.sub(r"\d+", "n", one) for one in heard()] == ["n results"]


@long_walk
def test_images_say_once_what_becomes_of_them(server: Server, page_for: PageFor) -> None:
    grant(server.store, "vera")
    queue(server.store, [{"prompt": "Light 00", "by": "bob", "minutes_ago": 5}])
    page = page_for("bob")
    page.goto("/images/")
    heard = listen(page)
    box = page.get_by_role("textbox", name="Prompt", exact=True)
    box.fill("x" * 4_001)
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("up to 4000 characters")
    box.fill("A lighthouse #demo:delay=1500")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.locator("#announcer")).to_have_text("The image is ready.")
    page.get_by_role("link", name="Select", exact=True).click()
    page.locator(".shot-choice").first.check()
    expect(page.locator(".selection-count")).to_have_text("Selected: 1")
    assert said_twice(heard()) == []


@long_walk
def test_options_say_once_what_they_change(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    heard = listen(page)
    with page.expect_response(re.compile("/options/$")):
        choose_model(page, "Sonar Deep Research")
    page.locator("#options > summary").click()
    panel = page.get_by_role("group", name="Options", exact=True)
    chips = page.get_by_role("list", name="Active options")
    panel.get_by_label("Published after").fill("2025-03-01")
    expect(chips).to_contain_text("Published after")
    panel.get_by_label("Published before").fill("2025-04-01")
    expect(chips).to_contain_text("Published before")
    said = heard()
    assert any("about" in one for one in said), said
    assert said_twice(said) == []
