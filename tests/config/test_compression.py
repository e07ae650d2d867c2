"""Pages travel compressed, streams word by word."""

import gzip

import httpx

from tests.questions import ask
from tests.serving import Server


def test_a_page_is_compressed_for_a_browser_that_takes_it(shared_server: Server) -> None:
    client = shared_server.client("alice")
    plain = client.get("/", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert len(raw) < len(plain.content) / 2
    assert gzip.decompress(raw)[:15] == plain.content[:15]


def test_a_stream_is_never_compressed(shared_server: Server) -> None:
    client: httpx.Client = shared_server.client("alice")
    asked = ask(client, "How do generators work? #demo:fast")
    with client.stream("GET", asked.stream, headers={"Accept-Encoding": "gzip, br"}) as response:
        assert "content-encoding" not in response.headers
        assert b"event:" in b"".join(response.iter_raw())
