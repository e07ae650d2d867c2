"""Fetching itself: from an address, over its redirects, to bytes within limits."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache

import httpx

from upstream.safe_fetch import resolver, targets
from upstream.safe_fetch.errors import FetchRefused, FetchTooLarge, FetchTooSlow, Unreachable, Unusable
from upstream.safe_fetch.inflating import Body
from upstream.safe_fetch.networks import is_public
from upstream.safe_fetch.resolver import Resolve
from upstream.safe_fetch.targets import Target

_REDIRECTS = (301, 302, 303, 307, 308)
_HEARD_OUT_FOR = 1.0  # seconds in which a server may finish what it says to a message


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a fetch may cost: bytes of the body, seconds in all, seconds for a connection, redirects.

    `media_types` are the beginnings of what the server may call it; a server that calls it nothing is believed.
    `cut` says that of a larger body the beginning is enough.
    """

    most_bytes: int = 10 * 1024 * 1024
    total_time: float = 10.0
    connect_time: float = 4.0
    redirects: int = 3
    media_types: tuple[str, ...] = ("image/", "application/octet-stream", "binary/octet-stream")
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a request says of us: who asks, what would be welcome, and how it may be packed."""

    user_agent: str = "Parley"
    accept: str = "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5"
    encodings: str = "identity"  # a small body that unpacks into a large one is refused below


_FOR_PICTURES = Introduction()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server answered to one request. `next_url` is where it redirects to; names of `headers` are in lower case.
    There are `data` of what was fetched alone, unpacked: of redirects and refusals nothing is read."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes = b""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to an address that somebody named: the body, and the headers that tell of it."""

    body: bytes
    headers: Mapping[str, str]


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


async def ask_once(
    url: str,
    *,
    introduction: Introduction,
    limits: Limits,
    allowed_hosts: Collection[str] = (),
    resolve: Resolve = resolver.resolve_by_system,
) -> Answered:
    """Ask for what is at the address, and follow no redirect: whoever asks decides about the next address first, which
    is judged like this one then. Otherwise as `fetch`. Raises FetchError."""
    try:
        async with asyncio.timeout(limits.total_time):
            target = targets.parse_target(url, allowed_hosts=allowed_hosts)
            async with _transport() as transport, _send(transport, target, limits, resolve, introduction) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                if response.status_code in _REDIRECTS:
                    following = targets.redirect_url(target, headers.get("location", ""))
                    return Answered(response.status_code, headers, next_url=following)
                data = await _body(response, limits) if response.is_success else b""
                return Answered(response.status_code, headers, data)
    except (TimeoutError, httpx.TimeoutException):
        raise FetchTooSlow from None
    except (httpx.TransportError, httpx.InvalidURL, OSError):
        raise Unreachable from None


async def post(
    url: str,
    message: Message,
    *,
    limits: Limits,
    allowed_hosts: Collection[str] = (),
    resolve: Resolve = resolver.resolve_by_system,
) -> int:
    """Send the message to the address, and return the status that comes back; a redirect is one, and not followed.

    Only https is taken, and http of `allowed_hosts` alone. Of the response's body no more than `limits.most_bytes` are
    read, and thrown away. Otherwise as `fetch`. Raises FetchError.
    """
    introduction = Introduction(user_agent="Parley-Webhooks", accept="*/*")
    try:
        async with asyncio.timeout(limits.total_time):
            target = post_target(url, allowed_hosts=allowed_hosts)
            async with (
                _transport() as transport,
                _send(transport, target, limits, resolve, introduction, message) as response,
            ):
                with suppress(TimeoutError, httpx.TransportError):
                    await _hear_out(response, most=limits.most_bytes)
                return response.status_code
    except (TimeoutError, httpx.TimeoutException):
        raise FetchTooSlow from None
    except (httpx.TransportError, httpx.InvalidURL, OSError):
        raise Unreachable from None


