"""A run is handed over to the Agent API once, whatever happens on the way: paid for once, or not at all."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.upstream.agent.agent_fixtures import TEXT, message
from tests.upstream.agent.background_fixtures import JSON, asked, calls, doing, failing, plays_states, run, state
from tests.upstream.conftest import Play, ScriptedServer, head, text_in, told
from upstream.client import Client
from upstream.endpoints import Endpoint
from upstream.errors import HandOverCut, InvalidRequest, KeyRefused, TooManyRequests, UpstreamError
from upstream.events import Submitting


@pytest.mark.parametrize(
    ("status", "error"), [(401, KeyRefused), (400, InvalidRequest), (422, InvalidRequest), (413, InvalidRequest)]
)
async def test_a_submission_that_is_refused_says_so(
    scripted: ScriptedServer, client: Client, status: int, error: type[UpstreamError]
) -> None:
    scripted.plays(head(status, kind="application/json"), b'{"error": {"message": "no"}}')
    failure, _events = await failing(client)
    assert isinstance(failure, error)
    assert not isinstance(failure, HandOverCut)
    assert len(scripted.received) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_service_that_takes_nothing_at_the_moment_is_asked_again(
    scripted: ScriptedServer, client: Client, status: int
) -> None:
    for _ in range(2):
        scripted.plays(head(status, kind="application/json", Retry_After="3"), b"{}")
    plays_states(scripted, state("queued"), state("completed", [message()]))

    events = await asked(client)

    assert text_in(events) == TEXT
    assert [name for name in told(events) if name.startswith("Submit")] == [*["Submitting"] * 3, "Submitted"]
    assert doing(events)[:2] == ["retrying", "retrying"]


async def test_a_service_that_wants_a_long_wait_leaves_that_to_the_person(
    scripted: ScriptedServer, client: Client
) -> None:
    scripted.plays(head(429, kind="application/json", Retry_After="600"), b"{}")
    failure, _events = await failing(client)
    assert isinstance(failure, TooManyRequests)
    assert failure.wait == 600


@pytest.mark.parametrize(
    "steps",
    [
        [Play.RESET],
        [head(500, kind="application/json"), b"{}"],
        [head(502, kind="text/html"), b"<html></html>"],
        [head(504, kind="text/html"), b"<html></html>"],
        [head(524, kind="text/html"), b"<html></html>"],
        [JSON, b'{"id": "resp_1", "sta'],
        [JSON, b'{"status": "queued"}'],
        [JSON, b'{"id": "", "status": "queued"}'],
    ],
)
async def test_a_submission_of_which_nobody_knows_whether_it_arrived_is_not_repeated(
    scripted: ScriptedServer, client: Client, steps: list[Any]
) -> None:
    scripted.plays(*steps)

    error, events = await failing(client)

    assert isinstance(error, HandOverCut)
    assert "it may be charged twice" in error.message
    assert error.retryable
    assert len(scripted.received) == 1
    assert told(events) == ["Submitting"]


def client_over(handle: Callable[[httpx.Request], httpx.Response]) -> Client:
    async def at_once(_seconds: float) -> None:
        pass

    endpoint = Endpoint("http://agent.example", api_key="pplx-secret")
    return Client(endpoint=endpoint, transport=httpx.MockTransport(handle), sleep=at_once)


async def test_a_submission_that_is_never_replied_to_is_not_repeated() -> None:
    received: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        received.append(request.method)
        raise httpx.ReadTimeout("no answer in time", request=request)

    error, _events = await failing(client_over(handle))

    assert isinstance(error, HandOverCut)
    assert received == ["POST"]


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_a_submission_that_never_left_is_repeated(fault: type[httpx.TransportError]) -> None:
    received: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        received.append(request.method)
        if len(received) < 4:
            raise fault("nobody there", request=request)
        body = state("queued") if request.method == "POST" else state("completed", [message()])
        return httpx.Response(200, content=body, headers={"Content-Type": "application/json"})

    assert text_in(await asked(client_over(handle))) == TEXT
    assert received == ["POST"] * 4 + ["GET"]


async def test_a_submission_to_a_port_where_nobody_listens_never_left() -> None:
    async def at_once(_seconds: float) -> None:
        pass

    nobody = Client(endpoint=Endpoint("http://127.0.0.1:9"), sleep=at_once)
    error, events = await failing(nobody)
    await nobody.aclose()
    assert not isinstance(error, HandOverCut)
    assert doing(events) == ["retrying"] * 5


async def test_nothing_leaves_before_it_is_on_record_that_it_will(scripted: ScriptedServer, client: Client) -> None:
    events = client.ask(run())
    assert await anext(events) == Submitting()
    await events.aclose()
    assert not scripted.received


async def test_whoever_goes_away_while_it_is_submitted_leaves_no_run_behind(
    scripted: ScriptedServer, client: Client
) -> None:
    scripted.plays(0.3, JSON, state("queued"))
    plays_states(scripted, b'{"response_id": "resp_1", "status": "cancelling"}', state("cancelled"))
    events = client.ask(run())
    assert await anext(events) == Submitting()
    submitting = asyncio.ensure_future(anext(events))
    await scripted.asked.wait()

    submitting.cancel()
    await asyncio.wait([submitting])
    assert submitting.cancelled()
    await client.aclose()

    assert calls(scripted)[:2] == [("POST", "/v1/agent"), ("POST", "/v1/agent/resp_1/cancel")]


async def test_a_run_that_is_done_when_its_submission_is_answered_is_not_asked_after(
    scripted: ScriptedServer, client: Client
) -> None:
    plays_states(scripted, state("completed", [message()]))

    events = await asked(client)

    assert text_in(events) == TEXT
    assert calls(scripted) == [("POST", "/v1/agent")]
