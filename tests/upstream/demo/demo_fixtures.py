"""Ways to the demo upstream for its tests: in process, over a real socket, and byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

import upstream.client
from upstream.client import Client
from upstream.demo import server, transports
from upstream.demo.perplexity import Demo

KEY = {"Authorization": "Bearer pplx-test"}
QUESTION = "How does the with statement work?"


def body(prompt: str = QUESTION, *, model: str = "sonar", **more: Any) -> dict[str, Any]:
    """A chat request with one question."""
    return {"model": model, "messages": [{"role": "user", "content": prompt}], **more}


def quick() -> Demo:
    """A demo without pauses, in which Sonar answers."""
    return Demo(chunks_per_second=0, sonar="answers")


def open_client(**settings: Any) -> Client:
    """The client for an operator's settings, with the demo at hand."""
    return upstream.client.open_client(demo=transports.open_demo(sonar="answers"), **settings)


def in_process(demo: Demo | None = None, **options: Any) -> httpx.AsyncClient:
    """A client that reaches a demo through httpx's transport seam."""
    transport = httpx.MockTransport((demo or quick()).handle)
    return httpx.AsyncClient(transport=transport, base_url="http://demo", headers=KEY, **options)


@asynccontextmanager
async def served(demo: Demo | None = None) -> AsyncIterator[str]:
    """The address of a demo that listens on a free port."""
    running = await server.serve(demo=demo or quick())
    try:
        yield running.address
    finally:
        await running.close()


async def asked(prompt: str = QUESTION, *, demo: Demo | None = None, **more: Any) -> httpx.Response:
    """The response to a question, in process, read to its end."""
    async with in_process(demo) as client:
        return await client.post("/chat/completions", json=body(prompt, **more))


async def answered(prompt: str = QUESTION, *, demo: Demo | None = None, **more: Any) -> dict[str, Any]:
    """The blocking answer to a question."""
    response = await asked(prompt, demo=demo, **more)
    assert response.status_code == 200, response.text
    return dict(response.json())


def content(answer: dict[str, Any]) -> str:
    """The text of a blocking answer."""
    return str(answer["choices"][0]["message"]["content"])


async def streamed(prompt: str = QUESTION, *, demo: Demo | None = None, **more: Any) -> bytes:
    """The body of a streamed answer, in process."""
    response = await asked(prompt, demo=demo, stream=True, **more)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return response.content


def chunks(raw: bytes) -> list[dict[str, Any]]:
    """The JSON objects of a stream with LF line ends. Fails on a frame that is not one line and an empty one."""
    assert raw.endswith(b"\n\n")
    frames = raw.decode().removesuffix("\n\n").split("\n\n")
    found = []
    for frame in frames:
        assert "\n" not in frame, frame
        if not frame.startswith(":") and frame != "data: [DONE]":
            found.append(json.loads(frame.removeprefix("data: ")))
    return found


def deltas(found: list[dict[str, Any]]) -> list[str]:
    """The increments of a stream's chunks, those without text left out."""
    choices = [choice for chunk in found for choice in chunk["choices"]]
    return [text for choice in choices if (text := (choice["delta"] or {}).get("content"))]


async def on_the_wire(address: str, request: dict[str, Any]) -> tuple[bytes, list[bytes]]:
    """The head and the chunks of a response as they come over a socket, up to its end or its failure.

    A body that is cut off ends the list with `b"cut"`, a connection that is reset with `b"reset"`.
    """
    reader, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    payload = json.dumps(request).encode()
    writer.write(
        b"POST /chat/completions HTTP/1.1\r\nHost: demo\r\nAuthorization: Bearer x\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(payload) + payload
    )
    pieces: list[bytes] = []
    head = b""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        while size := int(await reader.readuntil(b"\r\n"), 16):
            pieces.append((await reader.readexactly(size + 2))[:-2])
    except asyncio.IncompleteReadError:
        pieces.append(b"cut")
    except ConnectionResetError:
        pieces.append(b"reset")
    finally:
        writer.close()
    return head, pieces
