"""Ways to the demo's Agent API over raw HTTP, for its tests."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from tests.upstream.demo.demo_fixtures import QUESTION, in_process
from upstream.demo.perplexity import Demo

BARE = {"model": "perplexity/sonar", "tools": [{"type": "web_search"}], "max_steps": 3}
MARKED = {**BARE, "instructions": "Cite sources as [n]."}


async def post(
    body: Mapping[str, Any], *, path: str = "/v1/agent", demo: Demo | None = None, **headers: str
) -> httpx.Response:
    """The response to a body."""
    async with in_process(demo) as client:
        return await client.post(path, json=body, headers=headers)


async def got(path: str, demo: Demo, **query: str) -> httpx.Response:
    """The response to a GET."""
    async with in_process(demo) as client:
        return await client.get(path, params=query)


async def answered(prompt: Any = QUESTION, *, demo: Demo | None = None, **body: Any) -> dict[str, Any]:
    """The response object of an answered question, by the preset `fast` where nothing else is asked."""
    asked = body if {"model", "effort"} & set(body) else {"preset": "fast", **body}
    response = await post({"input": prompt, **asked}, demo=demo)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def streamed(prompt: Any = QUESTION, *, demo: Demo | None = None, **body: Any) -> bytes:
    """The bytes of a streamed answer."""
    response = await post({"input": prompt, "stream": True, **(body or {"preset": "fast"})}, demo=demo)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return response.content


def events(raw: bytes) -> list[dict[str, Any]]:
    """The events of a stream that is data lines and empty ones alone."""
    assert raw.endswith(b"\n\n")
    frames = raw.decode().removesuffix("\n\n").split("\n\n")
    assert all(frame.startswith("data: {") and "\n" not in frame for frame in frames)
    return [json.loads(frame.removeprefix("data: ")) for frame in frames]


def items(answer: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The items of this type."""
    return [item for item in answer["output"] if item["type"] == kind]


def kinds(answer: Mapping[str, Any]) -> list[str]:
    """The types of the items, in order."""
    return [item["type"] for item in answer["output"]]


def text(answer: Mapping[str, Any]) -> str:
    """The text of an answer, empty where it has none."""
    return "".join(part["text"] for item in items(answer, "message") for part in item["content"])


def ids(answer: Mapping[str, Any]) -> list[list[int]]:
    """The ids of each block of results."""
    return [[result.get("id") for result in item["results"]] for item in items(answer, "search_results")]
