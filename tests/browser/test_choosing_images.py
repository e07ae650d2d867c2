"""Choosing several images of the grid, what a drawing costs, variants side by side, and news of teammates' images."""

import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import ask_from_home
from tests.conftest import MakeServer
from tests.imaging.review.pending_images import Waiting, grant, queue
from tests.serving import Server
from tests.walks import long_walk

Axe = Callable[[Page], None]
LOOKS_AGAIN = 11_000  # milliseconds after which a page has looked for what changed
PATIENCE = 40_000  # milliseconds


def fill(server: Server, *prompts: str, by: str = "bob", state: str = "approved", minutes_ago: int = 60) -> list[str]:
    """Images of that person's, the first of them the newest."""
    images: list[Waiting] = [
        {"prompt": prompt, "by": by, "minutes_ago": minutes_ago + number, "fields": {"state": state}}
        for number, prompt in enumerate(prompts)
    ]
    return queue(server.store, images)


def tiles(page: Page) -> Locator:
    return page.locator("#tiles .shot")


def choice(page: Page, prompt: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select: {prompt}", exact=True)


def test_several_are_chosen_downloaded_and_deleted_with_one_undo(server: Server, page_for: PageFor, axe: Axe) -> None:
    fill(server, "A boat", "A cat", "A dog", "An elk")
    page = page_for("bob")
    page.goto("/images/")
    expect(tiles(page).first).to_contain_text("A boat")  # the caption
    expect(choice(page, "A boat")).to_be_hidden()
    page.get_by_role("link", name="Select", exact=True).click()
    for button in ("Download", "Compare", "Delete"):
        expect(page.get_by_role("button", name=button)).to_be_disabled()
    choice(page, "A boat").check()
    page.get_by_role("img", name="A dog").click(modifiers=["Shift"])  # and what is between them
    expect(page.get_by_text("Selected: 3")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert re.fullmatch(r"parley-images-\d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    with zipfile.ZipFile(download.value.path()) as packed:
        assert [name[:9] for name in packed.namelist()] == ["001-A-boa", "002-A-cat", "003-A-dog"]
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("3 images were deleted.")).to_be_visible()
    expect(tiles(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(4)


@long_walk
def test_choosing_works_by_keyboard_alone(server: Server, page_for: PageFor) -> None:
    fill(server, "A boat", "A cat")
    page = page_for("bob")
    page.goto("/images/")
    page.locator(".shot-picture").first.focus()
    page.keyboard.press("x")
    expect(choice(page, "A boat")).to_be_checked()
    page.locator(".shot-picture").nth(1).focus()
    page.keyboard.press("x")
    expect(page.get_by_text("Selected: 2")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("Selected: 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("form", name="Selected images")).to_be_hidden()
    expect(choice(page, "A boat")).to_be_hidden()
    expect(page.get_by_role("link", name="Select", exact=True)).to_be_focused()


@long_walk
def test_choosing_works_without_scripts(server: Server, page_for: PageFor) -> None:
    fill(server, "A boat", "A cat")
    page = page_for("bob", javascript=False)
    page.goto("/images/")
    page.get_by_role("link", name="Select", exact=True).click()
    choice(page, "A cat").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“A cat” was deleted.")).to_be_visible()
    expect(tiles(page)).to_have_count(1)


def test_a_reviewer_hands_what_is_chosen_to_review(server: Server, page_for: PageFor) -> None:
    fill(server, "A boat", "A cat", "A dog", by="alice", state="pending")
    grant(server.store, "vera")
    page = page_for("vera")
    page.goto("/images/")
    page.get_by_role("link", name="Select", exact=True).click()
    choice(page, "A boat").check()
    choice(page, "A dog").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Approve selected").click()
    expect(page.get_by_text("2 images approved.")).to_be_visible()
    rows = server.rows("SELECT prompt FROM imaging_generatedimage WHERE state = 'pending'")
    assert rows == [("A cat",)]


@long_walk
def test_variants_are_compared_side_by_side(server: Server, page_for: PageFor, axe: Axe) -> None:
    ids = fill(server, "By day", "By night")
    page = page_for("bob")
    page.goto(f"/images/{ids[0]}/")
    page.get_by_role("link", name="Draw with changes").click()
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    expect(prompt).to_have_value("By day")
    prompt.fill("By day, in the rain")
    page.reload()
    expect(prompt).to_have_value("By day, in the rain")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("img", name="By day, in the rain")).to_be_visible(timeout=PATIENCE)
    page.goto(f"/images/{ids[0]}/")
    page.get_by_role("link", name="Compare").click()
    pictures = page.locator(".compared img")
    expect(pictures).to_have_count(2)
    boxes = [picture.bounding_box() for picture in pictures.all()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    axe(page)
    narrow = page_for("bob", width=360, touch=True)
    narrow.goto(page.url)
    expect(narrow.locator(".compared img").first).to_be_visible()
    axe(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


@long_walk
def test_what_is_drawn_is_said_to_cost_first(make_server: MakeServer, page_for: PageFor) -> None:
    env = {
        "IMAGES_BASE_URL": "http://127.0.0.1:9",
        "IMAGES_MODELS": "gpt-image-1,sd-turbo",
        "IMAGES_SIZES": "1024x1024,1024x1536,sd-turbo@512x512",
        "IMAGES_PRICES": "gpt-image-1=0.04,gpt-image-1@1024x1536=0.06",
    }
    page = page_for("bob", server=make_server(env=env))
    page.goto("/images/")
    cost = page.locator(".draw-cost")
    model, size, count = (page.get_by_role("combobox", name=name) for name in ("Model", "Size", "Number of images"))
    expect(cost).to_have_text("About $0.04")
    size.select_option("1024x1536")
    count.select_option("3")
    expect(cost).to_have_text("About $0.18 for 3 images")
    expect(size.locator("option[value='512x512']")).to_be_disabled()
    model.select_option("images:sd-turbo")
    expect(size).to_have_value("")
    expect(size.locator("option[value='1024x1536']")).to_be_disabled()
    size.select_option("512x512")
    expect(cost).to_have_text("")


def test_an_open_grid_tells_of_new_images_and_shows_them_when_asked(
    server: Server, page_for: PageFor, axe: Axe
) -> None:
    fill(server, *(f"Old {number}" for number in range(12)))
    page = page_for("bob")
    page.clock.install()
    page.goto("/images/")
    expect(tiles(page)).to_have_count(12)
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => scrollY > 0")
    before = page.evaluate("scrollY")
    fill(server, "New one", "New two", by="alice", minutes_ago=0)
    page.clock.fast_forward(LOOKS_AGAIN)
    chip = page.get_by_role("link", name="2 new images: show")
    expect(chip).to_be_visible()
    expect(tiles(page)).to_have_count(12)
    assert page.evaluate("scrollY") == before
    axe(page)
    chip.click()
    expect(page.get_by_role("img", name="New one")).to_be_visible()
    expect(tiles(page)).to_have_count(14)
    expect(chip).to_have_count(0)


@long_walk
@pytest.mark.parametrize("width", [360, 1440])
def test_the_first_picture_is_high_and_the_filters_stand_on_one_line(
    server: Server, page_for: PageFor, width: int
) -> None:
    fill(server, "A boat")
    page = page_for("bob", width=width)
    page.goto("/images/")
    links = page.locator(".image-filter-links a")
    assert len({round(box["y"]) for link in links.all() if (box := link.bounding_box())}) == 1
    picture = page.locator(".shot-picture").bounding_box()
    assert picture
    assert picture["y"] < 450
    for name, count in (("Failed", 0), ("Drawing", 0), ("Approved", 1)):
        page.locator(".image-filters").get_by_role("link", name=name, exact=True).click()
        expect(tiles(page)).to_have_count(count)


@long_walk
def test_what_was_drawn_from_a_question_stands_below_its_answer(server: Server, page_for: PageFor, axe: Axe) -> None:
    page = page_for("bob")
    ask_from_home(page, "What does a lighthouse look like?")
    conversation = page.url
    page.get_by_role("link", name="Draw this").click(timeout=PATIENCE)
    page.get_by_role("textbox", name="Prompt", exact=True).fill("A lighthouse #demo:delay=2500")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(tiles(page)).to_have_count(1)
    page.goto(conversation)
    drawn = page.get_by_role("region", name="Images drawn from this question")
    expect(drawn.get_by_text("Drawing", exact=True)).to_be_visible()
    expect(drawn.get_by_role("img", name="A lighthouse")).to_be_visible(timeout=PATIENCE)
    expect(drawn.get_by_text("Pending", exact=True)).to_be_visible()
    axe(page)
    teammate = page_for("alice")
    teammate.goto(conversation)
    expect(teammate.get_by_role("article", name="Answer")).to_be_visible()
    expect(teammate.get_by_role("region", name="Images drawn from this question")).to_have_count(0)
    server.rows("UPDATE imaging_generatedimage SET state = 'approved'")
    teammate.reload()
    expect(teammate.get_by_role("img", name="A lighthouse")).to_be_visible()
