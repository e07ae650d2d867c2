import pytest
from tests.browser.conftest import PageFor
from tests.browser.filling import fill
from tests.browser.test_line_breaks import TALK
from tests.serving import Server

@pytest.mark.parametrize("width", [1280, 360])
def test_shot(page_for: PageFor, shared_server: Server, width: int) -> None:
    page = page_for("alice", width=width)
    page.goto(f"/c/{fill(shared_server.store, [TALK])[0]}/")
    page.locator("details summary", has_text="More of it").click()
    page.locator(".answer .prose").screenshot(path=f"/tmp/specs/shot-{width}.png")
    page.emulate_media(media="print")
    page.locator(".answer .prose").screenshot(path=f"/tmp/specs/shot-print-{width}.png")
