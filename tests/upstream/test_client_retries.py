"""Asking again by ourselves: when, how often, after how long."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from tests.upstream.conftest import Play, ScriptedServer, chunk, collect, done, frame, head, question, text_in
from upstream.client import Client
from upstream.endpoints import Endpoint
from upstream.errors import CutOff, TooManyRequests, UpstreamDown, UpstreamError
from upstream.events import Event, Started, StatusChanged, Throttled

MakeClient = Callable[..., Client]
GOOD = (head(), frame(done("A")))


async def ask(client: Client) -> list[Event]:
    return [event async for event in client.ask(question())]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 524])
async def test_trouble_before_the_first_word_is_overcome(
    scripted: ScriptedServer, client: Client, waits: list[float], status: int
):
    scripted.plays(head(status, kind="text/html"), b"<html>no</html>")
    scripted.plays(head(status, kind=""))
    scripted.plays(*GOOD)

    events = await ask(client)

    retries = [event for event in events if isinstance(event, StatusChanged)]
    assert retries == [StatusChanged("retrying", "1"), StatusChanged("retrying", "1")]
    assert text_in(events) == "A"
    assert 0.375 <= waits[0] <= 0.5
    assert 0.75 <= waits[1] <= 1


async def test_a_service_that_takes_no_more_is_told_of_before_the_question_is_repeated(
    scripted: ScriptedServer, client: Client, waits: list[float]
):
    scripted.plays(head(429, Retry_After="7"))
    scripted.plays(*GOOD)

    events = await ask(client)

    assert events[:2] == [Throttled(7), StatusChanged("retrying", "7")]
    assert waits == [7]


async def test_it_is_told_of_as_well_when_the_question_is_not_repeated(scripted: ScriptedServer, client: Client):
    scripted.plays(head(429, Retry_After="3600"))
    events: list[Event] = []

    with pytest.raises(TooManyRequests):
        await collect(client, events)

    assert events == [Throttled(3600)]


async def test_after_two_more_attempts_the_error_stands(scripted: ScriptedServer, client: Client, waits: list[float]):
    scripted.plays(head(503))
    with pytest.raises(UpstreamDown) as caught:
        await ask(client)
    assert (len(scripted.received), len(waits), caught.value.status) == (3, 2, 503)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
async def test_a_refusal_is_not_asked_again(scripted: ScriptedServer, client: Client, status: int):
    scripted.plays(head(status, kind="application/json"), b"{}")
    with pytest.raises(UpstreamError):
        await ask(client)
    assert len(scripted.received) == 1


@pytest.mark.parametrize(("said", "status", "attempts"), [("false", 503, 1), ("true", 400, 3), ("odd", 503, 3)])
async def test_the_upstream_may_say_whether_asking_again_helps(
    scripted: ScriptedServer, client: Client, said: str, status: int, attempts: int
):
    scripted.plays(head(status, X_Should_Retry=said))
    with pytest.raises(UpstreamError):
        await ask(client)
    assert len(scripted.received) == attempts


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "0.5"}, 0.5),
        ({"Retry_After": "60"}, 60),
        ({"Retry_After_Ms": "1500"}, 1.5),
        ({"Retry_After_Ms": "250", "Retry_After": "30"}, 0.25),
        ({"Retry_After_Ms": "soon", "Retry_After": "30"}, 30),
    ],
)
async def test_the_wait_is_the_one_that_was_asked_for(
    scripted: ScriptedServer, client: Client, waits: list[float], headers: dict[str, str], wait: float
):
    scripted.plays(head(429, **headers))
    scripted.plays(*GOOD)
    await ask(client)
    assert waits == [wait]


async def test_the_wait_may_be_a_date(scripted: ScriptedServer, client: Client, waits: list[float]):
    scripted.plays(head(429, Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)))
    scripted.plays(*GOOD)
    await ask(client)
    assert 15 < waits[0] <= 20


@pytest.mark.parametrize(
    "said", ["0", "-5", "soon", "nan", "inf", "", "Thu, 99 Foo 2026", "Mon, 01 Jan 2001 00:00:00 GMT"]
)
async def test_a_wait_that_makes_no_sense_is_replaced_by_our_own(
    scripted: ScriptedServer, client: Client, waits: list[float], said: str
):
    scripted.plays(head(429, Retry_After=said))
    scripted.plays(*GOOD)
    await ask(client)
    assert 0.375 <= waits[0] <= 0.5


async def test_a_wait_longer_than_a_minute_is_left_to_the_person(
    scripted: ScriptedServer, client: Client, waits: list[float]
):
    scripted.plays(head(429, Retry_After="3600"))
    with pytest.raises(TooManyRequests) as caught:
        await ask(client)
    assert (caught.value.wait, len(scripted.received), waits) == (3600, 1, [])


async def test_a_connection_lost_before_the_answer_is_made_anew(scripted: ScriptedServer, client: Client):
    scripted.plays(Play.RESET)
    scripted.plays(b"HTTP/1.1 200")
    scripted.plays(*GOOD)
    assert text_in(await ask(client)) == "A"


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH_9\r\n", b"\x00\xff" * 50, b"HTTP/1.1 abc\r\n\r\n"])
async def test_what_is_not_http_is_an_upstream_in_trouble(scripted: ScriptedServer, client: Client, garbage: bytes):
    scripted.plays(garbage)
    with pytest.raises(UpstreamDown):
        await ask(client)


async def test_a_stream_lost_before_its_first_word_is_asked_for_again(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), frame(chunk("")), 0.02, Play.RESET)
    scripted.plays(head())
    scripted.plays(*GOOD)
    events = await ask(client)
    assert [type(event) for event in events[:4]] == [Started, StatusChanged, StatusChanged, Started]
    assert text_in(events) == "A"


@pytest.mark.parametrize(
    "first",
    [
        chunk("A"),
        chunk("<thi"),
        chunk("", citations=["https://h.example/"]),
        {"choices": [{"delta": {"reasoning_content": "Hm."}}]},
    ],
)
async def test_once_something_was_shown_nothing_is_asked_again(scripted: ScriptedServer, client: Client, first: dict):
    scripted.plays(head(), frame(first), 0.02, Play.RESET)
    scripted.plays(*GOOD)
    with pytest.raises(CutOff):
        await ask(client)
    assert len(scripted.received) == 1


def failing(code: object, message: str = "overloaded") -> bytes:
    return json.dumps({"error": {"message": message, "type": "x", "code": code}}).encode()


@pytest.mark.parametrize("mark", [b"", b"event: error\n"])
@pytest.mark.parametrize("code", [429, "503", None, "overloaded"])
async def test_an_error_inside_the_stream_before_the_first_word_is_overcome(
    scripted: ScriptedServer, client: Client, mark: bytes, code: object
):
    scripted.plays(head(), mark + b"data: " + failing(code) + b"\n\n")
    scripted.plays(*GOOD)
    assert text_in(await ask(client)) == "A"


async def test_an_error_event_may_be_plain_text(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), b"event: error\ndata: <b>boom</b>\n\n")
    with pytest.raises(UpstreamDown) as caught:
        await ask(client)
    assert "boom" not in caught.value.message


async def test_an_error_in_the_middle_keeps_the_text_and_says_so(scripted: ScriptedServer, client: Client):
    scripted.plays(head(X_Request_ID="req-5"), frame(chunk("Half")) + b"data: " + failing(429) + b"\n\n")
    events: list[Event] = []
    with pytest.raises(CutOff) as caught:
        await collect(client, events)
    assert text_in(events) == "Half"
    assert (caught.value.status, caught.value.request_id) == (429, "req-5")


async def test_an_unknown_model_told_inside_the_stream_is_named(scripted: ScriptedServer, client: Client):
    scripted.plays(head(), b"data: " + failing("model_not_found") + b"\n\n")
    with pytest.raises(UpstreamError, match="doesn’t know the model “sonar”"):
        await ask(client)
    assert len(scripted.received) == 1


async def test_a_refused_connection_is_an_upstream_in_trouble(waits: list[float]):
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    client = Client(endpoint=Endpoint("http://127.0.0.1:1"), sleep=sleep)
    with pytest.raises(UpstreamDown) as caught:
        await ask(client)
    assert len(waits) == 2
    assert "127.0.0.1" not in caught.value.message
    await client.aclose()


@pytest.mark.parametrize("base", ["nonsense", "ftp://h.example", "http://[", "http://nowhere.invalid"])
async def test_an_address_that_is_none_is_an_upstream_in_trouble(base: str, waits: list[float]):
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    client = Client(endpoint=Endpoint(base), sleep=sleep)
    with pytest.raises(UpstreamDown):
        await ask(client)
    await client.aclose()


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
async def test_no_fault_of_the_network_leaks(fault: type[httpx.TransportError], waits: list[float]):
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def fail(request: httpx.Request) -> httpx.Response:
        raise fault("no", request=request)

    client = Client(endpoint=Endpoint("http://h.example"), transport=httpx.MockTransport(fail), sleep=sleep)
    with pytest.raises(UpstreamDown):
        await ask(client)
    assert len(waits) == 2
