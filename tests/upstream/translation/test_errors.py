"""What the upstream answers instead of an answer, over real HTTP, as our family of errors."""

import json
from typing import Any

import pytest

from tests.upstream.conftest import ScriptedServer, collect, head, question
from upstream.client import Client
from upstream.errors import (
    BadKey,
    CutOff,
    InvalidRequest,
    KeyRefused,
    NoAccess,
    NoCredits,
    ServiceEnded,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WrongKindOfKey,
)

HTML = b"<html><head><title>Oops</title></head><body><center>openresty</center><script>x()</script></body></html>"
FAMILY = {
    301: Withdrawn,
    302: Withdrawn,
    308: Withdrawn,
    400: InvalidRequest,
    401: KeyRefused,
    402: NoCredits,
    403: KeyRefused,
    404: Withdrawn,
    405: Withdrawn,
    408: UpstreamDown,
    409: UpstreamDown,
    410: Withdrawn,
    413: InvalidRequest,
    415: InvalidRequest,
    422: InvalidRequest,
    429: TooManyRequests,
    451: InvalidRequest,
    500: UpstreamDown,
    502: UpstreamDown,
    503: UpstreamDown,
    504: UpstreamDown,
    520: UpstreamDown,
    524: UpstreamDown,
    599: UpstreamDown,
}
BODIES = {
    "json": json.dumps({"error": {"message": "No.", "type": "x", "code": 1}}).encode(),
    "html": HTML,
    "empty": b"",
    "text": b"upstream connect error or disconnect/reset before headers",
    "odd json": b'{"error": [1], "detail": {"a": 1}, "message": 7}',
    "list": b"[null]",
    "cut": b'{"error": {"message": "No',
    "not utf-8": b"\xff\xfe\x00",
}


async def refused(scripted: ScriptedServer, client: Client, status: int, body: bytes, **more: Any) -> UpstreamError:
    model = more.pop("model", "sonar")
    scripted.plays(head(status, X_Should_Retry="false", X_Request_ID="req-2", **more), body)
    with pytest.raises(UpstreamError) as caught:
        await collect(client, [], question(model=model))
    return caught.value


def envelope(message: Any, kind: str = "bad_request", code: int = 400) -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "code": code}}).encode()


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("status", FAMILY)
async def test_every_status_with_every_kind_of_body_has_its_sentence(
    scripted: ScriptedServer, client: Client, status: int, body: bytes
):
    error = await refused(scripted, client, status, body, kind="text/html")
    assert type(error) is FAMILY[status]
    assert (error.status, error.request_id) == (status, "req-2")
    assert len(error.message) > 30
    assert not set("<>{}") & set(error.message)


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        (KeyRefused, False),
        (Withdrawn, False),
        (InvalidRequest, False),
        (TooManyRequests, True),
        (UpstreamDown, True),
        (CutOff, True),
    ],
)
def test_errors_say_whether_asking_again_can_help(kind: type[UpstreamError], retryable: bool):
    error = kind()
    assert (error.retryable, error.message) == (retryable, kind.default_message)
    assert str(error) == error.message


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, envelope("max_tokens must be at least 16 for sonar."), "max_tokens must be at least 16 for sonar."),
        (400, b'{"error": "plain words"}', "plain words"),
        (400, b'{"detail": "in detail"}', "in detail"),
        (400, b'{"message": "on top"}', "on top"),
        (400, b'{"error": {"message": ""}, "detail": "second choice"}', "second choice"),
        (422, b'{"detail": [{"loc": ["body", "top_p"], "msg": "too big"}, "and", 3]}', "top_p: too big; and"),
        (422, b'{"detail": [{"msg": "no place"}, {"loc": 5, "msg": "odd place"}]}', "no place; odd place"),
        (400, envelope("two\nlines\tand\u202e tricks\x00"), "two lines and tricks"),
        (400, envelope("x" * 1000), "x" * 300 + "…"),
    ],
)
async def test_a_refused_question_quotes_the_upstream(
    scripted: ScriptedServer, client: Client, status: int, body: bytes, said: str
):
    error = await refused(scripted, client, status, body)
    assert error.message == f"{InvalidRequest.default_message} It says: {said}"


@pytest.mark.parametrize("words", ["<b>no</b>", "see <!-- x", "a <script", "</html>", "  ", None, 7, {"a": 1}])
async def test_markup_and_nonsense_are_not_quoted(scripted: ScriptedServer, client: Client, words: Any):
    error = await refused(scripted, client, 400, envelope(words))
    assert error.message == InvalidRequest.default_message


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_other_statuses_quote_nothing(scripted: ScriptedServer, client: Client, status: int):
    error = await refused(scripted, client, status, envelope("internal: host db-7"))
    assert "db-7" not in error.message


