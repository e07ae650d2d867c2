"""The client asks the Agent API over real HTTP: endings, failures, and whether it is there."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import TEXT, completed, created, delta, response, told, whole_stream
from tests.upstream.conftest import Play, ScriptedServer, frame, head, text_in
from upstream.client import Client, Endpoint
from upstream.errors import (
    CutOff,
    InvalidRequest,
    KeyRefused,
    NoCredits,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WorkFailed,
)
from upstream.events import Event, Finished
from upstream.requests import AskRequest, Turn

MakeClient = Callable[..., Client]
QUESTION = AskRequest(model="perplexity/sonar", provider="agent", turns=[Turn("user", "When?")])


async def events_of(client: Client, request: AskRequest = QUESTION) -> list[Event]:
    return [event async for event in client.ask(request)]


def stream(*events: dict[str, Any]) -> bytes:
    return b"".join(map(frame, events))


async def test_a_question_goes_to_the_agents_path_and_comes_back(scripted: ScriptedServer, client: Client) -> None:
    scripted.plays(head(X_Request_ID="req-7"), stream(*whole_stream()))

    events = await events_of(client)

    assert text_in(events) == TEXT
    assert events[-1] == Finished("stop")
    assert scripted.received[0].path == "/v1/agent"
    assert scripted.received[0].headers["authorization"] == "Bearer pplx-secret"
    assert scripted.received[0].body["model"] == "perplexity/sonar"


async def test_a_service_that_answers_whole_where_a_stream_was_asked_for(
    scripted: ScriptedServer, client: Client
) -> None:
    scripted.plays(head(kind="application/json"), json.dumps(response()).encode())
    assert text_in(await events_of(client)) == TEXT


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://api.example", "/v1/agent", "https://api.example/v1/agent"),
        ("https://api.example/", "v1/responses", "https://api.example/v1/responses"),
        ("https://api.example/v1", "/v1/agent", "https://api.example/v1/agent"),
        ("https://api.example/below", "/v1/agent", "https://api.example/below/v1/agent"),
    ],
)
def test_where_the_agent_is(base: str, path: str, url: str) -> None:
    assert Endpoint(base, agent_path=path).url_of("agent") == url


async def test_a_provider_that_nobody_knows_is_refused(client: Client) -> None:
    with pytest.raises(InvalidRequest):
        await events_of(client, AskRequest(model="x", provider="oracle", turns=QUESTION.turns))


# --- What goes wrong -------------------------------------------------------------------------------------------------


async def failing(client: Client) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        await events_of(client)
    return caught.value


@pytest.mark.parametrize("body", [stream(*whole_stream()[:-1]), stream(created(), delta("The")) + b"data: [DONE]\n\n"])
async def test_a_close_without_the_last_event_is_cut_off(scripted: ScriptedServer, client: Client, body: bytes) -> None:
    scripted.plays(head(), body)
    assert isinstance(await failing(client), CutOff)
    assert len(scripted.received) == 1


@pytest.mark.parametrize(
    ("error", "expected", "words"),
    [
        ({"message": "A tool <b>broke</b>"}, WorkFailed, "gave up partway."),
        ({"message": "The tool broke"}, WorkFailed, "It says: The tool broke"),
        ({"message": "see pplx-secret", "type": "server_error"}, WorkFailed, "It says: see …"),
        ({"message": "slow down", "type": "request_rate_limit_exceeded"}, TooManyRequests, "too many questions"),
        ({"message": "no credits", "code": "insufficient_quota"}, NoCredits, "credits"),
        ({"message": "who?", "type": "authentication_error"}, KeyRefused, "key"),
        ({"message": "too many tokens", "type": "invalid_request"}, InvalidRequest, "It says: too many tokens"),
        ({"message": "model x/y not found", "type": "invalid_model"}, InvalidRequest, "doesn’t know the model"),
        ({"message": "busy", "code": "503"}, UpstreamDown, "having problems"),
        ({"message": "busy", "type": "overloaded_error"}, UpstreamDown, "having problems"),
        (None, WorkFailed, "gave up partway."),
    ],
)
@pytest.mark.parametrize("shape", ["event", "closing", "whole"])
async def test_a_failed_run_says_why(
    scripted: ScriptedServer,
    client: Client,
    shape: str,
    error: dict[str, Any] | None,
    expected: type[UpstreamError],
    words: str,
) -> None:
    failed = response("failed", output=[], usage=None, error=error)
    if shape == "whole":
        scripted.plays(head(kind="application/json"), json.dumps(failed).encode())
    else:
        event = told("failed", error=error) if shape == "event" else completed(status="failed", output=[], error=error)
        scripted.plays(head(), stream(created(), event))

    found = await failing(client)

    assert type(found) is expected
    assert words in found.message
    assert "<" not in found.message
    assert "pplx-secret" not in found.message


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (told("cancelled", response=response("cancelled")), "told to stop"),
        (completed(status="requires_action"), "can’t provide"),
    ],
)
async def test_other_ends_are_told(scripted: ScriptedServer, client: Client, event: dict[str, Any], words: str) -> None:
    scripted.plays(head(), stream(created(), event))
    found = await failing(client)
    assert words in found.message
    assert len(scripted.received) == 1


async def test_a_failure_after_words_is_cut_off(scripted: ScriptedServer, client: Client) -> None:
    scripted.plays(head(), stream(created(), delta("The"), told("failed", error={"message": "no"})))
    assert isinstance(await failing(client), CutOff)


async def test_an_unknown_field_is_told_as_the_service_tells_it(scripted: ScriptedServer, client: Client) -> None:
    error = {"message": 'invalid request body: json: unknown field "x"', "type": "invalid_request", "param": "x"}
    scripted.plays(head(400, "application/json"), json.dumps({"error": error}).encode())
    found = await failing(client)
    assert isinstance(found, InvalidRequest)
    assert 'unknown field "x"' in found.message


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X_RateLimit_Reset_Requests": "90"}, 90),
        ({"X_RateLimit_Reset_Requests": "1m30s"}, 90),
        ({"X_RateLimit_Reset": "500ms"}, 0.5),
        ({"X_RateLimit_Reset": "soon"}, None),
        ({"X_RateLimit_Reset_Requests": "90", "Retry_After": "120"}, 120),
        ({}, None),
    ],
)
async def test_too_many_requests_name_a_wait(
    scripted: ScriptedServer, client: Client, headers: dict[str, str], wait: float | None
) -> None:
    error = {"message": "slow down", "type": "request_rate_limit_exceeded", "code": 429}
    scripted.plays(
        head(429, "application/json", X_Should_Retry="false", **headers), json.dumps({"error": error}).encode()
    )
    found = await failing(client)
    assert isinstance(found, TooManyRequests)
    assert found.wait == wait


async def test_a_reset_may_be_a_moment(scripted: ScriptedServer, client: Client) -> None:
    moment = datetime.now(UTC).timestamp() + 100
    scripted.plays(head(429, "application/json", X_Should_Retry="false", X_RateLimit_Reset=str(int(moment))), b"{}")
    wait = (await failing(client)).wait
    assert wait is not None
    assert 90 < wait <= 100


# --- Whether it is there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["sonar", "agent"])
@pytest.mark.parametrize(
    ("script", "there"),
    [
        ((head(400, "application/json"), b'{"error":{"message":"Field required"}}'), True),
        ((head(422, "application/json"), b"{}"), True),
        ((head(401, "text/html"), b"<html>"), True),
        ((head(403, "application/json"), b'{"error":{"message":"No.","type":"forbidden"}}'), True),
        ((head(403, "application/json"), b'{"error":{"type":"chat_completions_not_available"}}'), False),
        ((head(403, "application/json"), b'{"error":{"code":"agent_api_migration_required"}}'), False),
        ((head(429), b""), True),
        ((head(200, "application/json"), b"{}"), True),
        ((head(404, "application/json"), b'{"error":{"message":"Invalid model"}}'), True),
        ((head(404, "text/html"), b"<html>"), False),
        ((head(405), b""), False),
        ((head(410, "application/json"), b"{}"), False),
        ((head(200, "text/html"), b"<html>Sign in"), None),
        ((head(302, Location="/login"), b""), None),
        ((head(502, "text/html"), b"<html>"), None),
        ((Play.RESET,), None),
    ],
)
async def test_an_empty_request_tells_whether_a_service_is_there(
    scripted: ScriptedServer, client: Client, provider: str, script: tuple[Any, ...], there: bool | None
) -> None:
    scripted.plays(*script)

    assert await client.offers(provider) is there

    assert scripted.received[0].method == "POST"
    assert scripted.received[0].body == ({"effort": "fast", "input": ""} if provider == "agent" else {})
    assert scripted.received[0].path == ("/v1/agent" if provider == "agent" else "/chat/completions")


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_a_service_that_is_gone_is_told_apart(scripted: ScriptedServer, client: Client, status: int) -> None:
    scripted.plays(head(status, "text/html"), b"<html>")
    found = await failing(client)
    assert isinstance(found, Withdrawn)
    assert found.status == status
