"""Reviewing in the browser: twenty by keyboard, two on one image, many at once, without JavaScript, narrow and dark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.imaging.review.pending_images import Waiting, grant, queue
from tests.serving import Server
from tests.walks import long_walk, widths

REVIEW = "/admin/imaging/review/"
MANY = "/admin/imaging/review-many/"


def fill(server: Server, count: int, **fields: int) -> list[str]:
    """Alice and Vera review; so many images of Bob's wait."""
    grant(server.store, "alice", "vera")
    images: list[Waiting] = [
        {"prompt": f"Light {number:02}", "by": "bob", "minutes_ago": 600 - number, **fields}  # type: ignore[typeddict-item]
        for number in range(count)
    ]
    return queue(server.store, images)


def states(server: Server) -> list[str]:
    return [state for (state,) in server.rows("SELECT state FROM imaging_generatedimage ORDER BY created_at, id")]


def shown(page: Page, number: int) -> None:
    """Wait until this image is on the page, and its bytes with it."""
    picture = page.get_by_role("img", name=f"Light {number:02}", exact=True).first
    expect(page.locator(".review-prompt")).to_have_text(f"Light {number:02}")
    expect(picture).to_be_visible()


def test_twenty_are_reviewed_by_keyboard(server: Server, page_for: PageFor) -> None:
    fill(server, 20)
    page = page_for("vera")
    page.goto(REVIEW)
    for number in range(20):
        shown(page, number)
        if number % 4 == 3:
            page.keyboard.press("r")
            expect(page.get_by_role("radio", name="Shows a real person")).to_be_focused()
            page.keyboard.press("2")
            expect(page.get_by_role("radio", name="Violence or cruelty")).to_be_checked()
            page.keyboard.press("r")
        else:
            page.keyboard.press("a")

    expect(page.get_by_text("No images to review.")).to_be_visible()
    assert states(server) == (["approved"] * 3 + ["rejected"]) * 5
    reasons = server.rows("SELECT DISTINCT reason FROM imaging_decision WHERE verdict = 'rejected'")
    assert reasons == [("Violence or cruelty",)]


@long_walk
def test_keys_step_undo_and_do_nothing_while_one_types(server: Server, page_for: PageFor) -> None:
    fill(server, 3)
    page = page_for("vera")
    page.goto(REVIEW)
    shown(page, 0)
    page.keyboard.press("j")
    shown(page, 1)
    page.keyboard.press("k")
    shown(page, 0)
    page.keyboard.press("j")
    shown(page, 1)
    page.keyboard.press("a")
    shown(page, 2)
    page.keyboard.press("u")
    shown(page, 1)
    assert states(server) == ["pending"] * 3

    note = page.get_by_role("textbox", name="In your own words")
    note.focus()
    page.keyboard.type("a ruin, just ruin")
    expect(note).to_have_value("a ruin, just ruin")
    page.keyboard.press("Enter")
    shown(page, 2)

    assert states(server) == ["pending", "rejected", "pending"]
    page.keyboard.press("r")
    page.keyboard.press("a")  # whoever chooses a reason approves nothing by a slip
    page.keyboard.press("Escape")
    expect(page.get_by_role("radio").first).not_to_be_focused()
    assert states(server) == ["pending", "rejected", "pending"]


def test_of_two_reviewers_the_second_is_told_who_was_first(server: Server, page_for: PageFor) -> None:
    ids = fill(server, 2)
    alice, vera = page_for("alice"), page_for("vera")
    vera.goto(REVIEW)
    shown(vera, 0)
    alice.goto(REVIEW)
    shown(alice, 1)
    alice.goto(f"{REVIEW}{ids[0]}/")
    expect(alice.get_by_text("vera is reviewing this")).to_be_visible()

    vera.get_by_role("button", name="Approve", exact=True).click()
    expect(vera.get_by_text("Image approved.", exact=True)).to_be_visible()
    alice.get_by_role("radio", name="Doesn’t match the prompt").check()
    alice.get_by_role("button", name="Reject", exact=True).click()

    expect(alice.get_by_text("Vera already approved this image just now.")).to_be_visible()
    expect(alice.get_by_text(re.compile(r"Approved\s+by vera"))).to_be_visible()
    assert states(server) == ["approved", "pending"]
    alice.get_by_role("radio", name="Doesn’t match the prompt").check()
    alice.get_by_role("button", name="Reject", exact=True).click()
    expect(alice.get_by_text("Image rejected.", exact=True)).to_be_visible()
    assert states(server) == ["rejected", "pending"]


