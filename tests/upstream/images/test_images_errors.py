"""Every refusal of an image service in words, and which of them are asked once more or may have been charged for."""

import logging

import httpx
import pytest

from tests.upstream.conftest import Play, ScriptedServer
from tests.upstream.images.image_fixtures import KEY, Scripted, complaint, json, on_demo, refused
from upstream.drawing import DrawRequest
from upstream.endpoints import Endpoint
from upstream.errors import DrawingUncertain
from upstream.images.client import ImageService

HTML = "<!doctype html><html><body><h1>502 Bad Gateway</h1>nginx</body></html>"

SAFETY = "Your request was rejected by the safety system. request_id req_1"


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (complaint(SAFETY, 400, code="moderation_blocked"), "invalid", "against its rules"),
        (complaint("No.", 400, code="content_policy_violation"), "invalid", "Put it in other words. It says: No."),
        (complaint(SAFETY, 400), "invalid", "It says: Your request was rejected by the safety system."),
        (complaint("Invalid value: '512x512'.", 400, param="size"), "invalid", "doesn’t draw in the size 512x512"),
        (json({"error": "invalid value for 'size'"}, 500), "invalid", "doesn’t draw in the size 512x512"),
        (complaint("gone", 404, code="model_not_found"), "invalid", "doesn’t know the model “sd-turbo”"),
        (complaint("The model `x` does not exist.", 404), "invalid", "doesn’t know the model “sd-turbo”"),
        (
            complaint("Unknown parameter: 'response_format'.", 400, param="response_format"),
            "invalid",
            "leave IMAGES_RESPONSE_FORMAT empty",
        ),
        (complaint("string too long", 400, param="prompt"), "invalid", "The prompt is too long"),
        (complaint("n must be 1", 400, param="n"), "invalid", "didn’t accept the request. It says: n"),
        (complaint("Incorrect API key", 401, code="invalid_api_key"), "key_refused", "check IMAGES_API_KEY"),
        (complaint("must be verified", 403), "key_refused", "isn’t allowed to do this"),
        (complaint("quota", 429, code="insufficient_quota"), "key_refused", "no credits left"),
        (json({"error": "insufficient balance"}, 402), "key_refused", "no credits left"),
        (httpx.Response(413, text="too large"), "too_large", "Shorten it."),
        (httpx.Response(404, html=HTML), "withdrawn", "correct IMAGES_BASE_URL"),
        (httpx.Response(405), "withdrawn", "correct IMAGES_BASE_URL"),
        (httpx.Response(200, html=HTML), "withdrawn", "correct IMAGES_BASE_URL"),
        (httpx.Response(200, json=[]), "down", "can’t be read as an answer"),
        (httpx.Response(200, content=b"{"), "down", "can’t be read as an answer"),
        (httpx.Response(500, text="CUDA out of memory"), "down", "It says: CUDA out of memory"),
        (json({"error": "server_error", "message": "no"}, 500), "down", "It says: server_error"),
        (httpx.Response(502, html=HTML), "down", "having problems right now."),
        (httpx.Response(504, html=HTML), "down", "It may still be drawing"),
        (httpx.Response(503), "down", "busy right now. Wait a while"),
    ],
)
async def test_every_refusal_reads_like_a_sentence(reply: httpx.Response, kind: str, words: str) -> None:
    error = await refused(Scripted(reply).service(key=KEY))
    assert (error.kind, words in error.message) == (kind, True), error.message
    assert "<" not in error.message


async def test_a_service_that_wants_a_key_says_so_where_none_is_set() -> None:
    error = await refused(Scripted(complaint("You didn't provide an API key.", 401)).service())
    assert error.message == "The image service requires an API key. Ask your administrator to set IMAGES_API_KEY."


async def test_without_a_model_a_complaint_about_it_is_for_the_operator() -> None:
    reply = complaint("you must provide a model parameter", 400, param="model")
    error = await refused(Scripted(reply).service(), DrawRequest("A boat"))
    assert "set IMAGES_MODELS" in error.message


async def test_a_busy_service_is_asked_once_more_after_the_time_that_it_names() -> None:
    drawn = json({"data": [{"b64_json": "aGFyYm91cg=="}]})
    for busy in (httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503, headers={"Retry-After": "7"})):
        script = Scripted(busy, drawn)
        response = await script.service().draw(DrawRequest("A boat"))
        assert response.images[0].data == b"harbour"
        assert script.slept == [7.0]
    script = Scripted(httpx.Response(429, headers={"Retry-After": "7"}))
    error = await refused(script.service())
    assert error.kind == "too_many_requests"
    assert "It asks you to wait 7 seconds" in error.message
    assert len(script.asked) == 2


