"""Attaching by choosing, pasting and dropping; what teammates see; what is refused in words."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from files import limits
from tests.browser.conftest import PageFor
from tests.browser.steps import (
    answer,
    answers,
    ask_button,
    ask_from_home,
    asked,
    choose_model,
    composer,
    scrolls_sideways,
    wait_for,
)
from tests.files.samples import PDF, drawn, encoded
from tests.serving import Server
from tests.walks import long_walk, widths

PICTURE = encoded(drawn(size=(300, 200)), "PNG")
IN_CONVERSATION = re.compile(r"/c/[0-9a-f-]{36}/$")
QUESTION = "How does a picture become a set?"


def choose(page: Page, *files: tuple[str, bytes] | Path) -> None:
    """Press the button and choose the files."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files", exact=True).click()
    if isinstance(files[0], Path):
        chooser.value.set_files([file for file in files if isinstance(file, Path)])
        return
    kinds = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
    chooser.value.set_files(
        [
            {"name": name, "mimeType": kinds.get(name.rpartition(".")[2], ""), "buffer": content}
            for name, content in (file for file in files if isinstance(file, tuple))
        ]
    )


def give(page: Page, event: str, target: str, *files: tuple[str, bytes], text: str = "") -> bool:
    """Paste or drop files as a browser does: with a real DataTransfer. Whether the page took it upon itself."""
    prevented: bool = page.evaluate(
        """([kind, target, files, text]) => {
            const data = new DataTransfer();
            for (const [name, type, content] of files) {
                const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
                data.items.add(new File([bytes], name, {type}));
            }
            if (text) data.setData("text/plain", text);
            const init = {bubbles: true, cancelable: true};
            const event = kind === "paste"
                ? new ClipboardEvent(kind, {...init, clipboardData: data})
                : new DragEvent(kind, {...init, dataTransfer: data});
            return !document.querySelector(target).dispatchEvent(event);
        }""",
        [event, target, [[name, "image/png", base64.b64encode(content).decode()] for name, content in files], text],
    )
    return prevented


def tiles(page: Page) -> Locator:
    return page.get_by_role("list", name="Attachments").locator(".tile")


def attached(page: Page) -> Locator:
    return page.locator(".tile[data-attached]")


def is_drawn(picture: Locator) -> bool:
    return bool(picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth > 0; }"))


def send(page: Page, text: str = QUESTION) -> Locator:
    composer(page).fill(text)
    ask_button(page).click()
    page.wait_for_url(IN_CONVERSATION)
    return answer(page)


def test_chosen_files_become_tiles_and_go_with_the_question(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE), ("report.pdf", PDF))
    expect(attached(page)).to_have_count(2)
    expect(tiles(page).first).to_contain_text("light.png")
    expect(tiles(page).first).to_contain_text("300 × 200")
    assert is_drawn(tiles(page).first.locator("img"))

    article = send(page)
    wait_for(article, "finished")

    expect(article).to_contain_text("1 were sent (300 × 200)")
    expect(article).to_contain_text("1 were sent (report.pdf)")
    expect(page.locator("form#composer .tile")).to_have_count(0)
    shown = page.locator(".question").get_by_role("list", name="Attachments")
    assert is_drawn(shown.get_by_role("img", name="light.png"))
    expect(shown.get_by_role("link", name="report.pdf")).to_be_visible()