@long_walk
def test_an_answer_that_says_nothing_of_reviewers_changes_nothing(server: Server, page_for: PageFor) -> None:
    fill(server, 1)
    page = page_for("vera")
    page.route(re.compile("/claim/"), lambda route: route.fulfill(body="<p>Sign in</p>", content_type="text/html"))
    with page.expect_response(re.compile("/claim/")):
        page.goto(REVIEW)
        shown(page, 0)

    expect(page.locator("#review-status")).to_have_text("")


@long_walk
def test_leaving_the_page_lets_others_have_the_image(server: Server, page_for: PageFor) -> None:
    fill(server, 2)
    vera, alice = page_for("vera"), page_for("alice")
    vera.goto(REVIEW)
    shown(vera, 0)
    vera.goto("/admin/imaging/review-figures/")

    def free() -> bool:
        return not server.rows("SELECT 1 FROM imaging_generatedimage WHERE claimed_by_id IS NOT NULL")

    for _ in range(100):
        if free():
            break
        vera.wait_for_timeout(50)
    assert free()
    alice.goto(REVIEW)
    shown(alice, 0)


def test_many_are_decided_at_once_with_a_result_each(server: Server, page_for: PageFor) -> None:
    fill(server, 5)
    page = page_for("vera")
    page.goto(MANY)
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("checkbox", name="Light 03").uncheck()
    server.rows("UPDATE imaging_generatedimage SET deleted_at = created_at WHERE prompt = 'Light 01'")
    page.get_by_role("button", name="Approve selected").click()

    expect(page.get_by_text(re.compile(r"3 images approved\.\s+1 image not decided\."))).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="This image was deleted")).to_have_count(1)
    assert states(server) == ["approved", "pending", "approved", "pending", "approved"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 images are back in the queue.")).to_be_visible()
    assert states(server) == ["pending"] * 5


def test_pictures_that_look_alike_are_decided_once(server: Server, page_for: PageFor) -> None:
    fill(server, 5, like=7)
    page = page_for("vera")
    page.goto(REVIEW)
    group = page.get_by_role("group", name="4 similar images")
    group.get_by_role("checkbox").last.uncheck()
    page.keyboard.press("a")
    expect(page.get_by_text("4 images approved.")).to_be_visible()
    assert states(server) == ["approved"] * 4 + ["pending"]


def test_it_works_without_javascript(server: Server, page_for: PageFor) -> None:
    fill(server, 2)
    page = page_for("vera", javascript=False)
    page.goto("/admin/")
    page.get_by_role("link", name="2 images are waiting for review").click()
    shown(page, 0)
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Enter a reason for rejecting.")
    page.get_by_role("textbox", name="In your own words").fill("Too bright.")
    page.keyboard.press("Enter")
    shown(page, 1)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("No images to review.")).to_be_visible()
    assert states(server) == ["rejected", "approved"]


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_every_page_is_accessible_and_fits(
    server: Server,
    page_for: PageFor,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    ids = fill(server, 6, like=7)
    page = page_for("vera", width=width)

    def look(address: str) -> None:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

    for address in ("/admin/", REVIEW, MANY, "/admin/imaging/reviewed/"):
        look(address)
    page.goto(f"{REVIEW}{ids[2]}/")
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("r")
    expect(page.get_by_text("6 images rejected.")).to_be_visible()
    axe(page)  # an empty queue, with what was said
    for address in (f"{REVIEW}{ids[2]}/", "/admin/imaging/reviewed/", "/admin/imaging/review-figures/"):
        look(address)
    look("/admin/imaging/decision/")
    page.locator(
        "#result_list tbody th a"
    ).first.click()  # Django's own page of a record: it opens, and breaks no policy
    expect(page.get_by_text("Shows a real person", exact=True)).to_be_visible()
