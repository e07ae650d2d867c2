"""Fetching itself: from an address, over its redirects, to bytes within limits."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import httpx

from upstream.safe_fetch import resolver, targets
from upstream.safe_fetch.errors import FetchRefused, FetchTooLarge, FetchTooSlow, Unreachable, Unusable
from upstream.safe_fetch.resolver import Resolve
from upstream.safe_fetch.targets import Target

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a fetch may cost: bytes of the body, seconds in all, seconds for a connection, redirects.

    `media_types` are the beginnings of what the server may call it; a server that calls it nothing is believed.
    """

    most_bytes: int = 10 * 1024 * 1024
    total_time: float = 10.0
    connect_time: float = 4.0
    redirects: int = 3
    media_types: tuple[str, ...] = ("image/", "application/octet-stream", "binary/octet-stream")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched, and what its server called it: a media type without parameters, or nothing."""

    data: bytes
    media_type: str


async def fetch(
    url: str,
    *,
    limits: Limits | None = None,
    allowed_hosts: Collection[str] = (),
    resolve: Resolve = resolver.resolve_by_system,
) -> Fetched:
    """Fetch what is at the address. Asks without cookies, referrer or credentials, and past every proxy.

    `allowed_hosts`, as `host` or `host:port`, may lie inside the network. `resolve` stands in for the look-up of names.
    Raises FetchError.
    """
    limits = limits or Limits()
    try:
        async with asyncio.timeout(limits.total_time):
            return await _follow(url, limits, allowed_hosts, resolve)
    except (TimeoutError, httpx.TimeoutException):
        raise FetchTooSlow from None
    except (httpx.TransportError, httpx.InvalidURL, OSError):
        raise Unreachable from None


async def _follow(url: str, limits: Limits, allowed_hosts: Collection[str], resolve: Resolve) -> Fetched:
    target = targets.parse_target(url, allowed_hosts=allowed_hosts)
    tls = await asyncio.to_thread(_tls)  # reading the list of authorities, once, takes longer than a stream may wait
    # Connections of its own for each fetch: nothing is kept open for a stranger, and nothing is shared.
    unshared = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=unshared) as transport:
        for _hop in range(limits.redirects + 1):
            async with _send(transport, target, limits, resolve) as response:
                if response.status_code not in _REDIRECTS:
                    return await _read_within_limits(response, limits)
                location = response.headers.get("Location", "")
            target = targets.redirect_target(target, location, allowed_hosts=allowed_hosts)
    raise FetchRefused("It redirects too many times.")


@asynccontextmanager
async def _send(
    transport: httpx.AsyncBaseTransport, target: Target, limits: Limits, resolve: Resolve
) -> AsyncIterator[httpx.Response]:
    """The head of the server's response, from the first of its judged addresses that takes a connection."""
    response: httpx.Response | None = None
    for address in await resolver.addresses_of(target, resolve=resolve):
        try:
            response = await transport.handle_async_request(_request(target, address, limits))
            break
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    if response is None:
        raise Unreachable
    try:
        yield response
    finally:
        await response.aclose()


def _request(target: Target, address: str, limits: Limits) -> httpx.Request:
    """The request, which connects to the IP address and nowhere else, while host and certificate stay the name's."""
    host = f"[{address}]" if ":" in address else address
    return httpx.Request(
        "GET",
        f"{target.scheme}://{host}:{target.port}{target.path}",
        headers={
            "Host": target.authority,
            "User-Agent": "Parley",
            "Accept": "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5",
            "Accept-Encoding": "identity",  # a small body that unpacks into a large one is refused below
            "Connection": "close",
        },
        extensions={
            "sni_hostname": target.host,
            "timeout": {
                "connect": limits.connect_time,
                "read": limits.total_time,
                "write": limits.total_time,
                "pool": limits.total_time,
            },
        },
    )


async def _read_within_limits(response: httpx.Response, limits: Limits) -> Fetched:
    """The body, counted while it comes: what a server says about its length is a promise."""
    if response.status_code != 200:
        raise Unusable("There is nothing at this address.")
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type and not media_type.startswith(limits.media_types):
        raise Unusable
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Unusable("It is compressed, though it was asked for uncompressed.")
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limits.most_bytes:
        raise FetchTooLarge
    data = bytearray()
    async for piece in response.aiter_raw():
        data += piece
        if len(data) > limits.most_bytes:
            raise FetchTooLarge
    return Fetched(bytes(data), media_type)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
