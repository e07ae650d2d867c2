"""An image service whose every answer the test chooses, and one that stands on the demo."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson

from upstream.connections import InProcess
from upstream.demo.images.routes import DemoImages
from upstream.drawing import DrawRequest
from upstream.endpoints import Endpoint
from upstream.errors import UpstreamError
from upstream.images.client import ImageService

BASE = "http://images.example"
KEY = "sk-varn-0815-0815"
PNG = b"\x89PNG\r\n\x1a\n and the rest"

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Scripted:
    """Gives one reply after another, the last one again and again; keeps what it was asked and how long was slept."""

    def __init__(self, *replies: httpx.Response | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    async def handle(self, request: httpx.Request) -> httpx.Response:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(request)
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def service(self, *, key: str = "", base: str = BASE, **more: Any) -> ImageService:
        """A service that this is the other end of."""
        endpoint = Endpoint(base, api_key=key)
        return ImageService(endpoint=endpoint, transport=InProcess(self.handle), sleep=self.sleep, **more)

    @property
    def bodies(self) -> list[Any]:
        return [orjson.loads(request.content) for request in self.asked]


def on_demo(*, response_format: str = "", key: str = "", required_key: str = "", **options: Any) -> ImageService:
    """A service that stands on the demo, which asks for `required_key`."""
    return ImageService(
        endpoint=Endpoint(BASE, api_key=key),
        response_format=response_format,
        transport=InProcess(DemoImages(key=required_key, **options).handle),
        owns_files=True,
        sleep=_no_sleep,
    )


def json(data: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=data, headers=headers)


def complaint(
    message: str, status: int, *, code: str | None = None, kind: str = "invalid_request_error", param: str | None = None
) -> httpx.Response:
    """OpenAI's form of an error."""
    return json({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


async def refused(service: ImageService, request: DrawRequest | None = None) -> UpstreamError:
    """The error that drawing ends with."""
    try:
        await service.draw(request or DrawRequest("A boat", model="sd-turbo", size="512x512"))
    except UpstreamError as error:
        return error
    raise AssertionError("a picture was drawn")


async def _no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)
