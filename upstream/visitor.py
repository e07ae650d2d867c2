"""Visits an address of our own, as a browser would."""

import time
from dataclasses import dataclass, field

import httpx

_TIMES = httpx.Timeout(10.0)  # seconds


class Unreachable(Exception):
    """Nobody answers there. Its text is the kind of fault, without addresses."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came back: the status, the text, and the moments (seconds) at which the parts of interest arrived."""

    status: int
    text: str
    arrivals: list[float] = field(default_factory=list)


def visit(url: str, *, mark: bytes = b"") -> Visit:
    """Read the page or stream at the address, and note when each `mark` in it arrived. Raises Unreachable."""
    text, arrivals = bytearray(), []
    try:
        with (
            httpx.Client(timeout=_TIMES, trust_env=False, follow_redirects=False) as http,
            http.stream("GET", url) as response,
        ):
            for data in response.iter_bytes():
                seen = text.count(mark) if mark else 0
                text += data
                arrivals += [time.monotonic()] * ((text.count(mark) if mark else 0) - seen)
                if len(text) > 65_536:
                    break
            return Visit(response.status_code, text.decode(errors="replace"), arrivals)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise Unreachable(type(fault).__name__) from None
