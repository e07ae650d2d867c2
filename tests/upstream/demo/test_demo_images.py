"""The demo image service: OpenAI's own client draws with it, and it refuses as the servers do that it stands for."""

import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import openai
import pytest
from PIL import Image

from tests.serving import PLAIN
from upstream.connections import InProcess
from upstream.demo import server
from upstream.demo.images.routes import DemoImages

BASE = "http://images.example"
PATH = "/v1/images/generations"


@asynccontextmanager
async def sdk(**options: Any) -> AsyncIterator[openai.AsyncOpenAI]:
    """OpenAI's client, pointed at a demo on a port."""
    running = await server.serve(demo=DemoImages(**options))
    try:
        async with openai.AsyncOpenAI(api_key="sk-test", base_url=f"{running.address}/v1", max_retries=0) as client:
            yield client
    finally:
        await running.close()


def client(**options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=InProcess(DemoImages(**options).handle), base_url=BASE)


def picture_in(text: str | None) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text or "")))


async def test_openais_client_draws_in_every_size_and_kind_of_file() -> None:
    async with sdk() as openai_client:
        one = await openai_client.images.generate(model="gpt-image-1", prompt="A red boat", size="1536x1024")
        two = await openai_client.images.generate(
            model="gpt-image-2", prompt="A red boat", n=2, output_format="webp", quality="low"
        )
    [drawn] = one.data or []
    assert picture_in(drawn.b64_json).size == (1536, 1024)
    assert drawn.url is None
    assert one.usage is not None
    assert one.usage.total_tokens == one.usage.input_tokens + one.usage.output_tokens > 0
    formats = [picture_in(item.b64_json) for item in two.data or []]
    assert [(picture.format, picture.size) for picture in formats] == [("WEBP", (1024, 1024))] * 2


async def test_openais_client_gets_addresses_from_servers_that_give_them() -> None:
    async with sdk() as openai_client:
        named = await openai_client.images.generate(model="stablediffusion", prompt="A red boat", size="512x512")
        inline = await openai_client.images.generate(
            model="stablediffusion", prompt="A red boat", response_format="b64_json"
        )
        [drawn] = named.data or []
        async with httpx.AsyncClient(**PLAIN) as http:
            fetched = await http.get(drawn.url or "")
    assert fetched.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(fetched.content)).size == (512, 512)
    assert picture_in((inline.data or [])[0].b64_json).size == (512, 512)


async def test_openais_client_sees_refusals_as_its_own_errors() -> None:
    async with sdk(key="opensesame") as openai_client:
        with pytest.raises(openai.AuthenticationError):
            await openai_client.images.generate(model="gpt-image-1", prompt="A boat")
    async with sdk() as openai_client:
        draw = openai_client.images.generate
        with pytest.raises(openai.NotFoundError):
            await draw(model="dall-e-3", prompt="A boat")
        with pytest.raises(openai.BadRequestError) as unknown:
            await draw(model="gpt-image-1", prompt="A boat", response_format="b64_json")
        with pytest.raises(openai.BadRequestError) as refused:
            await draw(model="gpt-image-1", prompt="A boat #demo:refused")
        with pytest.raises(openai.RateLimitError):
            await draw(model="gpt-image-1", prompt="A boat #demo:429=3")
        with pytest.raises(openai.RateLimitError) as credits:
            await draw(model="gpt-image-1", prompt="A boat #demo:credits")
        with pytest.raises(openai.PermissionDeniedError):
            await draw(model="gpt-image-1", prompt="A boat #demo:unverified")
        with pytest.raises(openai.APIConnectionError):
            await draw(model="gpt-image-1", prompt="A boat #demo:reset")
    assert (unknown.value.code, unknown.value.param) == ("unknown_parameter", "response_format")
    assert (refused.value.code, credits.value.code) == ("moderation_blocked", "insufficient_quota")


async def test_it_lists_its_models() -> None:
    async with sdk() as openai_client:
        listed = [model.id async for model in openai_client.models.list()]
    assert listed[0] == "gpt-image-1"
    assert "sd-turbo" in listed


async def test_the_same_prompt_gives_another_picture_each_time() -> None:
    async with client() as http:
        bodies = [(await http.post(PATH, json={"prompt": "A boat"})).json() for _ in range(3)]
    assert len({body["data"][0]["b64_json"] for body in bodies}) == 3


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "Missing required parameter: 'prompt'."),
        ({"prompt": " "}, 400, "Missing required parameter: 'prompt'."),
        ({"prompt": "x" * 32_001}, 400, "string too long"),
        ({"prompt": "A boat", "n": 0}, 400, "Invalid value: 0."),
        ({"prompt": "A boat", "n": True}, 400, "Invalid value: true."),
        ({"prompt": "A boat", "size": "512x512"}, 400, "Supported values are: '1024x1024'"),
        ({"prompt": "A boat", "size": 7}, 400, "Invalid value: 7."),
        ({"prompt": "A boat", "quality": "best"}, 400, "Invalid value: 'best'."),
        ({"prompt": "A boat", "steps": 20}, 400, "Unknown parameter: 'steps'."),
        ({"prompt": "A boat", "model": "unknown"}, 404, "does not exist"),
        ({"prompt": "A boat", "model": 4}, 404, "does not exist"),
        ({"prompt": "A boat", "model": "sd-turbo", "size": "9000x9000"}, 500, "invalid value for 'size'"),
        ({"prompt": "A boat", "model": "sd-turbo", "size": "wide"}, 500, "invalid value for 'size'"),
        ({"prompt": "A boat", "model": "stablediffusion", "response_format": "gif"}, 400, "Invalid value: 'gif'."),
        ({"prompt": "A boat #demo:no_such_thing"}, 400, "the demo has no switch no_such_thing"),
    ],
)
async def test_what_it_does_not_take_is_refused_in_openais_form(body: dict[str, Any], status: int, said: str) -> None:
    async with client() as http:
        response = await http.post(PATH, json=body)
    assert response.status_code == status
    assert said in response.json()["error"]["message"]


async def test_servers_that_people_run_ignore_what_they_do_not_know() -> None:
    body = {"prompt": "A boat", "model": "sd-turbo", "size": "320x200", "steps": 4, "response_format": "url"}
    async with client() as http:
        response = await http.post(PATH, json=body)
    assert picture_in(response.json()["data"][0]["b64_json"]).size == (320, 200)


async def test_bad_bodies_paths_and_methods_are_refused() -> None:
    async with client() as http:
        answers = [
            await http.post(PATH, content=b"{", headers={"Content-Type": "application/json"}),
            await http.post(PATH, json=[1]),
            await http.post(PATH, content=b"{}"),
            await http.post("/v1/images/edits", json={"prompt": "A boat"}),
            await http.get(PATH),
            await http.get("/generated-images/0/9x9/../../etc/passwd"),
        ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 404, 405, 404]


async def test_a_fault_can_hold_for_the_first_calls_alone() -> None:
    prompt = "A boat #demo:busy=1 #demo:times=1"
    async with client() as http:
        statuses = [(await http.post(PATH, json={"prompt": prompt})).status_code for _ in range(2)]
        calls = await http.get("/demo/calls", params={"question": "A boat"})
    assert statuses == [503, 200]
    assert calls.json()["calls"] == 2
    assert calls.json()["last"] == {"prompt": prompt}
