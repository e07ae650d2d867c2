"""Pictures and videos of an answer in the browser, which asks nobody but us for them (`conftest.py` watches that)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import answer, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk, widths
from upstream.demo import drawing as demo

QUESTION = "How do context managers work?"
NOWHERE = "https://nowhere.example/picture.png"
BROKEN = "(one) => one.complete && one.naturalWidth === 0"


def drawing(number: int, **more: Any) -> dict[str, Any]:
    size = demo.SIZES[number % len(demo.SIZES)]
    url = demo.address("A light", number, size=size, form=demo.FORMATS[number % len(demo.FORMATS)])
    item = {"image_url": url, "origin_url": f"https://lights.example/{number}", "title": f"Light number {number}"}
    return item | {"width": size[0], "height": size[1]} | more


def film(number: int, **more: Any) -> dict[str, Any]:
    url = demo.address("A film", number, size=(480, 360), form="jpeg")
    return {"url": f"https://films.example/{number}", "thumbnail_url": url, "duration": 60.0 * number + 5} | more


def answered(server: Server, *, images: list[dict[str, Any]], videos: list[dict[str, Any]] | None = None) -> str:
    """The address of a conversation that has an answer with these pictures and videos."""
    text, media = "They close what they open. " * 20, {"images": images, "videos": videos or []}
    talk: Talk = {"owner": "alice", "exchanges": [{"question": QUESTION, "answers": [{"text": text, "media": media}]}]}
    return f"/c/{fill(server.store, [talk])[0]}/"


def pictures(page: Page) -> Locator:
    return page.get_by_role("list", name="Images", exact=True).get_by_role("link").and_(page.locator("[data-picture]"))


def expect_loaded(images: Locator) -> None:
    """Every image is there, as itself or as its placeholder."""
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert not image.evaluate(BROKEN), image.get_attribute("src")


def test_asking_for_pictures_and_videos_shows_them(page_for: PageFor, shared_server: Server) -> None:
    client = shared_server.client("alice")
    wish = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4()), "o.return_images": "on", "o.num_images": "3"}
    response = client.post("/ask/", data=wish | {"o.media_response.overrides.return_videos": "on"})
    page = page_for("alice")
    page.goto(response.headers["location"])
    wait_for(answer(page), "finished")

    expect(pictures(page)).to_have_count(3)
    expect(page.get_by_role("list", name="Videos", exact=True).get_by_role("link")).to_have_count(2)
    expect_loaded(answer(page).locator(".media img"))


@long_walk
def test_pictures_come_while_the_answer_is_written_and_stay_as_they_are(page_for: PageFor, server: Server) -> None:
    client = server.client("alice")
    wish = {"text": f"{QUESTION} #demo:slow=150", "model": "sonar", "key": str(uuid.uuid4()), "o.return_images": "on"}
    response = client.post("/ask/", data=wish)
    page = page_for("alice")
    page.goto(response.headers["location"])

    expect(pictures(page).first).to_be_visible()
    expect(answer(page)).to_have_attribute("data-state", "writing")
    page.evaluate("document.querySelector('[data-picture] img').seen = true")
    wait_for(answer(page), "finished")
    expect(page.locator("[data-picture] img").first).to_have_js_property("seen", True)


def test_a_picture_is_looked_at_by_keyboard(page_for: PageFor, shared_server: Server) -> None:
    address = answered(shared_server, images=[drawing(number) for number in range(3)])
    page = page_for("alice")
    page.goto(address)
    dialog = page.get_by_role("dialog", name="Image")

    pictures(page).nth(0).focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("img", name="Light number 0")).to_have_js_property("complete", True)
    expect(dialog.get_by_role("link", name="lights.example")).to_have_attribute("href", "https://lights.example/0")
    expect(dialog.get_by_role("button", name="Previous image")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("img", name="Light number 2")).to_be_visible()
    expect(dialog.get_by_role("button", name="Next image")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(pictures(page).nth(2)).to_be_focused()


@long_walk
def test_a_picture_is_looked_at_with_the_pointer(page_for: PageFor, shared_server: Server) -> None:
    address = answered(shared_server, images=[drawing(number) for number in range(2)])
    page = page_for("alice")
    page.goto(address)
    dialog = page.get_by_role("dialog", name="Image")

    pictures(page).nth(0).click()
    dialog.get_by_role("button", name="Next image").click()
    expect(dialog.get_by_role("img", name="Light number 1")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    pictures(page).nth(0).click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


@long_walk
def test_without_scripts_the_link_opens_the_picture(page_for: PageFor, shared_server: Server) -> None:
    address = answered(shared_server, images=[drawing(1)])
    page = page_for("alice", javascript=False)
    page.goto(address)
    expect_loaded(page.locator("[data-picture] img"))
    with page.expect_navigation() as opened:
        pictures(page).first.click()
    assert opened.value.status == 200
    assert opened.value.headers["content-type"] == "image/webp"


@long_walk
def test_more_than_six_wait_behind_a_line(page_for: PageFor, shared_server: Server) -> None:
    images, videos = [drawing(number) for number in range(9)], [film(number) for number in range(7)]
    address = answered(shared_server, images=images, videos=videos)
    page = page_for("alice")
    page.goto(address)

    expect(pictures(page)).to_have_count(6)
    more = page.get_by_role("list", name="More images")
    expect(more).to_be_hidden()
    page.get_by_text("3 more images").click()
    expect(more.get_by_role("img")).to_have_count(3)
    expect_loaded(more.get_by_role("img"))
    page.get_by_text("Fewer images").click()
    expect(more).to_be_hidden()
    page.get_by_text("1 more video").click()
    expect(page.get_by_role("list", name="More videos").get_by_role("link")).to_have_count(1)


@long_walk
def test_a_video_says_how_long_it_is_and_opens_where_it_is(page_for: PageFor, shared_server: Server) -> None:
    videos = [
        film(3, title="How lamps turn"),
        {"url": "https://films.example/bare"},
        film(1, url="javascript:alert(1)"),
    ]
    address = answered(shared_server, images=[], videos=videos)
    page = page_for("alice")
    page.goto(address)

    films = page.get_by_role("list", name="Videos", exact=True)
    first = films.get_by_role("link", name="How lamps turn")
    expect(first).to_have_attribute("href", "https://films.example/3")
    expect(first).to_have_attribute("rel", "noopener noreferrer")
    expect(first).to_have_attribute("target", "_blank")
    expect(first).to_contain_text("3:05")
    expect(films.get_by_role("link", name="Video on films.example")).to_be_visible()
    expect(films.get_by_role("link")).to_have_count(2)
    expect(films.get_by_role("listitem")).to_have_count(3)


def test_what_cannot_be_had_shows_no_broken_icon(page_for: PageFor, shared_server: Server) -> None:
    inside = f"http://127.0.0.1:{shared_server.port}/static/img/favicon.svg"
    images = [drawing(1), drawing(2, image_url=NOWHERE), drawing(3, image_url=inside)]
    address = answered(shared_server, images=images, videos=[film(1, thumbnail_url=NOWHERE)])
    page = page_for("alice")
    page.goto(address)

    expect(pictures(page)).to_have_count(3)
    expect_loaded(answer(page).locator(".media img"))
    pictures(page).nth(1).click()
    expect(page.get_by_role("dialog", name="Image").get_by_role("img", name="Light number 2")).to_be_visible()


def test_what_strangers_write_about_pictures_stays_text(page_for: PageFor, shared_server: Server) -> None:
    title = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'"
    images = [drawing(1, title=title, origin_url='https://a.example/"onmouseover=alert(1)'), drawing(2, width=10**9)]
    address = answered(shared_server, images=images, videos=[film(1, title=title, url="https://v.example/<script>")])
    page = page_for("alice")
    page.goto(address)

    expect(pictures(page).nth(0).get_by_role("img", name=title)).to_be_visible()
    pictures(page).nth(0).click()
    expect(page.get_by_role("dialog", name="Image")).to_contain_text(title)
    expect(answer(page).locator(".media img")).to_have_count(3)


@long_walk
def test_nothing_moves_when_pictures_come(page_for: PageFor, shared_server: Server) -> None:
    address = answered(shared_server, images=[drawing(number, width=30, height=9000) for number in range(4)])
    page = page_for("alice")
    page.route("**/media/**", lambda route: route.abort())
    page.goto(address)
    before = answer(page).locator(".prose").bounding_box()
    page.unroute("**/media/**")
    page.reload()
    expect_loaded(answer(page).locator(".media img"))
    assert answer(page).locator(".prose").bounding_box() == before


@pytest.fixture(scope="module")
def wide(shared_server: Server) -> str:
    """The address of a conversation with many pictures and long titles."""
    images, videos = [drawing(number) for number in range(8)], [film(1, title="A long title " * 9), film(2)]
    return answered(shared_server, images=images, videos=videos)


@long_walk
@pytest.mark.parametrize("width", widths(320, 800, 1280))
def test_pictures_are_accessible_and_fit_every_screen(
    page_for: PageFor, wide: str, axe: Callable[[Page], None], width: int
) -> None:
    page = page_for("alice", width=width)
    page.goto(wide)
    page.get_by_text("2 more images").click()
    expect_loaded(answer(page).locator(".media img"))
    assert scrolls_sideways(page) == []
    axe(page)
    pictures(page).first.click()
    expect(page.get_by_role("dialog", name="Image")).to_be_visible()
    assert scrolls_sideways(page) == []
    axe(page)
