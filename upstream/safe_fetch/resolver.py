"""Which addresses a name has. The answer is judged and then used: a name is looked up once per connection."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from upstream.safe_fetch.errors import FetchRefused, Unreachable
from upstream.safe_fetch.networks import is_public
from upstream.safe_fetch.targets import Target

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

MOST_ADDRESSES = 4  # that are tried, one after the other

# The loop's own threads look up the answer service: they must not wait for names that a stranger chose.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="names")


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says, in its order. Raises OSError."""

    def look_up() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return [str(sockaddr[0]) for *_, sockaddr in found]

    return await asyncio.get_running_loop().run_in_executor(_threads, look_up)


async def addresses_of(target: Target, *, resolve: Resolve) -> Sequence[str]:
    """The addresses to connect to. Raises FetchRefused when any of them is not public, unless the target is listed.

    Raises Unreachable for a name that has none.
    """
    found: Sequence[str] = [target.host]
    if not target.literal:
        if "." not in target.host and not target.listed:
            raise FetchRefused  # a name for inside a network
        try:
            found = list(dict.fromkeys(await resolve(target.host, target.port)))
        except (OSError, UnicodeError):
            raise Unreachable from None
    if not found:
        raise Unreachable
    if not target.listed and not all(is_public(address) for address in found):
        raise FetchRefused
    return found[:MOST_ADDRESSES]
