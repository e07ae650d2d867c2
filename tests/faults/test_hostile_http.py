"""Requests that no browser makes, and people who try to see what is not theirs any more."""

import re
import socket
import uuid
from collections.abc import Iterable, Iterator

import httpx
import pytest

from tests.faults.conftest import Upstream, chunk
from tests.questions import ask, watch
from tests.serving import CSRF, PLAIN, Server
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


HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"


def form(body: bytes, kind: str = FORM) -> bytes:
    """A form that a stranger sends, with all that lets it through to where it is read."""
    lines = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nCookie: csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}"
    return b"POST /accounts/login/ HTTP/1.1\r\n" + HOST + lines.encode() + b"\r\n\r\n" + body


def get(target: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return method + b" " + target + b" HTTP/1.1\r\n" + HOST + b"".join(h + b"\r\n" for h in headers) + b"\r\n"


ODD = {
    "a length of 5,000 digits": (get(b"/", b"Content-Length: " + b"9" * 5000, method=b"POST"), 400),
    "a negative length": (get(b"/", b"Content-Length: -1", method=b"POST"), 400),
    "two lengths": (get(b"/", b"Content-Length: 1", b"Content-Length: 2", method=b"POST"), 400),
    "a length in other digits": (get(b"/", "Content-Length: ٣".encode(), method=b"POST"), 400),
    "a bad chunk": (get(b"/accounts/login/", b"Transfer-Encoding: chunked", method=b"POST") + b"zz\r\n", 400),
    "a negative chunk": (get(b"/accounts/login/", b"Transfer-Encoding: chunked", method=b"POST") + b"-5\r\n", 400),
    "a huge header": (get(b"/", b"X-Long: " + b"a" * 100_000), 431),
    "a thousand headers": (get(b"/", *[b"X-A: b"] * 1000), 431),
    "a long address": (get(b"/" + b"a" * 10_000), 414),
    "an address in UTF-8": (get("/é".encode()), 400),
    "an address with a NUL": (get(b"/a\x00b"), 400),
    "bad percent-encoding": (get(b"/%zz%ff%00%"), 404),
    "bad percent-encoding of a parameter": (get(b"/accounts/login/?next=%zz%ff%00%"), 200),
    "a whole URI": (get(b"http://127.0.0.1/nowhere"), 404),
    "a broken URI": (get(b"http://["), 404),
    "CONNECT": (get(b"127.0.0.1:80", method=b"CONNECT"), 404),
    "TRACE": (get(b"/", method=b"TRACE"), 405),
    "a method that nobody knows": (get(b"/accounts/login/", method=b"FROB"), 403),
    "HTTP/0.9": (b"GET /\r\n", 400),
    "HTTP/3.7": (b"GET / HTTP/3.7\r\n" + HOST + b"\r\n", 400),
    "the beginning of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a WebSocket": (
        get(
            b"/",
            *(b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13"),
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ),
        403,
    ),
    "another host": (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 400),
    "a host that is none": (b"GET / HTTP/1.1\r\nHost: a b/@[\r\nConnection: close\r\n\r\n", 400),
    "two hosts": (get(b"/", b"Host: localhost"), 400),
    "multipart without a boundary": (form(b"abc", "multipart/form-data"), 400),
    "multipart with a broken boundary": (form(b"abc", "multipart/form-data; boundary=\xe9"), 400),
    "multipart that ends too early": (form(b"--x\r\nContent-Disp", "multipart/form-data; boundary=x"), 200),
    "multipart with thousands of parts": (
        form(
            b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' for _ in range(1100)) + b"--x--",
            "multipart/form-data; boundary=x",
        ),
        400,
    ),
    "thousands of fields": (form(b"a&" * 4000), 400),
    "an encoding that nobody knows": (form(b"a=b", f"{FORM}; charset=nonsense"), 200),
    "an encoding of something else": (form(b"a=b", f"{FORM}; charset=base64"), 200),
    "an encoding that takes long": (form(b"username=" + b"a" * 60_000, f"{FORM}; charset=idna"), 200),
    "JSON where a form belongs": (form(b"{", "application/json"), 200),
    "10,000 parameters": (get(b"/accounts/login/?" + b"a&" * 2000), 400),
    "thousands of parameters in an encoding of its own": (
        get(b"/accounts/login/?" + b"a&" * 2000, f"Content-Type: {FORM}; charset=latin-1".encode()),
        400,
    ),
    "cookies that are none": (get(b"/accounts/login/", b"Cookie: \xff=\xfe; =;;; sessionid=\\000"), 200),
    "a language that is none": (get(b"/accounts/login/", b"Accept-Language: " + b"x-" * 3000), 200),
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_is_sent_gets_an_answer_and_at_most_one_line_in_the_log(shared_server: Server, name: str) -> None:
    sent, status = ODD[name]
    before = len(shared_server.log())

    answer = said(shared_server, [sent])

    written = shared_server.log()[before:]
    assert statuses(answer) == [status], answer[:200]
    assert len(written.splitlines()) <= 1, written
    assert "Traceback" not in written


def test_a_page_that_somebody_may_not_see_is_one_line_in_the_log(server: Server) -> None:
    assert server.client("vera").post("/accounts/team/rename/", data={"name": "Mine"}).status_code == 403
    (line,) = server.log().splitlines()
    assert "Forbidden (Permission denied): /accounts/team/rename/" in line


FIELDS = [
    *("q", "page", "before", "after", "around", "filter", "until", "seen", "loaded", "deleted", "next", "text"),
    *("model", "key", "title", "role", "people", "days", "name", "full_name", "team", "team_name", "username"),
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
    answer = httpx.get(shared_server.url, headers=[(b"Cookie", cookie.encode("latin-1"))], **PLAIN)
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