def post_target(url: str, *, allowed_hosts: Collection[str] = ()) -> Target:
    """Where a message for the address goes, judged without a look-up of its name. Raises FetchRefused for what `post`
    would refuse in any case."""
    target = targets.parse_target(url, allowed_hosts=allowed_hosts)
    if target.scheme != "https" and not target.listed:
        raise FetchRefused
    if target.literal and not target.listed and not is_public(target.host):
        raise FetchRefused
    return target


async def _hear_out(response: httpx.Response, *, most: int) -> None:
    """Let the server finish what it says, up to so many bytes, so that it is not cut off in the middle."""
    heard = 0
    async with asyncio.timeout(_HEARD_OUT_FOR):
        async for piece in response.aiter_raw():
            heard += len(piece)
            if heard > most:
                return


async def _follow(url: str, limits: Limits, allowed_hosts: Collection[str], resolve: Resolve) -> Fetched:
    target = targets.parse_target(url, allowed_hosts=allowed_hosts)
    async with _transport() as transport:
        for _hop in range(limits.redirects + 1):
            async with _send(transport, target, limits, resolve, _FOR_PICTURES) as response:
                if response.status_code not in _REDIRECTS:
                    return await _read_within_limits(response, limits)
                location = response.headers.get("Location", "")
            target = targets.redirect_target(target, location, allowed_hosts=allowed_hosts)
    raise FetchRefused("It redirects too many times.")


@asynccontextmanager
async def _transport() -> AsyncIterator[httpx.AsyncBaseTransport]:
    """Connections of its own for each fetch: nothing is kept open for a stranger, and nothing is shared."""
    tls = await asyncio.to_thread(_tls)  # reading the list of authorities, once, takes longer than a stream may wait
    unshared = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=unshared) as transport:
        yield transport


@asynccontextmanager
async def _send(
    transport: httpx.AsyncBaseTransport,
    target: Target,
    limits: Limits,
    resolve: Resolve,
    introduction: Introduction,
    message: Message | None = None,
) -> AsyncIterator[httpx.Response]:
    """The head of the server's response, from the first of its judged addresses that takes a connection."""
    response: httpx.Response | None = None
    for address in await resolver.addresses_of(target, resolve=resolve):
        try:
            response = await transport.handle_async_request(_request(target, address, limits, introduction, message))
            break
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    if response is None:
        raise Unreachable
    try:
        yield response
    finally:
        await response.aclose()


def _request(
    target: Target, address: str, limits: Limits, introduction: Introduction, message: Message | None
) -> httpx.Request:
    """The request, which connects to the IP address and nowhere else, while host and certificate stay the name's."""
    host = f"[{address}]" if ":" in address else address
    return httpx.Request(
        "POST" if message else "GET",
        f"{target.scheme}://{host}:{target.port}{target.path}",
        headers={
            "Host": target.authority,
            "User-Agent": introduction.user_agent,
            "Accept": introduction.accept,
            "Accept-Encoding": introduction.encodings,
            "Connection": "close",
            **(message.headers if message else {}),
        },
        content=message.body if message else None,
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
    """The body of what was asked for uncompressed."""
    if response.status_code != 200:
        raise Unusable("There is nothing at this address.")
    media_type = _media_type(response, limits)
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Unusable("It is compressed, though it was asked for uncompressed.")
    return Fetched(await _body(response, limits), media_type)


async def _body(response: httpx.Response, limits: Limits) -> bytes:
    """The body, unpacked, and counted while it comes: what a server says about its length is a promise."""
    _media_type(response, limits)
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limits.most_bytes and not limits.cut:
        raise FetchTooLarge
    body = Body(response.headers.get("Content-Encoding", ""), most=limits.most_bytes)
    async for piece in response.aiter_raw():
        body.add(piece)
        if body.is_full:
            if not limits.cut:
                raise FetchTooLarge
            break
    return body.whole()


def _media_type(response: httpx.Response, limits: Limits) -> str:
    """What the server calls it. Raises Unusable for what was not asked for."""
    media_type: str = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type and not media_type.startswith(limits.media_types):
        raise Unusable
    return media_type


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
