"""A gateway whose every answer the test chooses, and one that stands on the demo."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import httpx
import orjson

from upstream import gateway_client
from upstream.client import Client
from upstream.connections import InProcess
from upstream.demo.gateway.routes import DemoGateway
from upstream.demo.transports import open_demo_gateway
from upstream.endpoints import Endpoint
from upstream.errors import UpstreamError
from upstream.events import Event
from upstream.gateway_client import Gateway
from upstream.requests import AskRequest, Picture, Turn

BASE = "http://gateway.example"
PNG = b"\x89PNG\r\n\x1a\n"
Reply = httpx.Response | Exception


async def no_sleep(_seconds: float) -> None:
    """Time flies."""
    await asyncio.sleep(0)


class Scripted:
    """Gives one reply after another, the last one again and again, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[httpx.Request] = []

    async def handle(self, request: httpx.Request) -> httpx.Response:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(request)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def gateway(self, *, key: str = "") -> Gateway:
        """A gateway that this is the other end of."""
        return opened(self.handle, key=key)

    @property
    def bodies(self) -> list[bytes]:
        return [request.content for request in self.asked]


def opened(handle: Callable[[httpx.Request], Awaitable[httpx.Response]], *, key: str = "", base: str = BASE) -> Gateway:
    """A gateway behind a handler."""
    return Gateway(endpoint=Endpoint(base, api_key=key), transport=InProcess(handle), sleep=no_sleep)


def on_demo(**options: Any) -> Gateway:
    """A gateway that stands on the demo, without pauses."""
    return opened(DemoGateway(snapshots_per_second=0, **options).handle)


def open_gateway(*, demo: bool = True, **settings: str) -> Gateway | None:
    """The gateway for an operator's settings, with the demo at hand or without."""
    return gateway_client.open_gateway(demo=open_demo_gateway() if demo else None, **settings)


def json(data: Any, status: int = 200) -> httpx.Response:
    """Pretty JSON, as the gateway sends it."""
    content = orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return httpx.Response(status, content=content, headers={"Content-Type": "application/json; charset=utf-8"})


def error(code: str, message: str, status: int) -> httpx.Response:
    """The gateway's form of an error."""
    return json({"error": {"code": code, "message": message}}, status)


def streamed(*pieces: bytes) -> httpx.Response:
    """A stream of these pieces."""

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Body())


def frame(event: str, data: Any) -> bytes:
    """One event, byte for byte as the gateway writes it."""
    return b"event: " + event.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


def snapshot(answer: str | None, *results: Any) -> bytes:
    return frame("message", {"answer": answer, "web_results": list(results)})


def result(number: int) -> dict[str, str]:
    return {"name": f"Light {number}", "url": f"https://harbour.example/{number}", "snippet": f"No. {number}"}


def done(answer: str | None, *results: Any, uuid: str | None = "0b7f", attachments: Sequence[str] = ()) -> bytes:
    follow_up = {"backend_uuid": uuid, "attachments": list(attachments)}
    values = {"id": "req_1", "mode": "search", "model": "sonar", "answer": answer, "web_results": list(results)}
    return frame("done", {**values, "follow_up": follow_up})


def question(
    text: str = "Who keeps the light?", *parts: Picture, model: str = "search/sonar", **more: Any
) -> AskRequest:
    before: Sequence[Turn] = more.pop("before", ())
    return AskRequest(provider="gateway", model=model, turns=[*before, Turn("user", text, parts)], **more)


async def heard(source: Gateway | Client | Any, request: AskRequest) -> tuple[list[Event], UpstreamError | None]:
    """The events, and the error with which they end."""
    events: list[Event] = []
    try:
        async for event in source.ask(request):
            events.append(event)
    except UpstreamError as failure:
        return events, failure
    return events, None
