"""The Team page in the browser: roles act at once and can be taken back, on every width and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clipboard import copied
from tests.browser.conftest import PageFor
from tests.serving import Server
from tests.walks import long_walk

TEAM = "/accounts/team/"


def roles(server: Server) -> dict[str, tuple[str, bool]]:
    rows = server.rows(
        "SELECT u.username, m.role, m.is_reviewer FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
    )
    return {name: (role, bool(marked)) for name, role, marked in rows}


def test_a_role_acts_at_once_and_can_be_taken_back(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto(TEAM)
    role = page.get_by_label("Role of bob", exact=True)

    role.focus()
    role.select_option("Viewer")

    expect(page.locator(".toast")).to_contain_text("bob is a viewer now.")
    assert roles(server)["bob"] == ("viewer", False)
    expect(role).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(role).to_have_value("member")
    assert roles(server)["bob"] == ("member", False)
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)  # and this can be taken back as well


def test_a_reviewer_is_chosen_by_a_tick_and_the_page_no_longer_asks_for_one(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto(TEAM)
    expect(page.get_by_text("No reviewer yet")).to_be_visible()

    page.get_by_label("vera is a reviewer", exact=True).check()

    expect(page.get_by_text("No reviewer yet")).to_have_count(0)
    assert roles(server)["vera"] == ("viewer", True)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No reviewer yet")).to_be_visible()
    expect(page.get_by_label("vera is a reviewer", exact=True)).not_to_be_checked()


@long_walk
def test_one_s_own_role_waits_for_the_button(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto(TEAM)

    page.get_by_label("Role of alice", exact=True).select_option("Viewer")
    page.get_by_role("button", name="Save the role of alice").click()

    expect(page.locator(".toast")).to_contain_text("A team needs an owner.")
    assert roles(server)["alice"][0] == "owner"


@long_walk
def test_the_team_is_handed_over_by_the_keyboard(server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto(TEAM)

    page.get_by_label("More for bob").press("Enter")
    page.get_by_label("Hand over the team to bob").press("Enter")
    page.get_by_role("button", name="Hand over").press("Enter")

    expect(page.locator(".toast")).to_contain_text("bob owns the team now. You’re a member.")
    expect(page.get_by_role("link", name="Invite")).to_have_count(0)
    assert (roles(server)["bob"][0], roles(server)["alice"][0]) == ("owner", "member")


def test_everything_works_without_javascript(server: Server, page_for: PageFor) -> None:
    page = page_for("alice", javascript=False)
    page.goto(TEAM)

    page.get_by_label("Role of bob", exact=True).select_option("Viewer")
    page.get_by_role("button", name="Save the role of bob").click()
    page.get_by_label("vera is a reviewer", exact=True).check()
    page.get_by_role("button", name="Save whether vera is a reviewer").click()

    assert (roles(server)["bob"], roles(server)["vera"]) == (("viewer", False), ("viewer", True))
    page.get_by_label("More for bob").click()
    page.get_by_label("Remove bob").click()
    page.get_by_role("button", name="Remove bob").click()
    assert "bob" not in roles(server)


@pytest.mark.parametrize("width", [320, 900])
def test_nothing_is_outside_the_window(width: int, page_for: PageFor) -> None:
    page: Page = page_for("alice", width=width)
    page.goto(f"{TEAM}invite/")
    page.get_by_label("Who to invite").fill(
        "Somebody with quite a long name <somebody.with.a.long.name@harbour.example>"
    )
    page.get_by_role("button", name="Create links").click()
    page.get_by_role("link", name="Back to the team").click()
    expect(page.get_by_role("heading", name="Invitations")).to_be_visible()

    beyond = page.evaluate(
        """() => [...document.querySelectorAll('#main *')]
            .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert beyond == []
    page.get_by_label("More for vera").click()
    box = page.locator(".person-menu[open] .menu-list").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@long_walk
def test_all_links_are_copied_at_once(page_for: PageFor) -> None:
    page = page_for("alice")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{TEAM}invite/")
    page.get_by_label("Who to invite").fill("Dana\nEve")
    page.get_by_role("button", name="Create links").click()

    found = copied(page, page.get_by_role("button", name="Copy all links").click)

    lines = found["text/plain"].splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Dana", "Eve"]
    assert all("/accounts/join/" in line for line in lines)
