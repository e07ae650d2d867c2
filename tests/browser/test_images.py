"""Images in a browser: ask for one and see it appear, look through the team's, lose sight of what is rejected."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import ask_from_home
from tests.imaging.generation.draw_requests import draw, drawn, stored
from tests.serving import Server
from tests.walks import long_walk

Axe = Callable[[Page], None]
LOOKS_AGAIN = 11_000  # milliseconds after which a page has looked for what changed
PATIENCE = 40_000  # milliseconds


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Prompt", exact=True)


def draw_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Draw", exact=True)


def tiles(page: Page) -> Locator:
    return page.locator("#tiles .shot")


def approve(server: Server, text: str, state: str = "approved") -> None:
    server.rows("UPDATE imaging_generatedimage SET state = ? WHERE prompt = ?", [state, text])


def test_an_image_is_asked_for_and_appears_in_its_place(page_for: PageFor, server: Server) -> None:
    page = page_for("bob")
    page.goto("/images/")
    expect(page.get_by_text("No images yet")).to_be_visible()
    prompt(page).fill("A red lighthouse #demo:delay=2500")
    draw_button(page).click()
    tile = tiles(page).first
    expect(tile).to_have_attribute("data-state", "drawing")
    expect(tile.get_by_role("progressbar", name="Drawing")).to_be_visible()
    expect(prompt(page)).to_have_value("")
    expect(prompt(page)).to_be_focused()
    expect(page.get_by_text("No images yet")).to_be_hidden()
    picture = tile.get_by_role("img", name=re.compile("A red lighthouse"))
    expect(picture).to_be_visible(timeout=PATIENCE)
    expect(tile.get_by_text("Pending", exact=True)).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("The image is ready.")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    expect(tiles(page)).to_have_count(1)
    expect(page.get_by_text("The demo draws simple images")).to_have_count(1)


@long_walk
def test_an_image_service_draws_several_in_the_size_that_was_chosen(
    page_for: PageFor, server: Server, axe: Axe
) -> None:
    page = page_for("bob", width=390)
    page.goto("/images/")
    model, size = (page.get_by_role("combobox", name=name, include_hidden=True) for name in ("Model", "Size"))
    expect(size).to_be_hidden()  # the gateway takes none
    model.select_option(label="GPT Image 1")
    size.select_option(label="Landscape, 1536 × 1024")
    expect(page.locator(".draw-options")).to_be_hidden()  # language and history, which the service does not ask for
    page.get_by_label("Number of images").select_option("3")
    axe(page)
    prompt(page).fill("A red lighthouse #demo:revised")
    prompt(page).press("Enter")
    pictures = page.get_by_role("img", name=re.compile("A red lighthouse"))
    expect(pictures).to_have_count(3, timeout=PATIENCE)
    expect(model).to_have_value("images:gpt-image-1")
    expect(size).to_have_value("1536x1024")
    pictures.first.click()
    facts = page.locator(".image-facts")
    expect(facts).to_contain_text("A flat, simple drawing of A red lighthouse")
    expect(facts).to_contain_text("1536 × 1024")
    page.get_by_role("button", name="Draw again").click()
    expect(page.locator(".image-view img")).to_be_visible(timeout=PATIENCE)
    images = drawn(server, "A red lighthouse #demo:revised")
    assert [(image["service"], image["width"]) for image in images] == [("images", 1536)] * 4
    assert len({image["sha256"] for image in images}) == 4


@long_walk
def test_enter_draws_and_both_pictures_of_a_response_appear(page_for: PageFor, server: Server) -> None:
    page = page_for("bob")
    page.goto("/images/")
    prompt(page).fill("Two cats #demo:two")
    prompt(page).press("Enter")
    expect(page.locator("#tiles .shot[data-state=pending]")).to_have_count(2, timeout=PATIENCE)
    page.reload()
    expect(tiles(page)).to_have_count(2)


def test_a_failure_is_told_in_the_tile_and_drawing_again_leads_to_the_new_image(
    page_for: PageFor, server: Server
) -> None:
    page = page_for("bob")
    page.goto("/images/")
    prompt(page).fill("Only words #demo:text_only")
    draw_button(page).click()
    tile = tiles(page).first
    expect(tile).to_contain_text("answered in words", timeout=PATIENCE)
    expect(page.locator("#announcer")).to_have_text("This image couldn’t be drawn.")
    tile.get_by_role("button", name="Draw again").click()
    page.wait_for_url(re.compile(r"/images/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", name="Only words")).to_be_visible()
    expect(page.locator("#image")).to_have_attribute("data-state", "failed", timeout=PATIENCE)
    expect(page.locator("#image")).to_contain_text("answered in words")


@long_walk
def test_the_page_of_an_image_being_drawn_becomes_that_of_the_picture(page_for: PageFor, server: Server) -> None:
    text = "A boat #demo:delay=3000"
    draw(server.client("bob"), text)
    page = page_for("bob")
    page.goto(f"/images/{stored(server, text)[0]['id']}/")
    expect(page.get_by_text("Drawing. This takes")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"A-boat-demo-delay-3000-[0-9a-f]{6}\.png", download.value.suggested_filename)


def test_a_draft_survives_a_reload_and_a_server_that_is_away(page_for: PageFor, server: Server) -> None:
    page = page_for("bob")
    page.goto("/images/")
    prompt(page).fill("Typed and not sent")
    page.reload()
    expect(prompt(page)).to_have_value("Typed and not sent")
    server.kill()
    draw_button(page).click()
    expect(page.get_by_text("server couldn’t be reached")).to_be_visible()
    expect(prompt(page)).to_have_value("Typed and not sent")
    server.start()
    draw_button(page).click()
    expect(tiles(page)).to_have_count(1, timeout=PATIENCE)
    page.reload()
    expect(prompt(page)).to_have_value("")


@long_walk
def test_a_question_becomes_a_prompt_that_one_can_change(page_for: PageFor, server: Server) -> None:
    page = page_for("bob")
    ask_from_home(page, "What does a lighthouse look like?")
    page.get_by_role("link", name="Draw this").click(timeout=PATIENCE)
    expect(prompt(page)).to_have_value("What does a lighthouse look like?")
    prompt(page).fill("A lighthouse, in watercolours")
    page.reload()
    expect(prompt(page)).to_have_value("A lighthouse, in watercolours")
    draw_button(page).click()
    tiles(page).get_by_role("img").click(timeout=PATIENCE)
    page.get_by_role("link", name="What does a lighthouse look like?").last.click()
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))


@long_walk
def test_a_prompt_that_is_too_long_stays_in_the_box_with_the_reason(page_for: PageFor, axe: Axe) -> None:
    page = page_for("bob")
    page.goto("/images/")
    text = "lighthouse " * 400
    prompt(page).fill(text)
    draw_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="up to 4000 characters")).to_be_visible()
    expect(prompt(page)).to_have_value(text)
    axe(page)


@long_walk
def test_filters_and_search_leave_the_images_that_they_name(page_for: PageFor, server: Server) -> None:
    bob, alice = server.client("bob"), server.client("alice")
    for client, text in ((bob, "A green boat"), (bob, "A house"), (alice, "A white boat")):
        draw(client, text)
        drawn(server, text)
    approve(server, "A white boat")
    approve(server, "A house", "rejected")
    page = page_for("bob")
    page.goto("/images/")
    expect(tiles(page)).to_have_count(3)
    page.get_by_role("link", name="Approved").click()
    expect(tiles(page).get_by_role("img")).to_have_count(1)
    expect(page.get_by_role("img", name="A white boat")).to_be_visible()
    page.locator(".image-filters").get_by_role("link", name="All", exact=True).click()
    page.locator(".image-filters").get_by_role("link", name="Mine").click()
    expect(tiles(page)).to_have_count(2)
    page.get_by_role("searchbox", name="Search prompts").fill("boat")
    page.get_by_role("searchbox", name="Search prompts").press("Enter")
    expect(tiles(page)).to_have_count(1)
    expect(page.get_by_role("img", name="A green boat")).to_be_visible()
    page.get_by_role("searchbox", name="Search prompts").fill("submarine")
    page.get_by_role("searchbox", name="Search prompts").press("Enter")
    expect(page.get_by_text("No images match")).to_be_visible()


def test_a_rejected_image_leaves_open_pages_at_the_next_look(page_for: PageFor, server: Server) -> None:
    text = "A mountain"
    draw(server.client("alice"), text)
    [image] = drawn(server, text)
    approve(server, text)
    grid, one = page_for("bob"), page_for("bob")
    grid.goto("/images/")
    one.goto(f"/images/{image['id']}/")
    expect(grid.get_by_role("img", name=text)).to_be_visible()
    expect(one.get_by_role("img", name=text)).to_be_visible()
    approve(server, text, "rejected")
    for page in (grid, one):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # somebody comes back to the page
    expect(grid.get_by_role("img", name=text)).to_have_count(0)
    expect(one.get_by_text("no longer visible to you")).to_be_visible()
    expect(one.get_by_role("img", name=text)).to_have_count(0)
    expect(grid.locator(".toast")).to_have_count(0)


@long_walk
def test_an_open_grid_looks_by_itself(page_for: PageFor, server: Server) -> None:
    text = "A forest"
    draw(server.client("alice"), text)
    drawn(server, text)
    approve(server, text)
    page = page_for("bob")
    page.clock.install()
    page.goto("/images/")
    expect(page.get_by_role("img", name=text)).to_be_visible()
    approve(server, text, "rejected")
    page.clock.fast_forward(LOOKS_AGAIN)
    expect(page.get_by_role("img", name=text)).to_have_count(0)


def test_a_viewer_looks_at_what_is_approved_and_cannot_draw(page_for: PageFor, server: Server) -> None:
    for text in ("Seen", "Unseen"):
        draw(server.client("bob"), text)
        drawn(server, text)
    approve(server, "Seen")
    page = page_for("vera")
    page.goto("/images/")
    expect(tiles(page)).to_have_count(1)
    expect(prompt(page)).to_have_count(0)
    expect(page.get_by_text("To draw images, ask an owner")).to_be_visible()


def test_an_image_is_deleted_and_comes_back(page_for: PageFor, server: Server) -> None:
    draw(server.client("bob"), "A tree")
    [image] = drawn(server, "A tree")
    page = page_for("bob")
    page.goto(f"/images/{image['id']}/")
    page.get_by_role("button", name="Delete").click()
    expect(tiles(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("img", name="A tree")).to_be_visible()


@long_walk
def test_the_pages_pass_the_accessibility_check_and_fit_a_narrow_screen(
    page_for: PageFor, shared_server: Server, axe: Axe
) -> None:
    bob = shared_server.client("bob")
    for text in ("A moon over a lake", "A #demo:text_only", "Long " + "unbreakable" * 30, "Slow #demo:delay=55000"):
        draw(bob, text)
    [image] = drawn(shared_server, "A moon over a lake")[:1]
    drawn(shared_server, "A #demo:text_only")
    for width in (1280, 320):
        page = page_for("bob", width=width)
        for address in ("/images/", f"/images/{image['id']}/"):
            page.goto(address)
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.goto("/images/")
        page.locator(".draw-options summary").click()
        axe(page)


def test_without_scripts_one_asks_and_looks_again(page_for: PageFor, server: Server) -> None:
    page = page_for("bob", javascript=False)
    page.goto("/images/")
    prompt(page).fill("A garden #demo:delay=1500")
    draw_button(page).click()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    drawn(server, "A garden #demo:delay=1500")
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("img", name="A garden")).to_be_visible()
