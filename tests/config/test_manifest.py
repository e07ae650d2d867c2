"""Parley as an app on a phone or a desktop: the manifest, wherever Parley is."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.conftest import MakeServer
from tests.serving import Server


def manifest(client: httpx.Client, home: str) -> dict[str, Any]:
    """The manifest that the sign-in page names."""
    page = client.get(f"{home}accounts/login/").text
    assert f'<link rel="manifest" href="{home}manifest.webmanifest">' in page
    response = client.get(f"{home}manifest.webmanifest")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/manifest+json")
    found: dict[str, Any] = response.json()
    return found


def addresses(found: dict[str, Any]) -> list[str]:
    """Every address in the manifest."""
    return [
        found["id"],
        found["start_url"],
        found["scope"],
        found["share_target"]["action"],
        *(icon["src"] for icon in found["icons"]),
        *(shortcut["url"] for shortcut in found["shortcuts"]),
    ]


@pytest.mark.parametrize("path", ["/", "/parley/"])
def test_it_leads_to_nothing_but_this_parley(make_server: MakeServer, path: str) -> None:
    server = make_server(env={"SITE_URL": f"http://127.0.0.1{path}"})
    found = manifest(server.client(None), path)

    assert all(address.startswith(path) for address in addresses(found))
    assert found["display"] == "standalone"
    assert found["share_target"] == {
        "action": path,
        "method": "GET",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    for address in addresses(found):
        assert server.client("bob").get(address).status_code == 200, address


def test_its_icons_are_as_large_as_it_says(shared_server: Server) -> None:
    client = shared_server.client(None)
    found = manifest(client, "/")

    drawn = [icon for icon in found["icons"] if icon["type"] == "image/png"]
    assert {"maskable"} <= {icon.get("purpose") for icon in drawn}
    for icon in drawn:
        picture = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert picture.format == "PNG"


def test_it_speaks_the_readers_language(shared_server: Server) -> None:
    headers = {"Accept-Language": "ar"}
    found = shared_server.client(None).get("/manifest.webmanifest", headers=headers).json()

    assert (found["lang"], found["dir"]) == ("ar", "rtl")


def test_nothing_works_behind_the_pages(shared_server: Server) -> None:
    """A service worker could show what is no longer so, or no longer theirs to see."""
    page = shared_server.client("bob").get("/").text

    assert "serviceWorker" not in page
    assert shared_server.client("bob").get("/service-worker.js").status_code == 404
