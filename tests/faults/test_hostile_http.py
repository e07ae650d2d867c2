"""Requests that no browser makes, and people who try to see what is not theirs any more."""

import re
import socket
import uuid
from collections.abc import Iterable, Iterator

import httpx
import pytest

from tests.faults.conftest import Upstream, chunk
from tests.questions import ask, watch
from tests.serving import CSRF, Server
from tests.stores import Store

HTMX = {"HX-Request": "true"}
FORM = "application/x-www-form-urlencoded"
LARGEST = 4 * 1024 * 1024


def said(server: Server, pieces: Iterable[bytes]) -> bytes:
    """Everything the server says to these bytes until it closes or falls silent for a moment."""
    found = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=3) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:
            pass  # it has closed already: what it said is still to be read
        try:
            while data := connection.recv(65536):
                found += data
        except OSError:
            pass
    return found


def statuses(answer: bytes) -> list[int]:
    """The status of each response in the bytes."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def head(server: Server, *lines: str) -> bytes:
    """The head of a form that Alice sends."""
    cookies = server.cookies("alice")
    fixed = (
        "POST /ask/ HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: sessionid={cookies['sessionid']}; csrftoken={cookies['csrftoken']}",
        f"X-CSRFToken: {CSRF}",
        f"Content-Type: {FORM}",
    )
    return "\r\n".join([*fixed, *lines, "", ""]).encode()


SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_a_body_that_is_too_large_is_refused_and_nothing_behind_it_is_read_as_a_request(shared_server: Server) -> None:
    announced = said(shared_server, [head(shared_server, f"Content-Length: {LARGEST + 1}"), SMUGGLED])
    chunks = [b"10000\r\n" + b"a" * 65536 + b"\r\n"] * (LARGEST // 65536 + 1)
    chunked = said(shared_server, [head(shared_server, "Transfer-Encoding: chunked"), *chunks])

    assert statuses(announced) == statuses(chunked) == [413]


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding : chunked"],
        ["Transfer-Encoding: xchunked"],
        ["Content-Length: -1"],
        ["Content-Length: +5"],
        ["Host: elsewhere.example"],
        ["X-Long: " + "a" * 100_000],
    ],
)
def test_a_head_that_can_be_read_in_two_ways_is_refused(shared_server: Server, lines: list[str]) -> None:
    answer = said(shared_server, [head(shared_server, *lines) + b"0\r\n\r\n" + SMUGGLED])
    assert len(statuses(answer)) == 1
    assert statuses(answer)[0] in {400, 431, 501}


def test_a_form_with_thousands_of_fields_or_files_is_refused(shared_server: Server) -> None:
    client = shared_server.client("alice")
    fields = client.post("/ask/", data={f"field{number}": "1" for number in range(4000)})
    files = client.post("/ask/", files=[(f"file{number}", ("x", b"x")) for number in range(300)])
    assert (fields.status_code, files.status_code) == (400, 400)


FIELDS = [
    *("q", "page", "before", "after", "around", "filter", "until", "seen", "loaded", "deleted", "next", "text"),
    *("model", "key", "title", "role", "note", "days", "name", "full_name", "team", "team_name", "username"),
    *("password", "password1", "password2", "new_password1", "new_password2"),
]
HOSTILE = [
    "\x00",
    "a\x00b",
    "\u202e",
    "\u2028",
    "\x1b[31m\nforged",
    "9" * 30,
    "-1",
    "²",
    "[]",
    "http://[",
    "//evil.example",
]


@pytest.fixture(scope="module")
def abused(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: some of the values are taken, so that people and teams are called by them afterwards."""
    server = Server(template.copy(tmp_path_factory.mktemp("abused") / "data")).start()
    yield server
    server.close()


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_in_any_field_header_or_address_is_too_much(abused: Server, value: str) -> None:
    client = abused.client("alice")
    address = value.encode().translate(None, b"\x00\n\x1b")
    from_htmx = httpx.Headers([(b"HX-Request", b"true"), (b"HX-Target", b"menu-x"), (b"HX-Current-URL", address)])
    for path in (
        *("/", "/ask/", "/history/", "/search/", "/docs/README.md", "/accounts/me/", "/accounts/team/rename/"),
        *("/accounts/team/invite/", "/accounts/switch/", "/accounts/login/", f"/accounts/join/{'x' * 43}/"),
    ):
        for headers in (None, from_htmx):
            hostile = dict.fromkeys(FIELDS, value)
            for answer in (
                client.get(path, params=hostile, headers=headers),
                client.post(path, data=hostile, headers=headers),
            ):
                assert answer.status_code < 500, (path, answer.status_code)
                assert "evil.example" not in answer.headers.get("location", "")
    assert not [line for line in abused.log().splitlines() if line.startswith("forged")]


@pytest.mark.parametrize("cookie", ['sessionid="a\\000b"', "sessionid=\xff\xfe", 'messages="\\000"', "=;=;;"])
def test_no_cookie_is_too_much(shared_server: Server, cookie: str) -> None:
    answer = httpx.get(shared_server.url, headers=[(b"Cookie", cookie.encode("latin-1"))], trust_env=False)
    assert answer.status_code == 302


def test_what_belongs_to_people_is_kept_by_no_cache_and_shown_in_no_frame(shared_server: Server) -> None:
    client = shared_server.client("alice")
    for path in (
        *("/", "/history/", "/search/?q=light", "/docs/README.md", "/accounts/me/", "/accounts/team/", "/nowhere"),
        *("/accounts/team/invite/", "/accounts/password/", "/accounts/login/", "/admin/login/"),
    ):
        headers = client.get(path).headers
        assert "no-store" in headers["cache-control"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    asked = ask(client, "How do context managers work? #demo:fast")
    with client.stream("GET", asked.stream) as stream:
        assert "private" in stream.headers["cache-control"]


def test_a_form_sent_again_does_not_open_a_conversation_that_became_private(
    scripted: Server, upstream: Upstream
) -> None:
    upstream.plays("what", chunk("Something."))
    alice, bob = scripted.client("alice"), scripted.client("bob")
    first = ask(alice, "what happened?")
    form = {"text": "what else?", "model": "sonar", "key": str(uuid.uuid4())}
    ask(bob, form["text"], page=first.page, key=form["key"])
    watch(alice, ask(alice, "what nobody else shall read", page=first.page))
    assert alice.post(f"{first.page}unshare/").status_code == 302

    again = bob.post("/ask/", data=form, headers=HTMX)

    assert again.status_code == 404
    assert "nobody else" not in again.text
