"""Reads what comes back over HTTP, never more and never longer than is good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import httpx

from core.sentences import sentence
from upstream.errors import KeyRefused, Withdrawn

# Everything that a connection can fail with. aiohttp's own errors come through where its transport names no other.
FAULTS = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, aiohttp.ClientError, OSError)

_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
)

_LARGEST_ERROR = 64 * 1024  # bytes
_LARGEST_WHOLE = 32 * 1024 * 1024  # bytes
_ERROR_TIME = 5.0  # seconds
_REST_TIME = 0.2  # seconds

_NO_SERVICE = (
    "There is a web page at the address of the answer service, but no answer service. Ask your administrator to "
    "correct the address."
)


def bearer(key: str, *, setting: str) -> dict[str, str]:
    """The header that shows the key, none without one; `setting` is where the key comes from.

    Raises KeyRefused for what cannot be sent.
    """
    if not key.isascii() or not key.isprintable():
        words = "%(setting)s contains characters that a key can’t have. Ask your administrator to enter it again."
        raise KeyRefused(sentence(words, setting=setting))
    return {"Authorization": f"Bearer {key}"} if key else {}


def is_stream(response: httpx.Response) -> bool:
    """Whether the answer comes in pieces rather than whole. Raises Withdrawn for a web page."""
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise Withdrawn(_NO_SERVICE, status=response.status_code)
    return kind != "application/json"


def is_unsent(fault: Exception) -> bool:
    """Whether the connection failed before anything was sent. httpx's transport over aiohttp calls a connection that
    was reset later a ConnectTimeout as well, so what aiohttp itself said counts."""
    return isinstance(_own(fault), _BEFORE_SENDING)


def what_failed(fault: Exception) -> str:
    """The fault as a log names it, by what aiohttp itself said where it did. It may quote the service."""
    own = _own(fault)
    return f"{type(own).__name__}: {own}"


def _own(fault: Exception) -> BaseException:
    return fault.__cause__ if isinstance(fault.__cause__, aiohttp.ClientError) else fault


def body_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body in the pieces in which it comes. One that came compressed, unasked, is decoded."""
    coding = str(response.headers.get("content-encoding", "identity")).strip().lower()
    if coding == "identity" and isinstance(response.stream, httpx.AsyncByteStream):
        return aiter(response.stream)
    return response.aiter_bytes()


async def next_bytes(body: AsyncIterator[bytes], deadline: float | None) -> bytes | None:
    """The next bytes; None at the end. Raises TimeoutError at the deadline, a time of the event loop's clock."""
    try:
        if deadline is None:
            return await body.__anext__()
        async with asyncio.timeout_at(deadline):
            return await body.__anext__()
    except StopAsyncIteration:
        return None


async def read_body(response: httpx.Response, *, most: int = _LARGEST_WHOLE) -> bytes:
    """The body, cut after `most` bytes, by default where it is larger than any answer in words."""
    return await _up_to(response, most, bytearray())


async def read_error_body(response: httpx.Response) -> bytes:
    """As much of a refusal's body as is worth reading and comes soon. Closes the response. Never raises a fault."""
    found = bytearray()
    with suppress(*FAULTS):
        async with asyncio.timeout(_ERROR_TIME):
            await _up_to(response, _LARGEST_ERROR, found)
    await close_response(response)
    return bytes(found)


async def drain_body(body: AsyncIterator[bytes]) -> None:
    """Read the little that may follow the end mark, so that the connection can serve the next question."""
    with suppress(*FAULTS):
        async with asyncio.timeout(_REST_TIME):
            async for _rest in body:
                pass


async def close_response(response: httpx.Response) -> None:
    """Close the response; it does not matter how the other side takes it."""
    with suppress(*FAULTS):
        await response.aclose()


async def _up_to(response: httpx.Response, limit: int, found: bytearray) -> bytes:
    async for data in response.aiter_bytes():
        found += data[: limit - len(found)]
        if len(found) >= limit:
            break
    return bytes(found)
