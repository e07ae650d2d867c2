"""What an address names: a web server's host and port, and the path there, read in one way only.

Two programs that read an address differently are how a guard is passed. So there is one reading, stricter than any
browser's; what it refuses may well be a working address, but none that a picture has.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

from upstream.safe_fetch.errors import FetchRefused

LONGEST = 4_000  # characters
_PORTS = {"http": 80, "https": 443}
_UNCLEAN = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_PORT = re.compile(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go. `host` is a name in ASCII or an IP address without brackets; `listed` says that the operator vouches
    for it, wherever its name leads. `path` begins with a slash and has the query, but no fragment."""

    scheme: str
    host: str
    port: int
    path: str
    literal: bool
    listed: bool

    @property
    def url(self) -> str:
        """The address, as redirects are relative to it."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """The host as its server wants to be called, with the port unless it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse_target(url: str, *, allowed_hosts: Collection[str] = ()) -> Target:
    """Read the address. `allowed_hosts` has `host` or `host:port` entries that the operator vouches for.

    Raises FetchRefused for everything but http and https on their usual ports (others only where listed), for users'
    names, for numbers in any other notation than an IP address's plain one, and for hosts that are neither name nor
    address.
    """
    if len(url) > LONGEST or _UNCLEAN.search(url):
        raise FetchRefused
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FetchRefused from None
    if parts.scheme not in _PORTS or not parts.netloc or "@" in parts.netloc or "%" in parts.netloc:
        raise FetchRefused
    host, port = _host_and_port(parts)
    usual = _PORTS[parts.scheme]
    port = usual if port is None else port
    bracketed = f"[{host}]" if ":" in host else host
    listed = f"{bracketed}:{port}" in allowed_hosts or (port == usual and bracketed in allowed_hosts)
    if port != usual and not listed:
        raise FetchRefused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, literal=_is_literal(host), listed=listed)


def redirect_target(target: Target, location: str, *, allowed_hosts: Collection[str] = ()) -> Target:
    """Where the server at the target sends us. Raises FetchRefused as `parse_target` does."""
    return parse_target(redirect_url(target, location), allowed_hosts=allowed_hosts)


def redirect_url(target: Target, location: str) -> str:
    """The same as an address that nobody has judged yet. Raises FetchRefused for what is none."""
    if _UNCLEAN.search(location):
        raise FetchRefused
    try:
        return urljoin(target.url, location)
    except ValueError:
        raise FetchRefused from None


def _host_and_port(parts: SplitResult) -> tuple[str, int | None]:
    text = parts.netloc
    if text.startswith("["):
        inside, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise FetchRefused
        return _ipv6(inside), _port(rest[1:])
    host, _colon, port = text.partition(":")
    return _name(host), _port(port)


def _port(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not _PORT.fullmatch(text) or not 0 < int(text) < 65536:
        raise FetchRefused
    return int(text)


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise FetchRefused from None


def _name(text: str) -> str:
    """The name in ASCII and lower case, without a dot at its end, or an IPv4 address in its plain notation."""
    try:
        # As browsers do: full-width digits become digits, an ideographic full stop becomes a dot.
        name = idna.encode(text, uts46=True).decode("ascii").removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        name = text.lower().removesuffix(".") if text.isascii() else ""  # such as names with an underscore
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise FetchRefused
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        # What ends in a number is an IPv4 address to browsers and to most libraries, whatever its notation.
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            raise FetchRefused from None
    return name


def _is_literal(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit()
