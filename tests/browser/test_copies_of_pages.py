"""A kept copy of a page, as people read it: the passage is in sight, on a phone, in the dark, without scripts."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import PageFor
from tests.serving import Server
from tests.writing import written

ADDRESS = "https://harbour.aldmere.example/reports/2025/high-water-and-low-water-at-the-quay-of-aldmere?page=2"
CITED = "The highest tide at Aldmere was 6.42 metres, on 29 September 2025."
BEFORE = "\n".join(f"On day {day} the gauge at the quay of Aldmere was read every six minutes." for day in range(60))
COPY: dict[str, Any] = {"asked": ADDRESS, "title": "Tides at Aldmere", "language": "en", "published": "2026-01-20"}


def test_a_copy_of_a_page_is_read_where_it_is_cited(
    shared_server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    old, new, gone = written(
        shared_server.store,
        "tests.browser.copying_pages",
        [
            {**COPY, "parts": [f"# Tides at Aldmere\n{BEFORE}\n{CITED}\n{BEFORE}"]},
            {**COPY, "parts": [f"# Tides\n{CITED}"], "newer": {"kind": "newer", "words": "Latest version: v3"}},
            {"asked": ADDRESS, "parts": [], "problem": "not_found", "status": 404},
        ],
    )
    for width, scheme in ((1280, "light"), (320, "dark")):
        page = page_for("vera", width=width, scheme=scheme)
        page.goto(f"/sources/copies/{old}/?q={CITED}#cited")
        page.get_by_role("heading", name="Tides at Aldmere", level=1).wait_for()
        box = page.locator("mark.cited").bounding_box()
        height = page.viewport_size["height"] if page.viewport_size else 0
        assert box
        assert 0 <= box["y"] < height
        assert page.locator("mark.cited").inner_text() == CITED
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.get_by_text("3 copies of this page").click()
        axe(page)
    page.get_by_role("link", name="Open the page").wait_for()
    page.goto(f"/sources/copies/{gone}/")
    page.get_by_text("The page is gone").wait_for()
    axe(page)
    page.get_by_role("link", name="Open the last copy that has text").click()
    page.wait_for_url(f"**/sources/copies/{new}/")
    page.get_by_text("there is a newer version of this publication").wait_for()
    axe(page)