async def test_nobody_waits_longer_than_a_minute_for_it() -> None:
    script = Scripted(httpx.Response(429, headers={"Retry-After": "3600"}))
    error = await refused(script.service())
    assert "It asks you to wait 60 minutes" in error.message
    assert (len(script.asked), script.slept) == (1, [])


@pytest.mark.parametrize("status", [400, 401, 403, 500, 502, 504])
async def test_what_would_end_the_same_way_is_not_asked_twice(status: int) -> None:
    script = Scripted(httpx.Response(status))
    await refused(script.service())
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("fault", "calls", "is_uncertain"),
    [
        (httpx.ConnectError("no route"), 2, False),
        (httpx.ConnectTimeout("no route"), 2, False),
        (httpx.ReadTimeout("silence"), 1, True),
        (httpx.ReadError("reset"), 1, True),
        (httpx.RemoteProtocolError("cut"), 1, True),
    ],
)
async def test_only_a_service_that_was_not_reached_is_asked_again(
    fault: Exception, calls: int, is_uncertain: bool
) -> None:
    script = Scripted(fault)
    error = await refused(script.service())
    assert (error.kind, isinstance(error, DrawingUncertain)) == ("down", is_uncertain)
    assert len(script.asked) == calls


async def test_a_line_that_breaks_after_the_request_may_have_been_charged_for(
    scripted: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.plays(Play.RESET)
    service = ImageService(endpoint=Endpoint(scripted.url))
    error = await refused(service)
    assert isinstance(error, DrawingUncertain)
    assert "ConnectTimeout" not in caplog.text  # by that name httpx's transport knows a line that was cut
    assert "The connection to the image service failed (Client" in caplog.text
    assert len(scripted.received) == 1
    await service.aclose()
    nobody = ImageService(endpoint=Endpoint("http://127.0.0.1:9"), backoff=0)
    error = await refused(nobody)
    assert error.message == "The image service can’t be reached right now."
    assert not isinstance(error, DrawingUncertain)
    await nobody.aclose()


async def test_silence_for_too_long_may_have_been_charged_for(scripted: ScriptedServer) -> None:
    scripted.plays(Play.HANG)
    service = ImageService(endpoint=Endpoint(scripted.url), read_timeout=0.2)
    error = await refused(service)
    assert "was silent for too long" in error.message
    assert isinstance(error, DrawingUncertain)
    await service.aclose()


async def test_the_services_words_are_cut_and_hold_no_line_break(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    error = await refused(Scripted(httpx.Response(500, text="bad\r\nluck " + "x" * 5000)).service())
    assert "It says: bad luck xxx" in error.message
    assert error.message.endswith("…")
    assert len(error.message) < 500
    assert all(len(record.getMessage()) < 700 for record in caplog.records)


@pytest.mark.parametrize(
    ("switch", "kind"),
    [
        ("refused", "invalid"),
        ("refused=content_policy_violation", "invalid"),
        ("busy", "down"),
        ("busy=90", "down"),
        ("credits", "key_refused"),
        ("unverified", "key_refused"),
        ("401", "key_refused"),
        ("404", "withdrawn"),
        ("429", "too_many_requests"),
        ("500", "down"),
        ("502", "down"),
        ("504", "down"),
        ("reset", "down"),
        ("unreachable", "down"),
        ("string_error", "down"),
        ("text_error", "down"),
        ("no_json", "withdrawn"),
        ("redirect", "withdrawn"),
        ("empty_data", "not_drawn"),
        ("empty_item", "not_drawn"),
        ("broken_base64", "picture_lost"),
    ],
)
async def test_every_fault_of_the_demo_is_told(switch: str, kind: str) -> None:
    assert (await refused(on_demo(), DrawRequest(f"A boat #demo:{switch}"))).kind == kind


async def test_a_demo_that_wants_a_key_takes_the_right_one_alone() -> None:
    assert (await refused(on_demo(required_key="opensesame"))).kind == "key_refused"
    assert (await refused(on_demo(required_key="opensesame", key="wrong"))).kind == "key_refused"
    response = await on_demo(required_key="opensesame", key="opensesame").draw(DrawRequest("A boat"))
    assert response.images[0].data.startswith(b"\x89PNG")


async def test_a_strict_service_refuses_the_form_in_which_pictures_shall_come() -> None:
    error = await refused(on_demo(response_format="b64_json"), DrawRequest("A boat", model="gpt-image-1"))
    assert "IMAGES_RESPONSE_FORMAT" in error.message
    response = await on_demo(response_format="b64_json").draw(DrawRequest("A boat", model="stablediffusion"))
    assert response.images[0].data.startswith(b"\x89PNG")
    response = await on_demo().draw(DrawRequest("A boat", model="stablediffusion"))
    assert response.images[0].url.startswith("http://images.example/generated-images/")
