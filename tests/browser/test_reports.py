"""Reports: an answer put into one, edited, looked at before it is saved, taken out; nothing typed is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.library import SOURCES
from tests.browser.steps import answer, scrolls_sideways
from tests.serving import Server
from tests.walks import long_walk

TALK: Talk = {
    "owner": "alice",
    "title": "How keepers live",
    "exchanges": [
        {
            "question": "How often does a keeper climb?",
            "answers": [{"text": "## Twice\n\nTwice a night [1], and writes a log [2].", "sources": SOURCES}],
        }
    ],
}


def test_an_answer_becomes_a_report_that_is_edited_and_loses_nothing(
    shared_server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    [conversation] = fill(shared_server.store, [TALK])
    page = page_for("alice")
    page.goto(f"/c/{conversation}/")
    answer(page).get_by_role("link", name="Add to report…").click()
    page.get_by_role("textbox", name="Title", exact=True).fill("Keepers")
    axe(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="How often does a keeper climb?")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Edit", exact=True).click()
    field = page.get_by_role("textbox", name="Text", exact=True)
    text = field.input_value()
    field.fill(f"{text}\nMore of it [7].")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#report-preview")
    expect(preview.get_by_text("1 citation leads to no source of this report.")).to_be_visible()
    axe(page)

    page.reload()  # what was typed is still there
    expect(field).to_have_value(f"{text}\nMore of it [7].")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("More of it")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("#report-draft")).to_be_hidden()
    page.go_back()

    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert download.value.suggested_filename == "Keepers.md"


@long_walk
def test_reports_fit_on_a_phone(shared_server: Server, page_for: PageFor, axe: Callable[[Page], None]) -> None:
    [conversation] = fill(shared_server.store, [TALK])
    phone = page_for("alice", width=360, touch=True, scheme="dark")
    phone.goto(f"/c/{conversation}/")
    answer(phone).get_by_role("link", name="Add to report…").click()
    phone.get_by_role("textbox", name="Title", exact=True).fill("Keepers on a phone")
    phone.get_by_role("button", name="Add", exact=True).click()
    for step in ("", "Edit", "Versions"):
        if step:
            phone.get_by_role("link", name=step, exact=True).click()
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        assert scrolls_sideways(phone) == []
        axe(phone)
        if step == "Edit":
            phone.get_by_role("link", name="Cancel").click()
