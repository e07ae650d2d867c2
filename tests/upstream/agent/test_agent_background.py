"""Runs that the Agent API does by itself, against a scripted server: submitted once, followed, stopped."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.upstream.agent.agent_fixtures import LIST, TEXT, USAGE, VARN, message, response
from tests.upstream.conftest import Play, ScriptedServer, all_of, collect, head, last, text_in, told
from upstream.agent.background import AgentBackground
from upstream.client import Client
from upstream.endpoints import Endpoint
from upstream.errors import (
    HandOverCut,
    InvalidRequest,
    KeyRefused,
    TooManyRequests,
    UpstreamError,
    WorkFailed,
    WorkLost,
)
from upstream.events import (
    Event,
    Finished,
    SourcesFound,
    Started,
    StatusChanged,
    StepTaken,
    Submitted,
    Submitting,
    UsageReported,
)
from upstream.requests import AskRequest, Turn

JSON = head(kind="application/json")
PAGE = {"url": "https://harbour.example/varn", "title": "harbour.example - Varn", "snippet": "A digest."}
FOUND = {"type": "search_results", "queries": ["varn light", "varn keeper"], "results": [VARN]}
FOUND_LATER = {"type": "search_results", "queries": ["list of lights"], "results": [LIST]}
READ = {"type": "fetch_url_results", "contents": [PAGE]}


def run(**more: Any) -> AskRequest:
    """A question that the service is to work on by itself."""
    fields: dict[str, Any] = {"provider": "agent", "turns": [Turn("user", "When?")], "background": True, "key": "k"}
    return AskRequest(**{"model": "medium", **fields, **more})


def state(status: str, output: Any = (), **more: Any) -> bytes:
    """A run as the service shows it at this moment, which it takes for that of its creation."""
    is_over = status in ("completed", "incomplete")
    usual = {"usage": USAGE if is_over else None, "model": "maker/model" if is_over else "medium"}
    found = response(status, output=list(output)) | usual | {"created_at": int(time.time())} | more
    return json.dumps(found).encode()


def plays_states(scripted: ScriptedServer, *states: bytes) -> None:
    for body in states:
        scripted.plays(JSON, body)


async def asked(client: Client, request: AskRequest | None = None) -> list[Event]:
    events: list[Event] = []
    await collect(client, events, request or run())
    return events


async def failing(client: Client, request: AskRequest | None = None) -> tuple[UpstreamError, list[Event]]:
    events: list[Event] = []
    with pytest.raises(UpstreamError) as caught:
        await collect(client, events, request or run())
    return caught.value, events


def doing(events: list[Event]) -> list[str]:
    return [event.doing for event in all_of(StatusChanged, events)]


def calls(scripted: ScriptedServer) -> list[tuple[str, str]]:
    return [(call.method, call.path) for call in scripted.received]


# --- The usual way ----------------------------------------------------------------------------------------------


async def test_a_run_is_submitted_stored_followed_and_told_as_a_whole(
    scripted: ScriptedServer, client: Client, waits: list[float]
) -> None:
    queued, working = state("queued"), state("in_progress")
    plays_states(scripted, queued, queued, working, working, working, working, working)
    plays_states(scripted, state("completed", [FOUND, FOUND_LATER, message()]))

    events = await asked(client, run(options={"max_tokens": 900}))

    assert told(events)[:2] == ["Submitting", "Submitted"]
    assert last(Submitted, events).job == "resp_1"
    assert doing(events) == ["submitted", "researching"]
    assert text_in(events) == TEXT
    assert isinstance(events[-1], Finished)
    assert last(UsageReported, events).cost
    assert calls(scripted) == [("POST", "/v1/agent"), *[("GET", "/v1/agent/resp_1")] * 7]
    body = scripted.received[0].body
    assert (body["background"], body["store"], body["max_output_tokens"]) == (True, True, 900)
    assert "stream" not in body
    assert {call.headers["accept"] for call in scripted.received} == {"application/json"}
    assert waits[0] == AgentBackground.first_pause
    assert waits == sorted(waits)
    assert max(waits) == AgentBackground.longest_pause


async def test_what_it_has_found_is_told_while_it_works_and_once(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("queued"), state("in_progress", [FOUND]), state("in_progress", [FOUND, READ]))
    plays_states(
        scripted, state("in_progress", [FOUND, READ]), state("completed", [FOUND, READ, FOUND_LATER, message()])
    )

    events = await asked(client)

    steps = all_of(StepTaken, events)
    assert [(step.kind, step.terms) for step in steps] == [
        ("searching", ("varn light", "varn keeper")),
        ("reading", ()),
        ("searching", ("list of lights",)),
    ]
    assert [page.url for page in steps[1].sources] == [PAGE["url"]]
    names = told(events)
    assert names.index("SourcesFound") < names.index("TextDelta" if "TextDelta" in names else "TextReplaced")
    assert [source.url for source in last(SourcesFound, events).sources] == [VARN["url"], LIST["url"]]
    assert doing(events) == ["researching"]
    assert all_of(Started, events)[0].upstream_id == "resp_1"


async def test_whoever_takes_over_is_told_the_steps_from_the_first_one_on(
    scripted: ScriptedServer, client: Client
) -> None:
    plays_states(scripted, state("in_progress", [FOUND, READ]), state("completed", [FOUND, READ, message()]))

    events = await asked(client, run(job="resp_1", submitted_at=time.time() - 30))

    assert [step.kind for step in all_of(StepTaken, events)] == ["searching", "reading"]
    assert not all_of(Submitted, events)
    assert not all_of(Submitting, events)
    assert {method for method, _path in calls(scripted)} == {"GET"}


@pytest.mark.parametrize(
    "item",
    [
        {"type": "search_results", "queries": None, "results": None},
        {"type": "search_results", "queries": [None, 3], "results": [None, "x", {}]},
        {"type": "fetch_url_results", "contents": None},
        {"type": "fetch_url_results", "contents": [None, "x", {"url": 5}]},
        {"type": "of_tomorrow", "payload": {}},
        {"type": None},
        {},
        None,
        "item",
    ],
)
async def test_output_that_nobody_expected_does_not_stop_anything(
    scripted: ScriptedServer, client: Client, item: Any
) -> None:
    plays_states(scripted, state("queued"), state("in_progress", [item, FOUND]), state("completed", [item, message()]))
    assert text_in(await asked(client)) == TEXT


async def test_a_run_that_reached_its_length_ends_with_what_it_has(scripted: ScriptedServer, client: Client) -> None:
    cut = state("incomplete", [message("Half of")], incomplete_details={"reason": "max_output_tokens"})
    plays_states(scripted, state("queued"), cut)
    events = await asked(client)
    assert (text_in(events), events[-1]) == ("Half of", Finished("length"))


# --- How it ends otherwise --------------------------------------------------------------------------------------


async def test_a_run_that_fails_says_why_and_keeps_what_it_had_found(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("queued"), state("failed", [FOUND], error={"message": "The library is closed"}))

    error, events = await failing(client)

    assert isinstance(error, WorkFailed)
    assert "The library is closed" in error.message
    assert not error.repeat
    assert [step.kind for step in all_of(StepTaken, events)] == ["searching"]


async def test_a_run_that_somebody_else_cancelled_does_not_look_like_an_answer(
    scripted: ScriptedServer, client: Client
) -> None:
    cancelled = {"error": {"code": "cancelled", "message": "cancelled", "type": "cancelled"}}
    plays_states(scripted, state("queued"), state("cancelled", [FOUND], **cancelled))
    error, events = await failing(client)
    assert isinstance(error, WorkFailed)
    assert not all_of(Finished, events)


async def test_a_result_that_cannot_be_read_is_given_up(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("queued"), json.dumps(response("completed") | {"output": None}).encode())
    error, _events = await failing(client)
    assert isinstance(error, WorkLost)
    assert "cannot be read" in error.message


async def test_after_an_hour_it_is_called_off_and_that_is_said(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("in_progress", [FOUND]), b'{"response_id": "resp_1", "status": "cancelling"}')
    plays_states(scripted, state("in_progress"), state("cancelled"))

    error, _events = await failing(client, run(job="resp_1", submitted_at=time.time() - 3601))

    assert isinstance(error, WorkLost)
    assert error.message == "This took longer than an hour, so it was stopped. Ask for less at once."
    look, cancel = ("GET", "/v1/agent/resp_1"), ("POST", "/v1/agent/resp_1/cancel")
    assert calls(scripted) == [look, cancel, look, look]


async def test_the_hour_counts_from_the_submission_whatever_the_service_says(
    scripted: ScriptedServer, client: Client
) -> None:
    plays_states(scripted, state("queued", created_at=12), state("completed", [message()], created_at=12))
    assert text_in(await asked(client)) == TEXT


# --- Trouble while it is in work --------------------------------------------------------------------------------


async def test_trouble_while_looking_is_borne_without_submitting_again(
    scripted: ScriptedServer, client: Client
) -> None:
    plays_states(scripted, state("queued"))
    scripted.plays(Play.RESET)
    scripted.plays(head(502, kind="text/html"), b"<html>Bad gateway</html>")
    scripted.plays(JSON, b'{"status": "in_pro')
    scripted.plays(head(kind="text/html"), b"<html>Please sign in to the network</html>")
    scripted.plays(head(404, kind="application/json"), b'{"error": {"message": "resource not found"}}')
    plays_states(scripted, state("completed", [message()]))

    events = await asked(client)

    assert text_in(events) == TEXT
    assert [method for method, _path in calls(scripted)].count("POST") == 1


async def test_a_wait_that_the_service_asks_for_between_looks_is_kept(
    scripted: ScriptedServer, client: Client, waits: list[float]
) -> None:
    plays_states(scripted, state("queued"))
    scripted.plays(head(429, kind="application/json", Retry_After="25"), b"{}")
    plays_states(scripted, state("completed", [message()]))
    await asked(client)
    assert waits == [25]


async def test_a_run_that_nobody_knows_any_more_is_lost_when_that_is_said_three_times(
    scripted: ScriptedServer, client: Client, waits: list[float]
) -> None:
    plays_states(scripted, state("queued"))
    scripted.plays(head(404, kind="application/json"), b'{"error": {"message": "resource not found"}}')
    error, _events = await failing(client)
    assert isinstance(error, WorkLost)
    assert "does not know this run any more" in error.message
    assert len(waits) == 2
    assert [method for method, _path in calls(scripted)].count("POST") == 1


# --- Trouble with the submission: paid for once, or not at all ------------------------------------------------------


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
    assert "it may then be paid for twice" in error.message
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


# --- Stopping it -------------------------------------------------------------------------------------------------


async def test_a_run_is_told_to_stop_and_watched_until_it_has(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, b'{"response_id": "resp_1", "status": "cancelling"}')
    plays_states(scripted, state("in_progress"), state("cancelled"))
    await client.call_off("resp_1", provider="agent")
    look = ("GET", "/v1/agent/resp_1")
    assert calls(scripted) == [("POST", "/v1/agent/resp_1/cancel"), look, look]


@pytest.mark.parametrize("status", [400, 404])
async def test_a_run_that_has_ended_needs_no_stopping(scripted: ScriptedServer, client: Client, status: int) -> None:
    scripted.plays(head(status, kind="application/json"), b'{"error": {"message": "the run is already terminal"}}')
    await client.call_off("resp_1", provider="agent")
    assert len(scripted.received) == 1


async def test_a_run_that_cannot_be_reached_is_told_several_times_and_not_for_ever(
    scripted: ScriptedServer, client: Client, waits: list[float]
) -> None:
    scripted.plays(Play.RESET)
    await client.call_off("resp_1", provider="agent")
    assert {path for _method, path in calls(scripted)} == {"/v1/agent/resp_1/cancel"}
    assert 2 <= len(waits) < 6
    assert sum(waits) < 10


async def test_sonar_is_never_told_to_stop(scripted: ScriptedServer, client: Client) -> None:
    scripted.plays(JSON, b"{}")
    await client.call_off("job-1", provider="sonar")
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


async def test_whoever_goes_away_later_leaves_the_run_alone(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("queued"))
    scripted.plays(Play.HANG)
    events = client.ask(run())
    assert [type(await anext(events)) for _ in range(2)] == [Submitting, Submitted]
    scripted.asked.clear()
    looking = asyncio.ensure_future(anext(events))
    await scripted.asked.wait()
    looking.cancel()
    await asyncio.wait([looking])
    await client.aclose()
    assert ("POST", "/v1/agent/resp_1/cancel") not in calls(scripted)


async def test_the_id_is_a_single_step_of_the_address(scripted: ScriptedServer, client: Client) -> None:
    plays_states(scripted, state("completed", [message()]))
    await asked(client, replace(run(), job="../models?x"))
    assert scripted.received[0].path == "/v1/agent/..%2Fmodels%3Fx"
