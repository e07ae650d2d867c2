"""Asking an image service: what is sent, what is read of every answer, and where the key goes."""

import base64
import logging

import httpx
import pytest

from tests.upstream.images.image_fixtures import BASE, KEY, PNG, Scripted, json, on_demo, refused
from upstream.demo.transports import open_demo_images
from upstream.drawing import DrawRequest
from upstream.errors import PictureLost
from upstream.images.client import open_image_service

INLINE = base64.b64encode(PNG).decode()
DRAWN = json({"created": 1, "data": [{"b64_json": INLINE}]})


async def test_one_picture_is_asked_for_with_what_was_chosen_and_nothing_else() -> None:
    script = Scripted(DRAWN)
    await script.service().draw(DrawRequest("A boat"))
    await script.service(key=KEY).draw(DrawRequest("A boat", model="gpt-image-1", size="1024x1536", language="ko-KR"))
    assert script.bodies == [
        {"prompt": "A boat", "n": 1},
        {"prompt": "A boat", "n": 1, "model": "gpt-image-1", "size": "1024x1536"},
    ]
    assert [request.method for request in script.asked] == ["POST", "POST"]
    assert {str(request.url) for request in script.asked} == {f"{BASE}/v1/images/generations"}
    assert [request.headers.get("Authorization") for request in script.asked] == [None, f"Bearer {KEY}"]


@pytest.mark.parametrize("form", ["b64_json", "url"])
async def test_how_pictures_come_back_is_said_only_where_the_setting_says_it(form: str) -> None:
    script = Scripted(DRAWN)
    await script.service(response_format=form).draw(DrawRequest("A boat"))
    assert script.bodies == [{"prompt": "A boat", "n": 1, "response_format": form}]


@pytest.mark.parametrize("base", [BASE, f"{BASE}/", f"{BASE}/v1", f"{BASE}/v1/"])
async def test_the_address_may_end_with_v1_or_not(base: str) -> None:
    script = Scripted(DRAWN)
    await script.service(base=base).draw(DrawRequest("A boat"))
    assert str(script.asked[0].url) == f"{BASE}/v1/images/generations"


@pytest.mark.parametrize(
    "item",
    [
        {"b64_json": INLINE},
        {"b64_json": INLINE, "url": None, "revised_prompt": None},
        {"b64_json": INLINE.rstrip("=")},
        {"b64_json": INLINE.replace("+", "-").replace("/", "_")},
        {"b64_json": f"{INLINE[:8]}\n{INLINE[8:]}\n"},
        {"b64_json": f"data:image/png;base64,{INLINE}"},
        {"url": f"data:image/png;base64,{INLINE}"},
        {"url": f"data:;charset=utf-8;base64,{INLINE}"},
        {"b64_json": "", "url": f"DATA:IMAGE/PNG;BASE64,{INLINE}"},
    ],
)
async def test_bytes_are_read_in_every_form_in_which_they_come(item: dict[str, object]) -> None:
    response = await Scripted(json({"data": [item]})).service().draw(DrawRequest("A boat"))
    assert [picture.data for picture in response.images] == [PNG]
    assert [picture.url for picture in response.images] == [""]


async def test_what_is_kept_of_a_response_has_no_bytes_in_it() -> None:
    said = {"created": 7, "id": "img-1", "usage": {"total_tokens": 0}, "data": [{"b64_json": INLINE, "index": 0}]}
    response = await Scripted(json(said)).service().draw(DrawRequest("A boat", model="sd-turbo"))
    assert response.raw == {
        **said,
        "data": [{"b64_json": f"{len(INLINE)} characters, kept as an image", "index": 0}],
    }
    assert (response.upstream_id, response.model, response.images[0].source) == ("img-1", "sd-turbo", "images.example")


async def test_what_is_kept_of_a_response_is_bounded_whatever_else_is_in_it() -> None:
    deep: object = "bottom"
    for _ in range(50):
        deep = [deep]
    item = {"b64_json": INLINE, "revised_prompt": "x" * 50_000, "image": "y" * 50_000}
    said = {"data": [item], "deep": deep, "many": list(range(5_000)), "n" * 5_000: 1}
    response = await Scripted(json(said)).service().draw(DrawRequest("A boat"))
    assert len(response.images[0].prompt) == 20_000
    assert response.raw["data"][0]["image"] == "50000 characters"
    assert len(str(response.raw)) < 2_000


