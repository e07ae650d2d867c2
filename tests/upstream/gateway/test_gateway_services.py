"""The gateway's models, pictures for it and from it, and where they are kept."""

import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.upstream.gateway.gateway_fixtures import (
    BASE,
    PNG,
    Scripted,
    done,
    error,
    heard,
    json,
    on_demo,
    open_gateway,
    opened,
    question,
    streamed,
)
from upstream.catalog import gateway_models
from upstream.catalog.gateway_models import KNOWN
from upstream.drawing import DrawRequest
from upstream.errors import InvalidRequest, PictureLost, TooLarge, TooManyRequests, UpstreamDown, UpstreamError
from upstream.events import PictureUploaded, StatusChanged
from upstream.gateway_client import Gateway
from upstream.model_list import ModelList
from upstream.registry import Services
from upstream.requests import Picture, Turn

MEGABYTE = 1024 * 1024
LISTED = {
    "search": [{"name": "nova", "description": "Nova"}, {"name": "sonar", "description": "Sonar model"}],
    "reason": [],
    "research": None,
    "defaults": {"search": "sonar", "reason": "gone"},
}


def picture(size: int = 20, kind: str = "image/png", **more: Any) -> Picture:
    return Picture(kind, PNG + bytes(size - len(PNG)), **more)


# --- Models ---------------------------------------------------------------------------------------------------


async def test_the_demo_lists_what_is_known() -> None:
    assert await on_demo().models() == KNOWN
    assert gateway_models.models_in(KNOWN.as_json()) == KNOWN


async def test_the_default_of_a_mode_comes_first() -> None:
    models = await Scripted(json(LISTED)).gateway().models()
    assert list(models.by_mode()) == ["search/sonar", "search/nova"]


@pytest.mark.parametrize("reply", [httpx.ConnectError("x"), httpx.Response(502), httpx.Response(504)])
async def test_the_list_costs_nothing_and_is_asked_for_three_times(reply: Any) -> None:
    script = Scripted(reply, reply, json(LISTED))
    assert (await script.gateway().models()).default_search == "sonar"
    assert len(script.asked) == 3
    script = Scripted(reply)
    with pytest.raises(UpstreamDown):
        await script.gateway().models()
    assert len(script.asked) == 3


@pytest.mark.parametrize(
    "found", [[], {}, {"search": []}, {"search": "sonar"}, {"object": "list", "data": []}, None, 7]
)
async def test_what_is_no_list_is_an_error(found: Any) -> None:
    with pytest.raises(UpstreamDown, match="can’t be read"):
        await Scripted(json(found)).gateway().models()


@pytest.mark.parametrize("entry", [{"name": ""}, {"name": 7}, {}, None, {"name": "x" * 81}, {"name": "a\nb"}, 7])
def test_entries_that_name_no_model_are_left_out(entry: Any) -> None:
    models = gateway_models.models_in({"search": ["sonar", entry, {"name": "sonar", "description": "twice"}]})
    assert models is not None
    assert list(models.by_mode()) == ["search/sonar"]


def kept_list(path: Path, *, base_url: str = BASE) -> ModelList[gateway_models.GatewayModels]:
    return ModelList(path, base_url=base_url, known=KNOWN, parse=gateway_models.models_in, service="The gateway")


async def test_the_list_is_kept_for_all_processes_and_outlives_the_gateway(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "models.json"
    first, second = kept_list(path), kept_list(path)
    assert first.current() == KNOWN
    script = Scripted(json(LISTED))
    await first.refresh(script.gateway().models)
    assert list(second.current().by_mode()) == ["search/sonar", "search/nova"]

    await second.refresh(script.gateway().models)
    assert len(script.asked) == 1  # it is fresh

    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))
    dead = Scripted(httpx.Response(502))
    await second.refresh(dead.gateway().models)
    assert len(dead.asked) == 3
    assert list(second.current().by_mode()) == ["search/sonar", "search/nova"]
    await second.refresh(dead.gateway().models)
    assert len(dead.asked) == 3  # not again at once

    assert kept_list(path, base_url="http://another.example").current() == KNOWN
    path.write_bytes(b"{")
    assert list(second.current().by_mode()) == ["search/sonar", "search/nova"]
    assert kept_list(path).current() == KNOWN


async def test_a_list_that_cannot_be_kept_is_used_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    listing = kept_list(tmp_path / "cache" / "models.json")
    await listing.refresh(Scripted(json(LISTED)).gateway().models)
    assert listing.current().default_search == "sonar"
    assert list(listing.current().by_mode()) == ["search/sonar", "search/nova"]


# --- Pictures for the gateway ---------------------------------------------------------------------------------


