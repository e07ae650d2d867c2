"""Bodies that come slowly, from people who may not send them, or in too many pieces at once."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from config.middleware.request_bodies import (
    LARGEST_FORM,
    LARGEST_UPLOAD,
    LEAST_RATE,
    MOST_FORMS_EACH,
    MOST_UPLOADS,
    MOST_UPLOADS_EACH,
    PATIENCE,
    SMALL_FORM,
    Guard,
    Message,
    Receive,
    Refusal,
    Scope,
    Send,
    Sender,
)
from tests.files.samples import PDF
from tests.questions import eventually
from tests.serving import CSRF, Server

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def head(server: Server, path: str, length: int | None, *, who: str | None = None, kind: str = "") -> bytes:
    """The head of a request with a body of that length, or of one that does not say how long it is."""
    cookies = {**(server.cookies(who) if who else {}), "csrftoken": CSRF}
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind or 'multipart/form-data; boundary=x'}",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()),
        f"X-CSRFToken: {CSRF}",
        "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def heard(connection: socket.socket) -> str:
    """The answer, which says how long its body is."""
    said = b""
    while b"\r\n\r\n" not in said or len(said.partition(b"\r\n\r\n")[2]) < int(LENGTH.search(said)[1]):
        data = connection.recv(65536)
        assert data, said
        said += data
    return said.decode()


ANSWERS = [
    (None, "/attachments/", LARGEST_UPLOAD, 302, "location: /accounts/login/"),
    (None, "/ask/", LARGEST_FORM, 302, "location: /accounts/login/"),
    (None, "/accounts/login/", SMALL_FORM + 1, 302, "location: /accounts/login/"),
    (None, "/c/00000000-0000-0000-0000-000000000000/ask/", LARGEST_UPLOAD, 302, "location: /accounts/login/"),
    ("vera", "/attachments/", LARGEST_UPLOAD, 403, "Your role in the team doesn’t allow this."),
    ("vera", "/ask/", LARGEST_FORM, 403, "Your role in the team doesn’t allow this."),
]


@pytest.mark.parametrize(("who", "path", "length", "status", "words"), ANSWERS)
def test_who_may_not_send_it_hears_so_before_the_body_is_read(
    shared_server: Server, who: str | None, path: str, length: int, status: int, words: str
) -> None:
    with connected(shared_server) as connection:
        connection.sendall(head(shared_server, path, length, who=who) + b"--x")
        said = heard(connection)

    assert said.startswith(f"HTTP/1.1 {status} ")
    assert words.lower() in said.lower()
    assert "connection: close" in said.lower()


def test_somebody_on_no_team_hears_it_before_the_body_is_read(server: Server) -> None:
    server.rows(
        "DELETE FROM accounts_membership WHERE user_id IN (SELECT id FROM accounts_user WHERE username = 'charlie')"
    )
    with connected(server) as connection:
        connection.sendall(head(server, "/attachments/", LARGEST_UPLOAD, who="charlie") + b"--x")
        said = heard(connection)

    assert said.startswith("HTTP/1.1 403 ")
    assert "You’re not on a team yet." in said


def test_a_stranger_sends_no_more_in_pieces_of_unknown_number(shared_server: Server) -> None:
    with connected(shared_server) as connection:
        connection.sendall(head(shared_server, "/accounts/login/", None))
        connection.sendall((b"8000\r\n" + b"a" * 0x8000 + b"\r\n") * 3)
        said = heard(connection)

    assert said.startswith("HTTP/1.1 302 ")


def test_the_whole_of_a_refused_body_may_be_sent_and_the_answer_still_arrives(shared_server: Server) -> None:
    client = shared_server.client()
    response = client.post("/attachments/", files={"file": ("a.pdf", PDF + bytes(3 * LARGEST_FORM))})
    assert (response.status_code, response.headers["location"]) == (302, "/accounts/login/")


def test_strangers_take_nobodys_place(server: Server) -> None:
    large = PDF[:-6] + bytes(LARGEST_FORM) + PDF[-6:]
    held = [connected(server) for _ in range(2 * MOST_UPLOADS)]
    try:
        for connection in held:
            connection.sendall(head(server, "/attachments/", LARGEST_UPLOAD) + b"--x")
        response = server.client("bob").post("/attachments/", files={"file": ("a.pdf", large)})
    finally:
        for connection in held:
            connection.close()

    assert response.status_code == 201


def test_one_person_takes_a_few_places_and_leaves_the_others_theirs(server: Server) -> None:
    large = PDF[:-6] + bytes(LARGEST_FORM) + PDF[-6:]
    held: list[socket.socket] = []

    def begun() -> socket.socket:
        held.append(connected(server))
        held[-1].sendall(head(server, "/attachments/", LARGEST_UPLOAD, who="alice") + b"--x")
        return held[-1]

    def refused() -> str:
        connection = begun()
        connection.settimeout(2)
        try:
            return heard(connection)
        except TimeoutError:  # it was there before one of the others, and has a place
            return ""

    try:
        for _ in range(MOST_UPLOADS_EACH):
            begun()
        said = eventually(refused)
        theirs = server.client("bob").post("/attachments/", files={"file": ("a.pdf", large)})
    finally:
        for connection in held:
            connection.close()

    assert said.startswith("HTTP/1.1 503 ")
    assert "You’re already sending several large files." in said
    assert theirs.status_code == 201


# --- How slowly: a guard with little patience, and bodies whose every piece the test chooses --------------------------

LITTLE = 0.2  # seconds
RATE = 1000  # bytes a second


class Heard:
    """What a guarded request was answered, and whether the application was reached with the whole body."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.arrived = b""

    async def send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "http.request":
            self.arrived += message.get("body", b"")
            if not message.get("more_body"):
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"whole"})
                return


