"""Access tokens made on the page, as people do; without Django."""

import re

import httpx


def token_on_page(client: httpx.Client, *scopes: str) -> str:
    """The secret of a token that a signed-in person makes."""
    page = client.post("/account/tokens/", data={"name": "Laptop", "scopes": list(scopes), "expiry": "30"})
    found = re.search(r'id="token-secret">(parley_[\w-]+)<', page.text)
    assert found, (page.status_code, page.text[-3000:])
    return found[1]
