"""Documents of spaces on a real server: read in the background, whatever becomes of the process that reads."""

import time

import httpx

from tests.conftest import MakeServer
from tests.files.samples import pdf
from tests.questions import eventually
from tests.serving import Server
from tests.walks import long_walk

PAGES = 1_200


def long_document(light: str = "light") -> bytes:
    """A PDF whose pages have a sentence of their own each."""
    words = ["ada", "bea", "cleo", "dora", "emma", "faye", "gina", "hope", "ivy", "joan", "kate", "lena"]

    def keeper(number: int) -> str:
        return " ".join(words[int(digit, 12)] for digit in f"{number // 144:x}{number // 12 % 12:x}{number % 12:x}")

    return pdf(*(f"{keeper(number)} keeps the {light} of this page." for number in range(PAGES)))


def make_space(client: httpx.Client, name: str = "Q3") -> str:
    """The address of a new space for everyone."""
    response = client.post("/spaces/new/", data={"name": name, "people": "everyone"})
    assert response.status_code == 302, response.text[-2000:]
    return response.headers["location"]


def add(client: httpx.Client, space: str, name: str, content: bytes) -> None:
    response = client.post(f"{space}documents/upload/", files={"file": (name, content)}, headers={"HX-Request": "true"})
    assert response.status_code == 201, response.text


def states(server: Server) -> list[str]:
    return [state for (state,) in server.rows("SELECT state FROM chat_documentversion ORDER BY created_at")]


def passages(server: Server) -> tuple[int, int]:
    """How many passages there are, and how many different ones."""
    found = server.rows("SELECT version_id, number FROM chat_passage")
    return len(found), len({(str(version), number) for version, number in found})


def test_a_document_is_read_once_although_its_process_is_killed_in_the_middle(server: Server) -> None:
    client = server.client("alice")
    space = make_space(client)
    add(client, space, "long.pdf", long_document())
    eventually(lambda: passages(server)[0])
    server.kill()
    assert states(server) == ["reading"]

    server.restart()

    eventually(lambda: states(server) == ["ready"], within=60)
    assert passages(server) == (PAGES, PAGES)
    client = server.client("alice")
    shown = client.get(f"{space}documents/", params={"q": "cleo light"}).text
    assert "long.pdf" in shown
    assert "<mark>cleo</mark>" in shown


@long_walk
def test_a_server_that_stops_waits_for_no_document_and_the_next_one_reads_it(server: Server) -> None:
    client = server.client("alice")
    add(client, make_space(client), "long.pdf", long_document())
    eventually(lambda: states(server) == ["reading"])
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 12
    server.restart()
    eventually(lambda: states(server) == ["ready"], within=60)
    assert passages(server) == (PAGES, PAGES)


def test_two_processes_share_the_documents_and_none_is_read_twice(make_server: MakeServer) -> None:
    server = make_server(workers=2)
    client = server.client("alice")
    space = make_space(client)
    for number in range(6):
        add(client, space, f"{number}.md", f"# Lights\n\nLight {number} is kept by number {number}.".encode())
    eventually(lambda: states(server) == ["ready"] * 6, within=60)
    assert passages(server) == (6, 6)
    assert server.rows("SELECT max(attempts) FROM chat_documentversion") == [(1,)]


def test_pages_come_while_a_long_document_is_read(server: Server) -> None:
    client = server.client("alice")
    space = make_space(client)
    add(client, space, "long.pdf", long_document())
    eventually(lambda: states(server) == ["reading"])
    slowest = 0.0
    while states(server) == ["reading"]:
        begun = time.monotonic()
        assert client.get(f"{space}documents/").status_code == 200
        slowest = max(slowest, time.monotonic() - begun)
    assert slowest < 3