async def sent(*, length: int | None, pieces: Callable[[], AsyncIterator[bytes]], path: str = "/attachments/") -> Heard:
    """What becomes of a body of which these pieces come, and then nothing more."""
    heard, coming = Heard(), pieces()

    async def receive() -> dict[str, Any]:
        piece = await anext(coming, None)
        if piece is None:
            await asyncio.sleep(3600)
        arrived = len(heard.arrived) + len(piece or b"")
        return {"type": "http.request", "body": piece, "more_body": length is None or arrived < length}

    async def identify(_: Scope) -> Sender:
        return Sender("alice")

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    headers += [(b"content-length", str(length).encode())] if length is not None else []
    guard = Guard(heard.app, identify=identify, patience=LITTLE, least_rate=RATE)
    await guard({"path": path, "headers": headers}, receive, heard.send)
    return heard


@pytest.mark.parametrize("length", [1000, SMALL_FORM + 1, LARGEST_UPLOAD, None])
async def test_a_trickle_is_ended_with_the_reason_however_large_the_body_is(length: int | None) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"a"
            await asyncio.sleep(LITTLE / 10)

    heard = await sent(length=length, pieces=trickle)

    assert heard.status == 408
    assert b"arrived too slowly" in heard.body
    assert len(heard.arrived) < 100


async def test_who_began_fast_may_not_be_silent_for_longer_afterwards() -> None:
    async def burst() -> AsyncIterator[bytes]:
        yield bytes(100 * RATE)

    async with asyncio.timeout(10 * LITTLE):
        heard = await sent(length=LARGEST_UPLOAD, pieces=burst)

    assert heard.status == 408


async def test_a_fair_rate_arrives_however_long_it_takes() -> None:
    async def steady() -> AsyncIterator[bytes]:
        for _ in range(20):
            await asyncio.sleep(LITTLE / 4)
            yield bytes(int(RATE * LITTLE))  # four times the least rate

    heard = await sent(length=20 * int(RATE * LITTLE), pieces=steady)

    assert (heard.status, len(heard.arrived)) == (200, 20 * int(RATE * LITTLE))


def test_the_largest_upload_passes_over_a_line_of_two_megabits() -> None:
    assert LEAST_RATE * 10 < 2_000_000 / 8
    assert PATIENCE >= 30


async def test_one_person_sends_only_so_many_long_forms_at_once() -> None:
    going = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await going.wait()

    async def identify(_: Scope) -> Sender:
        return Sender("alice")

    async def nothing_more() -> Message:
        return {"type": "http.disconnect"}

    guard = Guard(app, identify=identify)
    scope = {"path": "/options/check/", "headers": [(b"content-length", str(LARGEST_FORM).encode())]}
    waiting = [asyncio.create_task(guard(scope, nothing_more, Heard().send)) for _ in range(MOST_FORMS_EACH)]
    await asyncio.sleep(0)
    heard = Heard()
    await guard(scope, nothing_more, heard.send)
    assert heard.status == 503
    going.set()
    await asyncio.gather(*waiting)

    afterwards = Heard()
    await guard(scope, nothing_more, afterwards.send)
    assert afterwards.status == 0


async def test_a_refusal_of_the_sender_is_told_in_its_words() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("it was let through")

    async def identify(_: Scope) -> Sender:
        return Sender(refusal=Refusal(503, "Not now.", retry_after=10))

    async def nothing_more() -> Message:
        return {"type": "http.disconnect"}

    heard = Heard()
    scope = {"path": "/ask/", "headers": [(b"content-length", str(LARGEST_FORM).encode())]}
    await Guard(app, identify=identify)(scope, nothing_more, heard.send)
    assert (heard.status, heard.body) == (503, b"Not now.\n")