async def test_the_services_id_of_the_request_is_kept_before_its_own() -> None:
    said = json({"id": "img-1", "data": [{"b64_json": INLINE}]}, **{"X-Request-ID": "req_9"})
    response = await Scripted(said).service().draw(DrawRequest("A boat"))
    assert response.upstream_id == "req_9"


async def test_an_address_and_a_revised_prompt_are_kept() -> None:
    said = json({"data": [{"url": f"{BASE}/made/1.png", "revised_prompt": "A small boat at sea"}]})
    response = await Scripted(said).service().draw(DrawRequest("A boat"))
    [picture] = response.images
    assert (picture.url, picture.data, picture.prompt) == (f"{BASE}/made/1.png", b"", "A small boat at sea")


@pytest.mark.parametrize(
    "found",
    [{}, {"data": None}, {"data": []}, {"data": [None, 4]}, {"data": [{"b64_json": None, "url": ""}]}, {"data": {}}],
)
async def test_an_answer_without_a_picture_says_so(found: object) -> None:
    script = Scripted(json(found))
    error = await refused(script.service())
    assert (error.kind, error.message) == (
        "not_drawn",
        "The image service reported success, but no image arrived.",
    )
    assert len(script.asked) == 1


@pytest.mark.parametrize("text", ["*no base64*", "abcde", "data:image/png,plain", "🖼"])
async def test_a_picture_that_came_damaged_says_so(text: str) -> None:
    error = await refused(Scripted(json({"data": [{"b64_json": text}]})).service())
    assert isinstance(error, PictureLost)
    assert "arrived damaged" in error.message


async def test_a_picture_beyond_any_size_is_not_kept() -> None:
    error = await refused(on_demo(), DrawRequest("A boat #demo:huge"))
    assert error.message == "An image was drawn, but it is too large to save."


async def test_there_is_nothing_to_draw_without_a_prompt() -> None:
    script = Scripted(DRAWN)
    assert (await refused(script.service(), DrawRequest(" \n"))).kind == "invalid"
    assert script.asked == []


async def test_a_key_that_no_header_can_hold_is_told_and_not_sent() -> None:
    script = Scripted(DRAWN)
    error = await refused(script.service(key="clé"))
    assert "IMAGES_API_KEY" in error.message
    assert script.asked == []


async def test_a_redirect_is_not_followed_so_that_the_key_stays_here() -> None:
    script = Scripted(httpx.Response(307, headers={"Location": "https://elsewhere.example/v1/images/generations"}))
    error = await refused(script.service(key=KEY))
    assert error.kind == "withdrawn"
    assert "only redirects to another one" in error.message
    assert [request.url.host for request in script.asked] == ["images.example"]


async def test_the_key_is_in_no_sentence_no_log_line_and_no_picture_of_the_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    script = Scripted(json({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 400))
    service = script.service(key=KEY)
    error = await refused(service)
    assert KEY not in error.message
    assert "…" in error.message
    assert KEY not in repr(service)
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/x.png",
        "http://images.example:8080/x.png",
        "file:///etc/passwd",
        "//images.example/x.png",
        "http://[::1",
        "ftp://images.example/x.png",
    ],
)
async def test_a_picture_elsewhere_has_to_be_encrypted(url: str) -> None:
    with pytest.raises(PictureLost) as lost:
        await Scripted(DRAWN).service().fetch(url)
    assert not lost.value.repeat
    assert "encrypted" in lost.value.message


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x.png", "https://169.254.169.254/latest", "https://localhost/x.png"]
)
async def test_a_picture_inside_the_network_is_fetched_only_from_the_services_own_host(url: str) -> None:
    with pytest.raises(PictureLost) as lost:
        await Scripted(DRAWN).service().fetch(url)
    assert lost.value.message == "An image was drawn, but it couldn’t be fetched."


async def test_without_an_address_the_demo_draws_or_nothing_does() -> None:
    assert open_image_service(base_url="", api_key="") is None
    service = open_image_service(base_url="", api_key="", demo=open_demo_images())
    assert service is not None
    response = await service.draw(DrawRequest("A red boat #demo:url", model="sd-turbo", size="640x480"))
    assert (await service.fetch(response.images[0].url)).startswith(b"\x89PNG")
    await service.aclose()
