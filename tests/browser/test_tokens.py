"""Access tokens in the browser: made, shown once, copied, revoked, on a narrow screen and a wide one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clipboard import copied
from tests.browser.conftest import PageFor
from tests.serving import Server
from tests.walks import widths


@pytest.mark.parametrize("width", widths(360, 1280))
def test_a_token_is_made_copied_and_revoked(
    width: int, server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice", width=width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/accounts/me/")
    page.get_by_role("link", name="Manage access tokens").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Laptop")
    page.get_by_label("Read and search what you can read").check()
    axe(page)
    page.get_by_role("button", name="Create token").click()

    secret = page.locator("#token-secret").inner_text()
    assert secret.startswith("parley_")
    assert copied(page, page.get_by_role("button", name="Copy token").click)["text/plain"] == secret
    axe(page)
    page.get_by_role("link", name="Back to the access tokens").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("button", name="Revoke Laptop").click()
    expect(page.get_by_text("The access token has been revoked.")).to_be_visible()
    expect(page.get_by_text("No tokens yet.")).to_be_visible()
    page.goto("/team/tokens/")
    axe(page)
