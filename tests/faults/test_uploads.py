"""Uploads to the real server: what arrives, what is refused before it is read, and where the bytes never show."""

import base64
import os
import socket
import uuid
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from config.middleware.request_bodies import LARGEST_FORM, LARGEST_UPLOAD, MOST_UPLOADS
from tests.conftest import MakeServer
from tests.files.samples import PDF, drawn, encoded
from tests.questions import Asked, eventually, stored, watch
from tests.serving import CSRF, PLAIN, Server

QUESTION = "What is a lighthouse on a picture?"


def upload(client: httpx.Client, name: str, content: bytes) -> str:
    """Upload a file; the id of the attachment."""
    response = client.post("/attachments/", files={"file": (name, content)})
    assert response.status_code == 201, response.text
    return response.text.partition('name="attachment"')[2].partition('value="')[2][:36]


def ask(client: httpx.Client, text: str, *attachments: str, page: str = "/") -> Asked:
    data = {"text": text, "model": "sonar", "key": str(uuid.uuid4()), "attachment": attachments}
    response = client.post(f"{page}ask/", data=data)
    assert response.status_code == 302, response.text[-2000:]
    _, _, conversation, rest = response.headers["location"].split("/")
    return Asked(conversation, rest.removeprefix("#answer-"))


def everything(server: Server) -> str:
    """Every value in every table, and what the server has logged."""
    if server.store.is_postgresql:
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    else:
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'chat_search%'"
    return server.log() + "".join(
        str(row) for (table,) in server.rows(listed) for row in server.rows(f'SELECT * FROM "{table}"')
    )


def test_a_picture_reaches_the_upstream_and_shows_in_no_row_and_no_log(
    make_server: MakeServer, demo_upstream: str
) -> None:
    server = make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "key", "LOG_LEVEL": "DEBUG"})
    client = server.client("alice")
    picture = encoded(drawn(size=(300, 200)), "PNG")
    first = ask(client, QUESTION, upload(client, "light.png", picture), upload(client, "paper.pdf", PDF))
    assert watch(client, first).state == "finished"
    later = ask(client, "And a buoy?", page=first.page)
    assert watch(client, later).state == "finished"

    assert "1 were sent (300 × 200)" in stored(server, first)["text"]
    assert "1 were sent (paper.pdf)" in stored(server, first)["text"]
    assert "sent again: 2" in stored(server, later)["text"]
    last = httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).json()["last"]
    text, image, paper = last["messages"][0]["content"]
    assert text == {"type": "text", "text": QUESTION}
    assert image["image_url"]["url"].startswith("data:image/png;base64,iVBORw0KGgo")
    assert paper == {
        "type": "file_url",
        "file_url": {"url": base64.b64encode(PDF).decode()},
        "file_name": "paper.pdf",
    }
    (attachment,) = server.rows("SELECT id FROM chat_attachment WHERE kind = 'image'")
    response = client.get(f"/attachments/{uuid.UUID(str(attachment[0]))}/")
    assert response.status_code == 200
    kept = response.content
    traces = everything(server)
    assert "light.png" in traces
    for secret in (
        base64.b64encode(PDF).decode(),
        base64.b64encode(kept).decode()[:60],
        "iVBORw0KGgo",
        kept[:40].hex(),
    ):
        assert secret not in traces


def test_large_files_arrive_whole_and_leave_nothing_behind_where_they_waited(server: Server) -> None:
    client = server.client("alice")
    large = PDF[:-6] + os.urandom(30 * 1024 * 1024) + PDF[-6:]

    found = client.get(f"/attachments/{upload(client, 'large.pdf', large)}/")

    assert found.content == large
    assert list((Path(server.store.folder) / "uploads").iterdir()) == []


def test_eight_files_that_come_with_the_form_go_with_it(server: Server) -> None:
    client = server.client("alice")
    data = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4())}
    picture = encoded(drawn(), "JPEG") + bytes(6 * 1024 * 1024)

    response = client.post("/ask/", data=data, files=[("file", (f"{number}.jpg", picture)) for number in range(8)])

    assert response.status_code == 302
    assert server.rows("SELECT count(*) FROM chat_attachment WHERE question_id IS NOT NULL") == [(8,)]


def announced(
    server: Server, path: str, length: int, kind: str = "multipart/form-data; boundary=x", who: str = "alice"
) -> bytes:
    """The head of a request with a body of this length, and the first of its bytes."""
    cookies = server.cookies(who)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
        f"Cookie: sessionid={cookies['sessionid']}; csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\n\r\n--x"
    ).encode()


def said(connection: socket.socket) -> int:
    """The status of the answer."""
    return int(connection.recv(4096).split()[1])


@pytest.mark.parametrize(
    ("path", "length", "kind"),
    [
        ("/attachments/", LARGEST_UPLOAD + 1, "multipart/form-data; boundary=x"),
        ("/ask/", LARGEST_UPLOAD + 1, "multipart/form-data; boundary=x"),
        ("/ask/", LARGEST_FORM + 1, "application/x-www-form-urlencoded"),
        ("/attachments/", LARGEST_FORM + 1, "application/json"),
        ("/accounts/login/", LARGEST_FORM + 1, "multipart/form-data; boundary=x"),
        ("/attachments/waiting/", LARGEST_FORM + 1, "multipart/form-data; boundary=x"),
        ("/c/x/ask/", LARGEST_FORM + 1, "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_read(
    path: str, length: int, kind: str, shared_server: Server
) -> None:
    with socket.create_connection(("127.0.0.1", shared_server.port), timeout=20) as connection:
        connection.sendall(announced(shared_server, path, length, kind))
        assert said(connection) == 413


def test_only_so_many_large_uploads_are_taken_at_once_and_pages_wait_for_none_of_them(server: Server) -> None:
    with ExitStack() as stack:

        def begun(who: str) -> socket.socket:
            held = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=2))
            held.sendall(announced(server, "/attachments/", LARGEST_UPLOAD, who=who))
            return held

        for _, who in zip(range(MOST_UPLOADS), cycle(["alice", "bob", "charlie"]), strict=False):
            begun(who)

        def refused() -> bool:
            try:
                return said(begun("charlie")) == 503
            except TimeoutError:  # it was there before one of the others, and has a place
                return False

        eventually(refused)
        assert server.client("bob").get("/").status_code == 200
        assert upload(server.client("bob"), "small.pdf", PDF)

    large = PDF[:-6] + bytes(LARGEST_FORM) + PDF[-6:]
    eventually(lambda: server.client("bob").post("/attachments/", files={"file": ("a.pdf", large)}).status_code == 201)