async def test_a_picture_is_handed_over_in_a_request_of_its_own() -> None:
    script = Scripted(json({"attachments": [{"url": "https://s.example/a.png", "size_bytes": 20}]}))
    found = await script.gateway(key="k").upload(picture(), '../li"ght.png')
    assert found.url == "https://s.example/a.png"
    assert found.size_bytes == 20
    (asked,) = script.asked
    assert (asked.method, asked.url.path, asked.headers["authorization"]) == ("POST", "/v1/attachments", "Bearer k")
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert asked.content.count(b'name="files"; filename="') == 1
    assert b"Content-Type: image/png\r\n\r\n" + picture().data in asked.content


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (Picture("image/png", b""), InvalidRequest),
        (Picture("image/svg+xml", b"<svg/>"), InvalidRequest),
        (Picture("application/pdf", b"%PDF"), InvalidRequest),
        (picture(10 * MEGABYTE + 1), TooLarge),
    ],
)
async def test_what_breaks_a_limit_does_not_leave(wrong: Picture, kind: type) -> None:
    script = Scripted(json({}))
    with pytest.raises(UpstreamError) as caught:
        await script.gateway().upload(wrong, "a.png")
    assert type(caught.value) is kind
    assert script.asked == []


async def test_ten_megabytes_are_taken_where_the_gateway_takes_them() -> None:
    assert (await on_demo(limited=False).upload(picture(10 * MEGABYTE), "a.png")).size_bytes == 10 * MEGABYTE
    with pytest.raises(TooLarge, match="fails above 2 MB"):
        await on_demo().upload(picture(2 * MEGABYTE), "a.png")
    assert (await on_demo().upload(picture(2 * MEGABYTE - 1000), "a.png")).size_bytes == 2 * MEGABYTE - 1000


@pytest.mark.parametrize("found", [{}, {"attachments": []}, {"attachments": [{"url": ""}]}, {"attachments": [7]}, []])
async def test_an_upload_without_an_address_is_an_error(found: Any) -> None:
    with pytest.raises(UpstreamDown, match="can’t be read"):
        await Scripted(json(found)).gateway().upload(picture(), "a.png")


class Shelf:
    """A gateway that takes pictures under the names `url-1`, `url-2`, … and refuses those in `forgotten`."""

    def __init__(self, *, largest: int = 10 * MEGABYTE) -> None:
        self.uploads: list[bytes] = []
        self.questions: list[bytes] = []
        self.forgotten: set[str] = set()
        self._largest = largest

    async def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/attachments":
            if len(request.content) > self._largest:
                message = "couldn't read uploaded file 'x': Error parsing `multipart/form-data` request"
                return error("invalid_request", message, 400)
            self.uploads.append(request.content)
            return json({"attachments": [{"url": f"https://s.example/url-{len(self.uploads)}"}]})
        self.questions.append(request.content)
        if any(url.encode() in request.content for url in self.forgotten):
            return error("perplexity_error", "perplexity returned 400: bad attachment", 502)
        return streamed(done("A."))


async def test_pictures_are_handed_over_one_by_one_in_order_before_the_question() -> None:
    shelf = Shelf()
    services = Services(gateway=opened(shelf.handle))
    parts = [picture(name="b.png", reference="2"), picture(url="https://s.example/kept"), picture(reference="1")]
    events, failure = await heard(services, question("What is shown?", *parts))
    assert failure is None
    assert events[:4] == [
        StatusChanged("uploading", "1/2"),
        PictureUploaded("2", "https://s.example/url-1"),
        StatusChanged("uploading", "2/2"),
        PictureUploaded("1", "https://s.example/url-2"),
    ]
    urls = b'["https://s.example/url-1","https://s.example/kept","https://s.example/url-2"]'
    assert b'"attachments":' + urls in shelf.questions[0]


async def test_what_the_gateway_has_forgotten_is_handed_over_again() -> None:
    shelf = Shelf()
    shelf.forgotten = {"https://s.example/old"}
    before = (Turn("user", "Look.", (picture(url="https://s.example/old", reference="1"),)), Turn("assistant", "I do."))
    events, failure = await heard(Services(gateway=opened(shelf.handle)), question("And now?", before=before))
    assert failure is None
    assert PictureUploaded("1", "https://s.example/url-1") in events
    assert len(shelf.questions) == 2
    assert b"https://s.example/url-1" in shelf.questions[1]

    shelf.forgotten.add("https://s.example/url-2")
    _events, failure = await heard(Services(gateway=opened(shelf.handle)), question("And now?", before=before))
    assert isinstance(failure, UpstreamDown)
    assert len(shelf.questions) == 4  # once more, and then no more


async def test_a_limit_that_is_used_up_is_no_reason_to_hand_over_again() -> None:
    script = Scripted(error("perplexity_error", "perplexity returned 429: x", 502))
    services = Services(gateway=script.gateway())
    _events, failure = await heard(services, question("?", picture(url="https://s.example/old")))
    assert isinstance(failure, TooManyRequests)
    assert len(script.asked) == 1