def test_a_teammate_sees_the_pictures_and_opens_them_large(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    send(page)

    theirs = page_for("vera")
    theirs.goto(page.url)
    shown = theirs.locator(".question").get_by_role("link", name="light.png")
    assert is_drawn(shown.get_by_role("img"))
    with theirs.context.expect_page() as opened:
        shown.click()
    large = opened.value
    assert large.evaluate("document.images[0].naturalWidth") == 300


@long_walk
def test_a_pasted_picture_is_attached_and_pasted_words_stay_words(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")

    assert give(page, "paste", "#question", ("image.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    assert not give(page, "paste", "#question", ("image.png", PICTURE), text="A table with a picture of itself")
    assert give(page, "paste", "#question", ("copied.png", PICTURE), text="copied.png")

    expect(attached(page)).to_have_count(2)


def test_files_are_dropped_anywhere_on_the_page_where_it_says_so(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    zone = page.get_by_text("Drop images or documents to attach them")
    expect(zone).to_be_hidden()

    assert give(page, "dragover", "h1", ("one.png", PICTURE))
    expect(zone).to_be_visible()
    give(page, "dragleave", "body", ("one.png", PICTURE))
    expect(zone).to_be_hidden()
    give(page, "dragover", "h1", ("one.png", PICTURE))
    assert give(page, "drop", "h1", ("one.png", PICTURE), ("two.png", PICTURE))

    expect(zone).to_be_hidden()
    expect(attached(page)).to_have_count(2)


def test_dragged_words_are_left_to_the_browser(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    assert not give(page, "dragover", "#question", text="words")
    expect(page.get_by_text("Drop images or documents to attach them")).to_be_hidden()


def test_a_removed_picture_does_not_go(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("one.png", PICTURE), ("two.png", PICTURE))
    expect(attached(page)).to_have_count(2)

    with page.expect_response("**/remove/"):
        page.get_by_role("button", name="Remove one.png").click()
    expect(page.get_by_role("button", name="Remove two.png")).to_be_focused()
    send(page)

    expect(page.locator(".question img")).to_have_count(1)
    assert server.rows("SELECT name FROM chat_attachment") == [("two.png",)]


def test_attachments_come_back_after_a_reload(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    composer(page).fill("What is this?")
    choose(page, ("light.png", PICTURE), ("report.pdf", PDF))
    expect(attached(page)).to_have_count(2)

    page.reload()

    expect(attached(page)).to_have_count(2)
    expect(composer(page)).to_have_value("What is this?")
    page.get_by_role("button", name="Remove report.pdf").click()
    page.reload()
    expect(attached(page)).to_have_count(1)
    wait_for(send(page), "finished")
    page.goto("/")
    expect(page.locator("form#composer .tile")).to_have_count(0)


def test_attachments_survive_a_send_that_fails(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    page.route("**/ask/", lambda route: route.abort())
    composer(page).fill(QUESTION)
    ask_button(page).click()
    expect(page.locator(".composer-problem")).not_to_be_empty()
    page.unroute("**/ask/")

    page.reload()
    expect(attached(page)).to_have_count(1)
    ask_button(page).click()

    page.wait_for_url(IN_CONVERSATION)
    expect(page.locator(".question img")).to_have_count(1)


def test_the_question_waits_for_its_uploads(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/attachments/", hold)
    choose(page, ("light.png", PICTURE))
    expect(page.get_by_role("progressbar", name="Uploading light.png")).to_be_attached()
    composer(page).fill(QUESTION)
    ask_button(page).click()
    expect(page.get_by_text("Your question will be sent when the uploads finish.")).to_be_visible()
    assert not IN_CONVERSATION.search(page.url)

    held[0].continue_()

    page.wait_for_url(IN_CONVERSATION)
    expect(page.locator(".question img")).to_have_count(1)


@long_walk
def test_an_upload_can_be_called_off(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/attachments/", lambda route: None)
    choose(page, ("light.png", PICTURE))
    page.get_by_role("button", name="Remove light.png").click()
    expect(page.locator(".tile")).to_have_count(0)
    page.unroute("**/attachments/")
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)


def test_an_upload_that_failed_is_tried_again_by_a_button(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/attachments/", lambda route: route.abort())
    choose(page, ("light.png", PICTURE))
    expect(tiles(page)).to_contain_text("Parley can’t be reached.")
    composer(page).fill(QUESTION)
    ask_button(page).click()
    expect(page.locator(".composer-problem")).to_contain_text("Your question wasn’t sent")
    page.unroute("**/attachments/")

    page.get_by_role("button", name="Try again").click()

    expect(attached(page)).to_have_count(1)
    send(page)


def test_what_is_no_picture_is_refused_in_words_and_the_others_stay(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE), ("fake.png", b"<svg onload=alert(1)>"), ("run.exe", b"MZ"), ("empty.png", b""))
    expect(attached(page)).to_have_count(1)
    expect(tiles(page).nth(1)).to_contain_text("but it isn’t one")
    expect(tiles(page).nth(2)).to_contain_text("neither an image")
    expect(tiles(page).nth(3)).to_contain_text("empty")

    composer(page).fill(QUESTION)
    ask_button(page).click()
    expect(page.locator(".composer-problem")).to_contain_text("a file isn’t attached yet")
    page.get_by_role("button", name="Remove fake.png").click()
    page.get_by_role("button", name="Ask without it").click()

    expect(page.locator(".question img")).to_have_count(1)
    wait_for(answer(page), "finished")
    expect(tiles(page)).to_have_count(0)


@long_walk
def test_a_picture_that_is_too_large_is_offered_smaller(page_for: PageFor, server: Server, tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    picture = encoded(drawn(size=(3000, 1500)), "JPEG")
    large.write_bytes(picture + bytes(limits.MOST_PICTURE_BYTES + 1 - len(picture)))
    page = page_for("alice")
    page.goto("/")
    choose(page, large)
    expect(tiles(page)).to_contain_text("This image is 20.0 MB.")

    page.get_by_role("button", name="Attach a smaller copy").click()

    expect(attached(page)).to_have_count(1)
    expect(tiles(page)).to_contain_text("2048 × 1024")


@long_walk
def test_an_eleventh_attachment_is_one_too_many(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, *[(f"{number}.png", PICTURE) for number in range(11)])
    expect(attached(page)).to_have_count(10)
    expect(tiles(page).nth(10)).to_contain_text("A question can have up to 10 attachments.")


@long_walk
def test_deep_research_refuses_pictures_before_anything_is_sent(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    choose_model(page, "Sonar Deep Research")
    notes = page.locator("#option-chips")
    expect(notes).to_contain_text("doesn’t accept images")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/ask/") else None)
    composer(page).fill(QUESTION)
    ask_button(page).click()
    expect(page.locator(".composer-problem")).to_contain_text("doesn’t accept images")
    assert not sent

    choose_model(page, "Sonar Pro")
    expect(notes).not_to_contain_text("doesn’t accept images")
    wait_for(send(page), "finished")


def test_a_regular_expression_and_a_picture_are_refused_and_both_stay(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    page.goto("/")
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    page.locator("#options > summary").click()
    page.locator('[name="o.response_format"][value="regex"]').check()
    page.get_by_role("textbox", name="Regular expression").fill("[a-z]+")
    page.keyboard.press("Escape")
    expect(page.locator("#option-chips")).to_contain_text("Images cannot be combined with a regular expression")
    composer(page).fill(QUESTION)
    ask_button(page).click()

    expect(page.locator(".composer-problem")).to_contain_text("Images cannot be combined")
    expect(attached(page)).to_have_count(1)
    expect(composer(page)).to_have_value(QUESTION)
    assert server.rows("SELECT count(*) FROM chat_question") == [(0,)]


@long_walk
def test_a_follow_up_has_attachments_of_its_own(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, QUESTION), "finished")
    choose(page, ("buoy.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    composer(page).fill("And what is this?")
    ask_button(page).click()
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")
    expect(page.locator(".question img")).to_have_count(1)
    assert asked(page, answer(page))


def test_without_javascript_files_come_with_the_form(page_for: PageFor, server: Server, tmp_path: Path) -> None:
    picture, fake = tmp_path / "light.png", tmp_path / "fake.png"
    picture.write_bytes(PICTURE)
    fake.write_bytes(b"<svg/>")
    page = page_for("alice", javascript=False)
    page.goto("/")
    composer(page).fill(QUESTION)
    page.get_by_label("Attach images or documents").set_input_files([picture, fake])
    ask_button(page).click()
    expect(page.locator(".composer-problem")).to_contain_text("fake.png: This file is named like an image")
    expect(page.get_by_role("checkbox", name="Send light.png")).to_be_checked()
    ask_button(page).click()

    page.wait_for_url(re.compile(r"/c/"))
    assert page.locator(".question img").count() == 1


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_tiles_and_pictures_are_accessible_and_fit(
    width: int, page_for: PageFor, axe: Callable[[Page], None], server: Server
) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    long = "a-very-long-name-that-has-no-place-to-break-" * 2
    choose(page, (f"{long}.png", PICTURE), (f"{long}.pdf", PDF), ("fake.png", b"<svg/>"))
    expect(attached(page)).to_have_count(2)
    expect(page.locator(".tile.refused .tile-note")).to_be_visible()
    axe(page)
    assert scrolls_sideways(page) == []
    page.get_by_role("button", name="Remove fake.png").click()
    wait_for(send(page), "finished")
    axe(page)
    assert scrolls_sideways(page) == []
