"""Runs that the Agent API does by itself, against a scripted server: submitted once, followed, stopped."""

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import LIST, TEXT, VARN, message, response
from tests.upstream.agent.background_fixtures import (
    FOUND,
    FOUND_LATER,
    JSON,
    PAGE,
    READ,
    asked,
    calls,
    doing,
    failing,
    plays_states,
    run,
    state,
)
from tests.upstream.conftest import Play, ScriptedServer, all_of, head, last, text_in, told
from upstream.agent.background import AgentBackground
from upstream.client import Client
from upstream.errors import WorkFailed, WorkLost
from upstream.events import Finished, SourcesFound, Started, StepTaken, Submitted, Submitting, UsageReported

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
    assert "can’t be read" in error.message


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
    assert "no longer knows this run" in error.message
    assert len(waits) == 2
    assert [method for method, _path in calls(scripted)].count("POST") == 1


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