async def test_a_picture_that_is_too_large_goes_as_a_smaller_copy() -> None:
    shelf = Shelf(largest=2 * MEGABYTE)

    def smaller(large: Picture) -> Picture | None:
        return picture(1000, name="small.png") if len(large.data) < 5 * MEGABYTE else None

    services = Services(gateway=opened(shelf.handle), smaller=smaller)
    events, failure = await heard(services, question("?", picture(3 * MEGABYTE, reference="1")))
    assert failure is None
    assert PictureUploaded("1", "https://s.example/url-1", smaller=True) in events
    _events, failure = await heard(services, question("?", picture(6 * MEGABYTE, reference="1")))
    assert isinstance(failure, TooLarge)


async def test_ten_pictures_go_along_and_eleven_do_not() -> None:
    shelf = Shelf()
    services = Services(gateway=opened(shelf.handle))
    _events, failure = await heard(services, question("?", *[picture() for _ in range(10)]))
    assert failure is None
    _events, failure = await heard(services, question("?", *[picture() for _ in range(11)]))
    assert isinstance(failure, InvalidRequest)
    assert len(shelf.uploads) == 10


async def test_what_is_not_connected_says_so() -> None:
    _events, failure = await heard(Services(), question())
    assert "The gateway is no longer connected" in str(failure)
    request = question()
    _events, failure = await heard(Services(), type(request)(model="sonar", turns=request.turns))
    assert "Perplexity itself is no longer connected" in str(failure)


# --- Pictures from the gateway --------------------------------------------------------------------------------


async def test_a_prompt_becomes_pictures_with_everything_that_is_said_about_them() -> None:
    gateway = open_gateway(base_url="", api_key="")
    assert gateway is not None
    drawn = await gateway.draw(DrawRequest("a red boat #demo:two", model="gpt-5.2"))
    assert (drawn.model, len(drawn.images)) == ("gpt-5.2", 2)
    first, second = drawn.images
    assert (first.source, first.generation_model) == ("seedream-router", "seedream")
    assert drawn.answer == "Media generated: 'a red boat'"
    assert drawn.raw["images"][0]["url"] == first.url
    assert (await gateway.fetch(first.url)).startswith(PNG)
    assert await gateway.fetch(first.url) != await gateway.fetch(second.url)
    bare = await gateway.draw(DrawRequest("a red boat #demo:bare"))
    assert (bare.images[0].mime_type, bare.images[0].prompt) == ("", "")


async def test_the_body_of_a_prompt_byte_by_byte() -> None:
    script = Scripted(json({"images": [{"url": "https://a.example/1"}]}))
    await script.gateway().draw(DrawRequest("a boat"))
    await script.gateway().draw(DrawRequest("a boat", model="sonar", language="ko-KR", incognito=False))
    assert script.bodies == [
        b'{"prompt":"a boat","language":"en-US","incognito":true}',
        b'{"prompt":"a boat","model":"sonar","language":"ko-KR","incognito":false}',
    ]
    assert script.asked[0].url.path == "/v1/images"
    with pytest.raises(InvalidRequest):
        await script.gateway().draw(DrawRequest("  "))
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("reply", "attempts"),
    [
        (error("perplexity_error", "perplexity returned 503: x", 502), 2),
        (httpx.ConnectError("x"), 2),
        (error("perplexity_error", "perplexity returned 429: x", 502), 1),
        (error("upstream_timeout", "the request took longer than 30s", 504), 1),
        (httpx.ReadTimeout("x"), 1),
        (json([]), 1),
    ],
)
async def test_drawing_is_asked_for_twice_only_where_nothing_was_drawn(reply: Any, attempts: int) -> None:
    script = Scripted(reply)
    with pytest.raises(UpstreamError):
        await script.gateway().draw(DrawRequest("a boat"))
    assert len(script.asked) == attempts


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/a.png",
        "http://[::1]/a.png",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/a.png",
        "file:///etc/passwd",
        "https://user@a.example/x",
        "",
        "nonsense",
    ],
)
async def test_a_picture_is_not_fetched_from_inside_the_network(url: str) -> None:
    with pytest.raises(PictureLost):
        await Gateway(endpoint=on_demo()._endpoint).fetch(url)


async def test_the_demo_s_own_pictures_that_are_not_there_are_lost() -> None:
    gateway = open_gateway(base_url="", api_key="")
    assert gateway is not None
    with pytest.raises(PictureLost):
        await gateway.fetch("http://gateway.demo/drawn/7/x.png")


def test_without_an_address_there_is_a_gateway_only_where_the_demo_answers() -> None:
    assert open_gateway(base_url="", api_key="", demo=False) is None
    assert "opensesame" not in repr(open_gateway(base_url=BASE, api_key="opensesame"))