@pytest.mark.parametrize("secret", ["pplx-secret", "pplx-other-key_1", "Bearer abc.def", "sk-abcdefgh12345"])
async def test_no_key_is_ever_quoted(scripted: ScriptedServer, client: Client, secret: str):
    error = await refused(scripted, client, 400, envelope(f"bad header {secret} here"))
    assert secret not in error.message
    assert "bad header … here" in error.message


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, envelope("Invalid model 'x'. Permitted models can be found in the documentation.", "invalid_model")),
        (404, envelope("no such thing", "invalid_model", 404)),
        (404, b'{"error": {"message": "x", "type": "invalid_request_error", "code": "model_not_found"}}'),
        (404, b'{"error": {"message": "model \\"x\\" not found, try pulling it first", "type": "api_error"}}'),
        (400, b'{"error": "The model `x` does not exist"}'),
    ],
)
async def test_an_unknown_model_is_named(scripted: ScriptedServer, client: Client, status: int, body: bytes):
    error = await refused(scripted, client, status, body, model="sonar-ultra")
    assert type(error) is InvalidRequest
    assert "“sonar-ultra”" in error.message
    assert "Choose another" in error.message


async def test_a_retired_model_offers_its_successor(scripted: ScriptedServer, client: Client):
    error = await refused(scripted, client, 400, envelope("Invalid model", "invalid_model"), model="sonar-reasoning")
    assert type(error) is InvalidRequest
    assert "retired the model sonar-reasoning on 2025-12-15" in error.message
    assert "sonar-reasoning-pro instead" in error.message


async def test_a_path_that_is_gone_is_no_unknown_model(scripted: ScriptedServer, client: Client):
    error = await refused(scripted, client, 404, b'{"error": {"message": "Not Found", "code": 404}}')
    assert type(error) is Withdrawn


async def test_too_large_a_question_says_to_shorten_it(scripted: ScriptedServer, client: Client):
    error = await refused(scripted, client, 413, HTML)
    assert "too large" in error.message
    assert "Shorten" in error.message


async def test_a_wait_is_told_and_never_longer_than_a_day(scripted: ScriptedServer, client: Client):
    assert (await refused(scripted, client, 429, b"", Retry_After="120")).wait == 120
    assert (await refused(scripted, client, 429, b"", Retry_After="1e300")).wait == 86_400
    assert (await refused(scripted, client, 429, b"")).wait is None


async def test_a_huge_refusal_is_not_read_to_its_end(scripted: ScriptedServer, client: Client):
    scripted.plays(head(400), b'{"error": {"message": "' + b"x" * 100_000, *[b"x" * 1024 * 1024] * 200)
    with pytest.raises(InvalidRequest) as caught:
        await anext(client.ask(question()))
    assert caught.value.message == InvalidRequest.default_message


GOOD_KEY_BUT_ENDED = "Sonar is now the Agent API. Use `/v1/responses` instead of `/chat/completions`."


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
@pytest.mark.parametrize(
    "body",
    [
        envelope("It has moved.", "chat_completions_not_available", 403),
        envelope("It has moved.", "agent_api_migration_required", 403),
        json.dumps({"error": {"message": "It has moved.", "code": "agent_api_migration_required"}}).encode(),
        envelope(GOOD_KEY_BUT_ENDED, "forbidden", 403),
        json.dumps({"detail": GOOD_KEY_BUT_ENDED}).encode(),
    ],
    ids=["type", "other type", "code", "sentence", "sentence elsewhere"],
)
async def test_the_end_of_a_service_is_read_from_the_body_whatever_the_status(
    scripted: ScriptedServer, client: Client, status: int, body: bytes
):
    error = await refused(scripted, client, status, body)
    assert type(error) is ServiceEnded
    assert (error.repeat, error.status) == (False, status)
    assert "has discontinued this service" in error.message


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, envelope("Invalid API key provided.", "invalid_api_key", 401), BadKey),
        (401, HTML, KeyRefused),
        (401, envelope("Your credits are used up.", "unauthorized", 401), NoCredits),
        (403, envelope("", "insufficient_quota", 403), NoCredits),
        (403, envelope("Not allowed.", "forbidden", 403), WrongKindOfKey),
        (403, envelope("Organization API keys cannot be used here.", "permission_denied", 403), WrongKindOfKey),
        (401, envelope("Use a key of a project, not of the organisation.", "forbidden", 401), WrongKindOfKey),
        (403, envelope("Your plan does not include this model.", "forbidden", 403), NoAccess),
        (403, envelope("", "tier_required", 403), NoAccess),
        (403, envelope("No.", "permission_denied", 403), KeyRefused),
        (403, HTML, KeyRefused),
    ],
)
async def test_each_thing_that_can_be_wrong_with_a_key_has_its_own_sentence(
    scripted: ScriptedServer, client: Client, status: int, body: bytes, kind: type[KeyRefused]
):
    error = await refused(scripted, client, status, body)
    assert type(error) is kind
    assert (error.message, error.repeat) == (kind.default_message, False)


def test_no_two_sentences_about_keys_are_the_same():
    kinds = (KeyRefused, BadKey, NoCredits, WrongKindOfKey, NoAccess, ServiceEnded)
    assert len({kind.default_message for kind in kinds}) == len(kinds)
