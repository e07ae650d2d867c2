"""Who asks, whether by https, and for which of our addresses, where a proxy stands in front of Parley.

A proxy says it in headers, which anybody else can send as well. So it is read here, once, and only from those whom
`TRUSTED_PROXIES` names and from a Unix socket, which the rights of its file guard. Everything behind this finds the
client's address in REMOTE_ADDR, the scheme in `request.scheme`, and no header about it.
"""

import functools
import ipaddress
import logging
from collections.abc import Iterable, Sequence

from config.middleware.request_bodies import App, Receive, Scope, Send

logger = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FOR, _PROTO = b"x-forwarded-for", b"x-forwarded-proto"
_SAID_BY_PROXIES = frozenset({_FOR, _PROTO, b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip", b"forwarded"})


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address from which the request came: the last one in `X-Forwarded-For` that is no trusted proxy's.

    Each proxy adds the address that it sees to the end, so what stands before the first that we do not trust may be
    invented. `peer` is who is connected with us, empty for a Unix socket; a client on one of the trusted addresses
    themselves is believed no less. Returns an empty text where nobody says anything.
    """
    address = peer
    for said in (peer, *reversed(forwarded.split(","))):
        found = _parse_address(said.strip())
        if found is None:
            if said:
                break
            continue
        address = str(found)
        if not any(found in network for network in trusted):
            break
    return address


@functools.lru_cache(maxsize=4096)
def _parse_address(text: str) -> Address | None:
    """The address, also with a port behind it as some proxies write it; None for anything else."""
    host = text.partition("]")[0][1:] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


class Forwarded:
    """Puts into each request what trusted proxies say of it, and takes out what others say.

    `prefix` is the path below which Parley is on its host, such as `/parley/`. Behind this, addresses are without it,
    whether or not the proxy has cut it off.
    """

    def __init__(self, app: App, *, trusted: Sequence[Network], prefix: str) -> None:
        self._app = app
        self._trusted = trusted
        self._prefix = prefix.rstrip("/")
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        peer = scope["client"][0] if scope.get("client") else ""
        said = [(name, value) for name, value in scope["headers"] if name in _SAID_BY_PROXIES]
        seen = {**scope, "path": self._own_path(scope["path"])}
        if said:
            seen["headers"] = [header for header in scope["headers"] if header[0] not in _SAID_BY_PROXIES]
        if self._is_trusted(peer):
            address = client_address(peer, _joined(said, _FOR), self._trusted)
            seen["client"] = (address, 0) if address else None
            if _joined(said, _PROTO).partition(",")[0].strip().lower() == "https":
                seen["scheme"] = "https"
        elif said:
            self._tell_once(peer)
        await self._app(seen, receive, send)

    def _own_path(self, path: str) -> str:
        """The path without the prefix; empty where only its last slash is missing, which Django adds."""
        return path.removeprefix(self._prefix) if f"{path}/".startswith(f"{self._prefix}/") else path

    def _is_trusted(self, peer: str) -> bool:
        found = _parse_address(peer)
        return not peer or (found is not None and any(found in network for network in self._trusted))

    def _tell_once(self, peer: str) -> None:
        """Say why people are sent in circles or all have one address. Once: anybody can send such headers."""
        if not self._told:
            self._told = True
            logger.warning(
                "Requests from %s carry headers that a proxy adds, such as X-Forwarded-For, but they are not "
                "trusted. If that is your proxy, name it in TRUSTED_PROXIES.",
                peer,
            )


def _joined(said: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    return ",".join(value.decode("latin-1") for name, value in said if name == wanted)
