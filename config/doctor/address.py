"""Looks at Parley through the address that people use: whether it answers there, and whether words come as they are
written."""

from urllib.parse import urlencode

from config import stream_probe
from config.doctor.findings import Finding
from upstream.visitor import Unreachable, visit

_OK = 200
_MOVED = 301
_NOBODY = "Nothing answers at {url} ({why}). Start Parley, check SITE_URL and the proxy, and run this again."
_HELD_BACK = (
    "The proxy in front of Parley is buffering streams: people see answers all at once instead of word by word. "
    "Turn off buffering and compression for text/event-stream (README.md shows how)."
)

_NOT_TOLD = (
    "Parley can’t tell that people use https, so it redirects them in circles. Have the proxy set "
    "X-Forwarded-Proto (README.md shows how); unless it runs on this machine, name it in TRUSTED_PROXIES."
)


def look_at_address(site_url: str) -> list[Finding]:
    """What a visitor from this machine finds at the address. Takes a few seconds. Never raises."""
    try:
        alive = visit(f"{site_url}/healthz")
        if alive.status != _OK or alive.text.strip() != "ok":
            return [Finding("address", "problem", _NOBODY.format(url=site_url, why=f"HTTP status {alive.status}"))]
        return [Finding("address", "ok", f"Parley answers at {site_url}."), _look_at_stream(site_url)]
    except Unreachable as fault:
        return [Finding("address", "problem", _NOBODY.format(url=site_url, why=fault))]


def _look_at_stream(site_url: str) -> Finding:
    """Whether the pieces of a stream arrive one by one. Raises Unreachable."""
    token = urlencode({"token": stream_probe.make_token()})
    seen = visit(f"{site_url}/healthz/stream?{token}", mark=b"event: piece")
    if seen.status == _MOVED:
        return Finding("proxy", "problem", _NOT_TOLD)
    if seen.status != _OK or len(seen.arrivals) != stream_probe.PIECES:
        sentence = f"The test stream was answered with HTTP status {seen.status}. Is it this Parley that answers there?"
        return Finding("streaming", "problem", sentence)
    sent_over = stream_probe.PAUSE * (stream_probe.PIECES - 1)
    if seen.arrivals[-1] - seen.arrivals[0] > sent_over / 2:
        return Finding("streaming", "ok", "Words arrive as they are written.")
    return Finding("streaming", "problem", _HELD_BACK)
