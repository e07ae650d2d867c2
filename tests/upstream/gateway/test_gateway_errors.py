"""Everything that the gateway can say instead of an answer, in words for people."""

import re

import httpx
import pytest

from tests.upstream.gateway.gateway_fixtures import PNG, Scripted, error, heard, json, on_demo, question
from upstream.drawing import DrawRequest
from upstream.errors import (
    InvalidRequest,
    KeyRefused,
    NoImageReturned,
    SessionExpired,
    TooLarge,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
)
from upstream.requests import Picture

URL = "https://www.perplexity.ai/rest/sse/perplexity_ask"
BEHIND = f"HTTP status client error (429 Too Many Requests) for url ({URL})"

ERRORS = [
    ("unauthorized", "missing or invalid authorization header", 401, KeyRefused, "rejected the API key"),
    ("unauthorized", "api key does not match", 401, KeyRefused, "GATEWAY_API_KEY"),
    ("invalid_model", "unknown model 'x', try one of: turbo, sonar", 400, InvalidRequest, "the model “sonar”"),
    ("perplexity_error", f"perplexity returned 429: {BEHIND}", 502, TooManyRequests, "used up its limit"),
    ("perplexity_error", f"perplexity returned 401: {BEHIND}", 502, SessionExpired, "new cookies"),
    ("perplexity_error", f"perplexity returned 403: {BEHIND}", 502, SessionExpired, "new cookies"),
    ("perplexity_error", f"perplexity returned 503: {BEHIND}", 502, UpstreamDown, "behind the gateway"),
    ("perplexity_error", f"perplexity returned 422: {BEHIND}", 502, UpstreamDown, "rejected what the gateway"),
    ("perplexity_error", "request to Perplexity failed: error decoding", 502, UpstreamDown, "couldn’t reach"),
    ("perplexity_error", "couldn't read the JSON response: expected value", 502, UpstreamDown, "newer version"),
    ("perplexity_error", "invalid UTF-8 in the stream", 502, UpstreamDown, "newer version"),
    ("perplexity_error", "stream ended before anything came back", 502, UpstreamDown, "without giving a reason"),
    ("perplexity_error", "couldn't request attachment upload URLs: x", 502, UpstreamDown, "pass the image on"),
    ("perplexity_error", "couldn't upload the attachment to storage: x", 502, UpstreamDown, "pass the image on"),
    ("perplexity_error", "upload response was missing url", 502, UpstreamDown, "pass the image on"),
    ("perplexity_error", "something new", 502, UpstreamDown, "having problems"),
    ("internal_error", "serialisation", 500, UpstreamDown, "having problems"),
    ("upstream_timeout", "the request took longer than 120s", 504, UpstreamDown, "the 120 seconds"),
    ("upstream_timeout", "request took longer than 300s", 504, UpstreamDown, "the 300 seconds"),
    ("upstream_timeout", "setting up the stream took longer than 30s", 504, UpstreamDown, "the 30 seconds"),
    ("upstream_timeout", "later", 504, UpstreamDown, "longer than the gateway waits"),
    ("invalid_request", "query can't be empty", 400, InvalidRequest, "no question"),
    ("invalid_request", "unknown source 'x', try one of: web, scholar, social", 400, InvalidRequest, "social media"),
    ("invalid_request", "attachments are only supported in search mode", 400, InvalidRequest, "search models"),
    ("invalid_request", "research mode doesn't take a model", 400, InvalidRequest, "its own model"),
    ("invalid_request", "missing field `query` at line 1 column 2", 400, InvalidRequest, "as it was asked"),
    ("new_code", "whatever", 400, UpstreamDown, "having problems"),
]


async def refused(reply: httpx.Response, *, key: str = "") -> UpstreamError:
    _events, failure = await heard(Scripted(reply).gateway(key=key), question())
    assert failure is not None
    return failure


