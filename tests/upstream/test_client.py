"""What the client sends, whole answers, the key, and opening a client."""

import asyncio
import json
import logging
from collections.abc import Callable

import httpx
import pytest

from tests.upstream.conftest import ScriptedServer, chunk, done, frame, head, question, text_in
from upstream.client import Client, open_client
from upstream.connections import InProcess
from upstream.endpoints import PERPLEXITY, Endpoint
from upstream.errors import CutOff, InvalidRequest, KeyRefused, UpstreamDown, UpstreamError, Withdrawn
from upstream.events import Event, Finished, Started, UsageReported
from upstream.requests import AskRequest

MakeClient = Callable[..., Client]


async def ask(client: Client, **options: object) -> list[Event]:
    return [event async for event in client.ask(question(**options))]  # type: ignore[arg-type]


# --- What is sent ----------------------------------------------------------------------------------------------------


async def test_a_question_goes_out_as_the_service_expects_it(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(done("A")))

    await ask(client, temperature=0.5)

    sent = scripted.received[0]
    assert (sent.method, sent.path) == ("POST", "/chat/completions")
    assert sent.headers["authorization"] == "Bearer pplx-secret"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.body["messages"] == [{"role": "user", "content": "When was the Varn light automated?"}]
    assert (sent.body["model"], sent.body["stream"], sent.body["temperature"]) == ("sonar", True, 0.5)


async def test_a_server_without_a_key_gets_none(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), frame(done("A")))
    await ask(client_of(api_key=""))
    assert "authorization" not in scripted.received[0].headers


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("https://h.example", "/chat/completions", "https://h.example/chat/completions"),
        ("https://h.example/v1/", "chat/completions", "https://h.example/v1/chat/completions"),
        ("https://h.example", "/v1/sonar", "https://h.example/v1/sonar"),
    ],
)
def test_address_and_path_are_the_operators(base: str, path: str, expected: str):
    assert Endpoint(base, path).chat_url == expected


async def test_a_question_without_words_is_not_sent(scripted: ScriptedServer, client: Client):
    with pytest.raises(InvalidRequest):
        await anext(client.ask(AskRequest(model="sonar", turns=[])))
    assert scripted.received == []


# --- Whole answers ---------------------------------------------------------------------------------------------------


WHOLE = frame(
    done(
        "<think>Hm.</think>\n\nIn 1998.[1]",
        object="chat.completion",
        citations=["https://h.example/"],
        usage={"prompt_tokens": 3, "completion_tokens": 4, "cost": {"total_cost": 0.005}},
    )
).removeprefix(b"data: ")


async def test_an_answer_that_comes_whole_gives_the_same_events(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="application/json; charset=utf-8", X_Request_ID="req-1"), WHOLE)

    events = await ask(client)

    assert [type(event).__name__ for event in events] == [
        *("Started", "SourcesFound", "ReasoningDelta", "TextDelta", "UsageReported", "Finished")
    ]
    assert events[0] == Started("a1", "sonar", "req-1")
    assert text_in(events) == "In 1998.[1]"


async def test_a_server_that_cannot_stream_is_understood(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="application/json"), WHOLE)
    events = await ask(client)
    assert (text_in(events), events[-1]) == ("In 1998.[1]", Finished("stop"))


async def test_a_whole_answer_without_a_reason_to_finish_is_whole_all_the_same(
    scripted: ScriptedServer, client: Client
):
    scripted.plays(head(kind="application/json"), b'{"choices": [{"message": {"content": "A"}}]}')
    assert (await ask(client))[-1] == Finished("stop")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"choices": null}', b"\xff\xfe"])
async def test_a_whole_answer_that_is_none_is_not_asked_for_again(
    scripted: ScriptedServer, client: Client, body: bytes
):
    scripted.plays(head(kind="application/json"), body)
    with pytest.raises(UpstreamDown, match="can’t be read"):
        await ask(client)
    assert len(scripted.received) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_an_error_in_place_of_a_whole_answer_is_that_error(
    scripted: ScriptedServer, client: Client, waits: list[float], status: int
):
    scripted.plays(head(kind="application/json"), json.dumps({"error": {"code": status, "message": "no"}}).encode())
    with pytest.raises(UpstreamError) as caught:
        await ask(client)
    assert (caught.value.status, len(waits)) == (status, 2)


async def test_a_web_page_in_place_of_an_answer_is_explained(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="text/html; charset=utf-8"), b"<html><body>Welcome to nginx!</body></html>")
    with pytest.raises(Withdrawn, match="web page") as caught:
        await ask(client)
    assert "nginx" not in caught.value.message


# --- The key ---------------------------------------------------------------------------------------------------------


async def test_the_key_shows_nowhere(scripted: ScriptedServer, client: Client, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    scripted.plays(head(400, kind="application/json"), b'{"error": {"message": "key pplx-secret is odd"}}')
    with pytest.raises(InvalidRequest) as caught:
        await ask(client)
    shown = f"{client!r} {caught.value!r} {caught.value.message} {caplog.text}"
    assert "pplx-secret" not in shown
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["pplx-ключ", "pplx\r\nX-Evil: 1", "a\x00b"])
async def test_a_key_that_cannot_be_one_is_refused_in_words(scripted: ScriptedServer, client_of: MakeClient, key: str):
    with pytest.raises(KeyRefused, match="characters"):
        await ask(client_of(api_key=key))
    assert scripted.received == []


# --- Opening a client ------------------------------------------------------------------------------------------------


async def test_a_key_alone_means_perplexity():
    client = open_client(base_url="", chat_path="/chat/completions", api_key=" pplx-x ")
    assert repr(client).startswith(f"Client(Endpoint(base_url='{PERPLEXITY}', chat_path='/chat/completions'")
    assert "pplx-x" not in repr(client)


async def test_an_address_alone_means_that_server(scripted: ScriptedServer):
    scripted.plays(head(), frame(done("A")))
    client = open_client(base_url=scripted.url, chat_path="/v1/chat/completions", api_key="")
    assert text_in(await ask(client)) == "A"
    assert scripted.received[0].path == "/v1/chat/completions"
    await client.aclose()


class Slow(httpx.AsyncByteStream):
    """Says a word and then nothing."""

    closed = False

    async def __aiter__(self):
        yield frame(chunk("A"))
        await asyncio.sleep(60)

    async def aclose(self) -> None:
        self.closed = True


async def test_a_handler_in_this_process_has_a_read_timeout_too():
    stream = Slow()

    async def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=stream)

    client = Client(endpoint=Endpoint("http://demo"), transport=InProcess(handle), read_timeout=0.05)
    with pytest.raises(CutOff):
        await ask(client)
    assert stream.closed


async def test_a_handler_in_this_process_that_never_answers_is_in_trouble():
    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(200)

    client = Client(endpoint=Endpoint("http://demo"), transport=InProcess(handle), read_timeout=0.05)
    with pytest.raises(UpstreamDown):
        await ask(client)


async def test_a_handler_in_this_process_may_answer_whole():
    async def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=done("A", usage={"prompt_tokens": 1}))

    client = Client(endpoint=Endpoint("http://demo"), transport=InProcess(handle))
    assert UsageReported({"prompt_tokens": 1}, None) in await ask(client)
