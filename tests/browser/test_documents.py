"""Documents as people see them: what they are, what is odd about them, and how they went along."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways, wait_for
from tests.browser.test_attachments import attached, choose, send, tiles
from tests.files import papers
from tests.files.samples import PDF, pdf
from tests.serving import Server
from tests.walks import long_walk, widths


@long_walk
@pytest.mark.parametrize("width", widths(320, 1280))
def test_documents_tell_their_pages_and_what_is_odd_about_them(
    page_for: PageFor,
    server: Server,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = page_for("alice", width=width)
    page.goto("/")
    choose(
        page,
        ("report.pdf", pdf("One", "Two")),
        ("scan.pdf", pdf("")),
        ("table.xlsx", papers.sheets(Lamps=[["Varn", 1871]])),
        ("secret.pdf", papers.encrypted(PDF, user="lamp")),
    )
    expect(attached(page)).to_have_count(3)
    expect(tiles(page).nth(0)).to_contain_text("PDF, 2 pages")
    expect(tiles(page).nth(1).get_by_role("alert")).to_contain_text("This document has no text, only images.")
    expect(tiles(page).nth(2)).to_contain_text("XLSX, 1 sheet")
    expect(tiles(page).nth(3)).to_contain_text("password-protected")
    assert not scrolls_sideways(page)
    axe(page)

    page.get_by_role("button", name="Remove secret.pdf").click()
    article = send(page)
    wait_for(article, "finished")

    article.locator("summary", has_text="Sonar").last.click()
    expect(article.locator(".document-sent")).to_have_text(
        ["report.pdf: the whole file", "scan.pdf: the whole file", "table.xlsx: all of its text"]
    )
    assert not scrolls_sideways(page)
    axe(page)
