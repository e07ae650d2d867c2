"""What the client sends, how it ends, and that closing it closes everything."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing

import httpx
import pytest

from tests.upstream.conftest import Play, ScriptedServer, chunk, collect, done, frame, head, question, text_in
from upstream.carrying import InProcess
from upstream.client import PERPLEXITY, Client, Endpoint, open_client
from upstream.errors import CutOff, InvalidRequest, KeyRefused, UpstreamDown, Withdrawn
from upstream.events import Event, Finished, Started, TextDelta, UsageReported
from upstream.requests import AskRequest

MakeClient = Callable[..., Client]
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def piece(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def ask(client: Client, **options: object) -> list[Event]:
    return [event async for event in client.ask(question(**options))]  # type: ignore[arg-type]


# --- What is sent -----------------------------------------------------------------------------------------------


async def test_a_question_goes_out_as_the_contract_says(scripted: ScriptedServer, client: Client):
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


# --- Blocking calls ---------------------------------------------------------------------------------------------

WHOLE = frame(
    done(
        "<think>Hm.</think>\n\nIn 1998.[1]",
        object="chat.completion",
        citations=["https://h.example/"],
        usage={"prompt_tokens": 3, "completion_tokens": 4, "cost": {"total_cost": 0.005}},
    )
).removeprefix(b"data: ")


async def test_a_blocking_call_gives_the_same_events(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="application/json; charset=utf-8", X_Request_ID="req-1"), WHOLE)

    events = await client.ask_blocking(question())

    assert "stream" not in scripted.received[0].body
    assert [type(event).__name__ for event in events] == [
        *("Started", "SourcesFound", "ReasoningDelta", "TextDelta", "UsageReported", "Finished")
    ]
    assert events[0] == Started("a1", "sonar", "req-1")
    assert text_in(events) == "In 1998.[1]"


async def test_a_server_that_cannot_stream_is_understood(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="application/json"), WHOLE)
    events = await ask(client)
    assert (text_in(events), events[-1]) == ("In 1998.[1]", Finished("stop"))


async def test_a_blocking_answer_without_a_reason_to_finish_is_whole_all_the_same(
    scripted: ScriptedServer, client: Client
):
    scripted.plays(head(kind="application/json"), b'{"choices": [{"message": {"content": "A"}}]}')
    assert (await client.ask_blocking(question()))[-1] == Finished("stop")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"choices": null}', b"\xff\xfe"])
async def test_a_whole_answer_that_is_none_is_not_asked_for_again(
    scripted: ScriptedServer, client: Client, body: bytes
):
    scripted.plays(head(kind="application/json"), body)
    with pytest.raises(UpstreamDown, match="cannot be read"):
        await client.ask_blocking(question())
    assert len(scripted.received) == 1


async def test_a_web_page_in_place_of_an_answer_is_explained(scripted: ScriptedServer, client: Client):
    scripted.plays(head(kind="text/html; charset=utf-8"), b"<html><body>Welcome to nginx!</body></html>")
    with pytest.raises(Withdrawn, match="web page") as caught:
        await ask(client)
    assert "nginx" not in caught.value.message


# --- Ends and silences ------------------------------------------------------------------------------------------


async def test_a_late_last_object_is_waited_for_a_while(scripted: ScriptedServer, client: Client):
    late = done("A", citations=["https://h.example/"])
    scripted.plays(head(), frame(chunk("A", finish="stop")), 0.05, frame(late), Play.HANG)
    events = await ask(client)
    assert [type(event).__name__ for event in events][-2:] == ["SourcesFound", "Finished"]


async def test_the_wait_for_a_late_last_object_ends(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), frame(chunk("A", finish="length")), *[0.02, b": ping\n\n"] * 3, Play.HANG)
    events = await ask(client_of(grace=0.05))
    assert (text_in(events), events[-1]) == ("A", Finished("length"))
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_a_connection_lost_after_the_reason_to_finish_is_a_regular_end(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A", finish="stop")), 0.02, Play.RESET)
    assert (await ask(client))[-1] == Finished("stop")


@pytest.mark.parametrize("end", [[], [0.02, Play.RESET], [0.02, Play.HANG]])
async def test_whatever_breaks_the_stream_off_keeps_the_text(
    scripted: ScriptedServer, client_of: MakeClient, end: list
):
    scripted.plays(head(X_Request_ID="req-3"), frame(chunk("<think>Hm.</think>Half")), *end)
    events: list[Event] = []
    with pytest.raises(CutOff) as caught:
        await collect(client_of(read_timeout=0.2), events)
    assert text_in(events) == "Half"
    assert (caught.value.kind, caught.value.request_id) == ("cut_off", "req-3")
    assert len(scripted.received) == 1


async def test_a_chunked_body_that_ends_too_early_is_cut_off(scripted: ScriptedServer, client: Client):
    scripted.plays(CHUNKED + piece(frame(chunk("Half")))[:-1], 0.02, Play.RESET)
    with pytest.raises(CutOff):
        await ask(client)


async def test_an_endless_message_is_cut_off(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("Half")), b"data: ", *[b"x" * 1024 * 1024] * 9, Play.HANG)
    events: list[Event] = []
    with pytest.raises(CutOff):
        await collect(client, events)
    assert text_in(events) == "Half"


async def test_silence_before_the_first_word_is_an_upstream_in_trouble(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(Play.HANG)
    with pytest.raises(UpstreamDown, match="said nothing"):
        await ask(client_of(read_timeout=0.1))
    assert len(scripted.received) == 1  # the question may be in work, and paid for


async def test_silence_after_the_head_is_an_upstream_in_trouble(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), b": ping\n\n", Play.HANG)
    with pytest.raises(UpstreamDown, match="said nothing"):
        await ask(client_of(read_timeout=0.1))
    assert len(scripted.received) == 1


async def test_a_stream_that_only_keeps_itself_alive_ends(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), *[b": ping\n\n", 0.02] * 100, Play.HANG)
    with pytest.raises(UpstreamDown, match="said nothing"):
        await ask(client_of(silence=0.1))
    assert len(scripted.received) == 1


async def test_signs_of_life_bridge_a_long_silence(scripted: ScriptedServer, client_of: MakeClient):
    scripted.plays(head(), *[b": ping\n\n", 0.1] * 4, frame(done("A")))
    assert text_in(await ask(client_of(read_timeout=0.3))) == "A"


# --- Stopping ---------------------------------------------------------------------------------------------------


async def test_closing_the_answer_closes_the_connection_at_once(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    async with aclosing(client.ask(question())) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_cancelling_whoever_waits_for_words_closes_the_connection(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    task = asyncio.create_task(ask(client))
    await scripted.asked.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(scripted.gone.wait(), 5)


async def test_cancelling_before_the_first_byte_closes_the_connection(scripted: ScriptedServer, client: Client):
    scripted.plays(Play.HANG)
    task = asyncio.create_task(ask(client))
    await scripted.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(scripted.gone.wait(), 5)


# --- Connections ------------------------------------------------------------------------------------------------


async def test_words_are_handed_on_as_they_come(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("A")), Play.HANG)
    async with aclosing(client.ask(question())) as events:
        first = [await anext(events), await anext(events)]
    assert first[1] == TextDelta("A")


async def test_a_connection_serves_the_next_question_too(scripted: ScriptedServer, client: Client):
    scripted.plays(CHUNKED + piece(frame(done("A"))), piece(frame("[DONE]")) + b"0\r\n\r\n")
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
    with pytest.raises(Withdrawn, match="another address"):
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


async def test_a_closed_client_opens_again(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(done("A")))
    await ask(client)
    await client.aclose()
    await client.aclose()
    assert text_in(await ask(client)) == "A"


# --- Reachable --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "expected"), [(200, True), (401, True), (404, True), (500, False), (503, False)])
async def test_whatever_answers_without_trouble_is_reachable(
    scripted: ScriptedServer, client: Client, status: int, expected: bool
):
    scripted.plays(head(status, kind="application/json"), b"{}")
    assert await client.reachable() is expected
    assert (scripted.received[0].method, scripted.received[0].path) == ("GET", "/v1/models")
    assert "authorization" not in scripted.received[0].headers


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:1", "nonsense", "http://", "http://nowhere.invalid", "http://[", ""]
)
async def test_what_does_not_answer_is_not_reachable_and_nothing_is_raised(base: str):
    client = Client(endpoint=Endpoint(base))
    assert await client.reachable() is False
    await client.aclose()


def test_the_list_of_models_is_not_asked_for_twice_v1():
    assert Endpoint("http://h.example/v1").models_url == "http://h.example/v1/models"


# --- The key ----------------------------------------------------------------------------------------------------


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


# --- Opening a client -------------------------------------------------------------------------------------------


async def test_a_key_alone_means_perplexity():
    client = open_client(base_url="", chat_path="/chat/completions", api_key=" pplx-x ")
    assert repr(client) == f"Client(Endpoint(base_url='{PERPLEXITY}', chat_path='/chat/completions'))"


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
    assert UsageReported({"prompt_tokens": 1}, None) in await client.ask_blocking(question())
