"""The connections of a client, and whether anything answers at the other end."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import httpx
import pytest

from tests.upstream.conftest import Play, ScriptedServer, chunk, done, frame, head, question, text_in
from upstream.client import Client, Sign
from upstream.connections import InProcess
from upstream.endpoints import Endpoint
from upstream.errors import UpstreamDown, Withdrawn
from upstream.events import Event, TextDelta

MakeClient = Callable[..., Client]
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def piece(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def ask(client: Client, **options: object) -> list[Event]:
    return [event async for event in client.ask(question(**options))]  # type: ignore[arg-type]


# --- Connections -----------------------------------------------------------------------------------------------------


async def test_words_are_handed_on_as_they_come(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    async with aclosing(client.ask(question())) as events:
        first = [await anext(events), await anext(events)]
    assert first[1] == TextDelta("A")


async def test_a_stream_that_comes_compressed_all_the_same_is_read(scripted: ScriptedServer, client: Client):
    packed = gzip.compress(frame(chunk("A")) + frame(done("AB")))
    scripted.plays(head(Content_Encoding="gzip"), packed[:30], packed[30:])
    assert text_in(await ask(client)) == "AB"


async def test_a_stream_that_is_compressed_wrongly_is_an_upstream_in_trouble(scripted: ScriptedServer, client: Client):
    scripted.plays(head(Content_Encoding="gzip"), frame(done("A")))
    with pytest.raises(UpstreamDown):
        await ask(client)


async def test_a_piece_with_nothing_in_it_is_not_the_end():
    async def pieces() -> AsyncIterator[bytes]:
        for data in (b"", frame(chunk("A")), b"", frame(done("AB"))):
            yield data

    async def handle(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=pieces())

    client = Client(endpoint=Endpoint("http://demo"), transport=InProcess(handle))
    assert text_in(await ask(client)) == "AB"
    await client.aclose()


async def test_a_connection_serves_the_next_question_too(scripted: ScriptedServer, client: Client):
    scripted.plays(CHUNKED + piece(frame(done("A"))), 0.05, piece(frame("[DONE]")) + b"0\r\n\r\n")
    assert text_in(await ask(client)) == "A"
    assert text_in(await ask(client)) == "A"
    assert (len(scripted.received), scripted.connections) == (2, 1)


async def test_hundreds_of_answers_are_written_at_once(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    answers = [client.ask(question()) for _ in range(250)]
    for answer in answers:
        while not isinstance(await anext(answer), TextDelta):
            pass
    assert scripted.connections == 250
    for answer in answers:
        await answer.aclose()


async def test_nothing_is_followed_to_another_address(scripted: ScriptedServer, client: Client):
    scripted.plays(head(307, Location="/elsewhere"))
    with pytest.raises(Withdrawn, match="redirects to another one"):
        await ask(client)
    assert [request.path for request in scripted.received] == ["/chat/completions"]


async def test_no_proxy_is_taken_from_the_environment(
    scripted: ScriptedServer, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    scripted.plays(head(), frame(done("A")))
    assert text_in(await ask(client)) == "A"


async def test_a_client_works_in_one_loop_after_another(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(done("A")))

    async def in_another_loop() -> str:
        try:
            return text_in(await ask(client))
        finally:
            await client.aclose()

    assert await asyncio.to_thread(lambda: asyncio.run(in_another_loop())) == "A"
    assert text_in(await ask(client)) == "A"


async def test_closing_the_client_closes_the_connections_it_kept(scripted: ScriptedServer, client: Client):
    scripted.plays(CHUNKED + piece(frame(done("A"))) + b"0\r\n\r\n")
    await ask(client)
    assert not scripted.gone.is_set()
    await client.aclose()
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_a_closed_client_opens_again(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(done("A")))
    await ask(client)
    await client.aclose()
    await client.aclose()
    assert text_in(await ask(client)) == "A"


# --- Reachable -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sign"),
    [
        (200, Sign.OK),
        (401, Sign.REFUSED),
        (403, Sign.OK),
        (404, Sign.OK),
        (500, Sign.NONE),
        (503, Sign.NONE),
    ],
)
async def test_a_sign_of_life_tells_a_refused_key_from_a_service_in_trouble(
    scripted: ScriptedServer, client: Client, status: int, sign: Sign
):
    scripted.plays(head(status, kind="application/json"), b"{}")
    assert await client.sign_of_life() is sign
    assert (scripted.received[0].method, scripted.received[0].path) == ("GET", "/v1/models")
    assert scripted.received[0].headers["authorization"].startswith("Bearer ")


async def test_a_server_that_wants_a_key_and_was_given_none_is_alive(scripted: ScriptedServer):
    client = Client(endpoint=Endpoint(scripted.url))
    scripted.plays(head(401, kind="application/json"), b"{}")
    assert await client.sign_of_life() is Sign.OK
    assert "authorization" not in scripted.received[0].headers
    await client.aclose()


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:1", "nonsense", "http://", "http://nowhere.invalid", "http://[", ""]
)
async def test_what_does_not_answer_is_not_reachable_and_nothing_is_raised(base: str):
    client = Client(endpoint=Endpoint(base))
    assert await client.sign_of_life() is Sign.NONE
    await client.aclose()


async def test_looking_whether_it_is_reachable_leaves_no_connection_behind(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), Play.HANG)
    assert await client.sign_of_life() is Sign.OK
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_the_log_says_why_a_connection_failed(
    scripted: ScriptedServer, client_of: MakeClient, caplog: pytest.LogCaptureFixture
):
    scripted.plays(Play.HANG)
    client = client_of(read_timeout=0.05)
    assert await client.sign_of_life() is Sign.NONE
    assert "cannot be reached (ReadTimeout" in caplog.text
    with pytest.raises(UpstreamDown):
        await ask(client)
    assert "failed (SocketTimeoutError" in caplog.text


def test_the_list_of_models_is_not_asked_for_twice_v1():
    assert Endpoint("http://h.example/v1").models_url == "http://h.example/v1/models"
