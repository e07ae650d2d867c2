"""Who asks, by what proxies say: believed from those that are trusted, and from nobody else."""

import ipaddress
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import env
from config.checks.proxies import check_proxies
from config.middleware.forwarded import Forwarded, client_address
from config.middleware.request_bodies import Receive, Scope, Send

HERE = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1")]
CHAIN = [ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("2001:db8:1::/48")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        # Nobody stands in front, or somebody who is no proxy of ours
        ("198.51.100.7", "", HERE, "198.51.100.7"),
        ("198.51.100.7", "192.0.2.1", HERE, "198.51.100.7"),
        ("127.0.0.1", "", HERE, "127.0.0.1"),
        # One proxy
        ("127.0.0.1", "198.51.100.7", HERE, "198.51.100.7"),
        ("::1", "2001:db8::7", HERE, "2001:db8::7"),
        ("", "198.51.100.7", HERE, "198.51.100.7"),
        ("127.0.0.1", "192.0.2.1, 198.51.100.7", HERE, "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1, 198.51.100.7", HERE, "198.51.100.7"),
        ("127.0.0.1", "192.0.2.1,,198.51.100.7 ,", HERE, "198.51.100.7"),
        # Several in a row
        ("10.0.0.2", "192.0.2.1, 198.51.100.7, 10.0.0.3", CHAIN, "198.51.100.7"),
        ("10.0.0.2", "10.0.0.9, 10.0.0.3", CHAIN, "10.0.0.9"),
        ("10.0.0.2", "198.51.100.7, 2001:db8:1::5", CHAIN, "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", CHAIN, "127.0.0.1"),
        # As some write addresses
        ("::ffff:127.0.0.1", "198.51.100.7", HERE, "198.51.100.7"),
        ("127.0.0.1", "::ffff:198.51.100.7", HERE, "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7:4711", HERE, "198.51.100.7"),
        ("127.0.0.1", "[2001:db8::7]:4711", HERE, "2001:db8::7"),
        ("127.0.0.1", "[2001:db8::7]", HERE, "2001:db8::7"),
        # What is no address ends the way back
        ("127.0.0.1", "unknown", HERE, "127.0.0.1"),
        ("10.0.0.2", "192.0.2.1, unknown, 10.0.0.3", CHAIN, "10.0.0.3"),
        ("127.0.0.1", "192.0.2.1, 1.2.3.4.5", HERE, "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1, ٣.3.3.3", HERE, "127.0.0.1"),
        ("", "", HERE, ""),
    ],
)
def test_the_last_address_that_is_no_proxys_is_the_clients(
    peer: str, forwarded: str, trusted: list[Any], client: str
) -> None:
    assert client_address(peer, forwarded, trusted) == client


class Heard:
    """An application that keeps what it is asked."""

    scope: Scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope


async def heard(
    peer: str | None, headers: Mapping[str, str], *, path: str = "/", prefix: str = "/", trusted: Any = HERE
) -> Scope:
    app = Heard()
    scope: Scope = {
        "type": "http",
        "scheme": "http",
        "path": path,
        "client": (peer, 4711) if peer else None,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }

    async def nothing(*_: Any) -> Any:
        raise AssertionError("nothing is read or sent")

    await Forwarded(app, trusted=trusted, prefix=prefix)(scope, nothing, nothing)
    return app.scope


@pytest.mark.parametrize(("peer", "scheme"), [("127.0.0.1", "https"), (None, "https"), ("198.51.100.7", "http")])
async def test_https_is_believed_from_a_trusted_proxy_alone(peer: str | None, scheme: str) -> None:
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "x", "Accept": "*/*"}

    scope = await heard(peer, claims)

    assert scope["scheme"] == scheme
    assert scope["client"][0] == ("192.0.2.1" if scheme == "https" else peer)
    assert scope["headers"] == [(b"accept", b"*/*")]


@pytest.mark.parametrize("said", ["http", "", "httpsx", "wss"])
async def test_another_scheme_is_no_https(said: str) -> None:
    assert (await heard("127.0.0.1", {"X-Forwarded-Proto": said}))["scheme"] == "http"


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/parley/c/1/", "/c/1/"),
        ("/c/1/", "/c/1/"),
        ("/parley/", "/"),
        ("/parley", ""),
        ("/", "/"),
        ("/parleys/", "/parleys/"),
        ("/healthz", "/healthz"),
        ("/parley/parley/", "/parley/"),
    ],
)
async def test_a_path_is_the_same_whether_a_proxy_cuts_the_prefix_off_or_not(path: str, own: str) -> None:
    assert (await heard("127.0.0.1", {}, path=path, prefix="/parley/"))["path"] == own
    assert (await heard("127.0.0.1", {}, path=path))["path"] == path


# --- Settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://parley.example", "https://parley.example", "/"),
        ("https://example.org/parley", "https://example.org", "/parley/"),
        ("https://example.org/a/b/", "https://example.org", "/a/b/"),
        ("http://[::1]:8000", "http://[::1]:8000", "/"),
        ("parley.example", "parley.example", "/"),
    ],
)
def test_an_address_has_an_origin_and_a_path(url: str, origin: str, path: str) -> None:
    assert env.split_site(url) == (origin, path)


def test_networks_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.7, 172.18.0.0/16,2001:db8::/32")

    found = env.networks("TRUSTED_PROXIES", "127.0.0.1")

    assert [str(network) for network in found] == ["10.0.0.7/32", "172.18.0.0/16", "2001:db8::/32"]


@pytest.mark.parametrize("wrong", ["nginx", "10.0.0.7/8", "10.0.0", "*", "10.0.0.0/33", "10.0.0.1:80"])
def test_what_is_no_network_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", f"10.0.0.7, {wrong}")

    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES must be addresses and networks such as"):
        env.networks("TRUSTED_PROXIES", "127.0.0.1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"SITE_PATH": "/parley/"}, []),
        ({"SITE_PATH": "/tools/parley-2.0/"}, []),
        ({"SITE_PATH": "/tools/images/"}, []),
        ({"SITE_PATH": "/a b/"}, ["parley.E070"]),
        ({"SITE_PATH": "/a//b/"}, ["parley.E070"]),
        ({"SITE_PATH": "/a/../b/"}, ["parley.E070"]),
        ({"SITE_PATH": "/<int:pk>/"}, ["parley.E070"]),
        ({"SITE_PATH": "/images/"}, ["parley.E071"]),
        ({"SITE_PATH": "/c/d/"}, ["parley.E071"]),
        ({"SITE_PATH": "/static/"}, ["parley.E071"]),
        ({"SITE_PATH": "/healthz/"}, ["parley.E071"]),
        ({"TRUSTED_PROXIES": [ipaddress.ip_network("0.0.0.0/0")]}, ["parley.E072"]),
        ({"TRUSTED_PROXIES": [*HERE, ipaddress.ip_network("::/0")]}, ["parley.E072"]),
    ],
)
def test_what_cannot_work_behind_a_proxy_is_refused(
    settings: Settings, changes: dict[str, Any], expected: list[str]
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    assert [message.id for message in check_proxies(None)] == expected
