"""Responses that are no refusals: JSON, and streams while they are made."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx
import orjson


class Body(httpx.AsyncByteStream):
    """A response's bytes while they are made. Closing it ends the making."""

    def __init__(self, source: AsyncGenerator[bytes, None]) -> None:
        self._source = source

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._source

    async def aclose(self) -> None:
        """End the stream, finished or not."""
        await self._source.aclose()


def json_response(body: Any) -> httpx.Response:
    """200 with this JSON."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=content)


def stream_response(source: AsyncGenerator[bytes, None], parameters: str = "; charset=utf-8") -> httpx.Response:
    """200 with these bytes as they are made; `parameters` are those of the content type."""
    headers = {"Content-Type": f"text/event-stream{parameters}", "Cache-Control": "no-cache"}
    return httpx.Response(200, headers=headers, stream=Body(source))