@pytest.mark.parametrize(("code", "message", "status", "kind", "words"), ERRORS)
async def test_every_error_has_its_sentence(
    code: str, message: str, status: int, kind: type[UpstreamError], words: str
) -> None:
    failure = await refused(error(code, message, status))
    assert type(failure) is kind
    assert words in failure.message
    assert failure.message.endswith(".")
    assert "perplexity.ai" not in failure.message
    assert "column" not in failure.message


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (httpx.Response(404), Withdrawn, "There is no gateway"),
        (httpx.Response(405, headers={"Allow": "POST"}), Withdrawn, "There is no gateway"),
        (httpx.Response(301, headers={"Location": "https://x.example"}), Withdrawn, "GATEWAY_BASE_URL"),
        (httpx.Response(413, text="Failed to buffer the request body: length limit exceeded"), TooLarge, "too large"),
        (httpx.Response(400, text="duplicate field `pretty`"), InvalidRequest, "as it was asked"),
        (httpx.Response(401), KeyRefused, "rejected the API key"),
        (httpx.Response(403, text="<html>no</html>"), KeyRefused, "rejected the API key"),
        (httpx.Response(429), TooManyRequests, "too many questions"),
        (httpx.Response(500), UpstreamDown, "having problems"),
        (httpx.Response(502, text="<html>secret-4711</html>"), UpstreamDown, "having problems"),
        (json(["error"], 500), UpstreamDown, "having problems"),
        (json({"error": "boo"}, 418), InvalidRequest, "as it was asked"),
        (json({"error": {"code": 7, "message": ["x"]}}, 502), UpstreamDown, "having problems"),
    ],
)
async def test_plain_and_empty_bodies_have_sentences_too(reply: httpx.Response, kind: type, words: str) -> None:
    failure = await refused(reply)
    assert type(failure) is kind
    assert words in failure.message
    assert "4711" not in failure.message


async def test_the_key_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    failure = await refused(error("perplexity_error", "bad opensesame-4711 here", 502), key="opensesame-4711")
    assert "opensesame-4711" not in failure.message + caplog.text
    assert "opensesame-4711" not in repr(Scripted().gateway(key="opensesame-4711"))


async def test_a_key_that_cannot_be_one_is_not_sent() -> None:
    script = Scripted(json({}))
    _events, failure = await heard(script.gateway(key="schlüssel"), question())
    assert isinstance(failure, KeyRefused)
    with pytest.raises(KeyRefused):
        await script.gateway(key="a\nb").models()
    assert script.asked == []


REJECTIONS = {
    "unsupported_type": (400, InvalidRequest, "PNG or JPEG"),
    "too_large": (400, TooLarge, "smaller copy"),
    "too_small": (400, InvalidRequest, "too small"),
    "no_name": (400, InvalidRequest, "name"),
    "failed_moderation": (400, InvalidRequest, "against its rules"),
    "image_failed_moderation": (400, InvalidRequest, "against its rules"),
    "failed_security_check": (400, InvalidRequest, "security check"),
    "attachments_disabled_by_organization": (400, InvalidRequest, "turned attachments off"),
    "rate_limited": (502, TooManyRequests, "accepts no more images"),
    "something_new": (502, InvalidRequest, "rejected this image"),
}


@pytest.mark.parametrize("code", REJECTIONS)
async def test_a_picture_that_is_rejected_is_told_why(code: str) -> None:
    status, kind, words = REJECTIONS[code]
    reply = error(
        "invalid_request" if status == 400 else "perplexity_error", f"perplexity rejected the upload: {code}", status
    )
    with pytest.raises(UpstreamError) as caught:
        await Scripted(reply).gateway().upload(Picture("image/png", PNG), "a.png")
    assert type(caught.value) is kind
    assert words in caught.value.message


UPLOADS = {
    "couldn't read uploaded file 'a.png': Error parsing `multipart/form-data` request": TooLarge,
    "couldn't read multipart data: x": TooLarge,
    "uploaded file 'a.png' exceeds the 10485760-byte limit": TooLarge,
    "uploaded file 'a.png' is empty": InvalidRequest,
    "uploaded file 'a.png' is not a supported image": InvalidRequest,
    "unsupported content type 'unknown', use an image file": InvalidRequest,
    "at most 10 files are allowed": InvalidRequest,
}


@pytest.mark.parametrize("message", UPLOADS)
async def test_a_picture_that_is_refused_is_told_why(message: str) -> None:
    with pytest.raises(UpstreamError) as caught:
        await Scripted(error("invalid_request", message, 400)).gateway().upload(Picture("image/png", PNG), "a.png")
    assert type(caught.value) is UPLOADS[message]
    assert "a.png" not in caught.value.message
    assert re.search(r"image|too large", caught.value.message)


async def test_words_instead_of_a_picture_are_an_error_of_their_own() -> None:
    with pytest.raises(NoImageReturned, match="It answered in words instead of drawing"):
        await on_demo().draw(DrawRequest("a boat #demo:text_only"))
    empty = {"id": "req_1", "model": "sonar", "prompt": "a boat", "images": [], "answer": "No."}
    with pytest.raises(NoImageReturned):
        await Scripted(json(empty)).gateway().draw(DrawRequest("a boat"))
