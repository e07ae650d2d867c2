"""Fetches what a service has drawn from the address that it named: a stranger's server, or the service's own one."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from upstream import http as upstream_http
from upstream.drawing import LARGEST_PICTURE, LOST_LARGE
from upstream.errors import PictureLost
from upstream.safe_fetch import FetchError, FetchRefused, FetchTooLarge, FetchTooSlow, Limits, fetch

logger = logging.getLogger(__name__)

_FETCH_TIME = 30.0  # seconds
_LOST_SLOW = "An image was drawn, but fetching it took too long."


async def fetch_picture(url: str, *, base_url: str) -> bytes:
    """The bytes of a picture that the service at `base_url` has drawn, unjudged, LARGEST_PICTURE at most.

    The service's own host may lie inside the network; every other one has to be public. No key goes along.
    Raises PictureLost.
    """
    limits = Limits(most_bytes=LARGEST_PICTURE, total_time=_FETCH_TIME)
    try:
        return (await fetch(url, limits=limits, allowed_hosts=(host_of(base_url),))).data
    except FetchTooLarge:
        raise PictureLost(LOST_LARGE, repeat=False) from None
    except FetchTooSlow:
        raise PictureLost(_LOST_SLOW) from None
    except FetchError as error:
        logger.warning("An image that was drawn could not be fetched: %s", error)
        # An address that is forbidden now is forbidden in a moment too.
        raise PictureLost(repeat=not isinstance(error, FetchRefused)) from None


async def fetch_own_file(url: str, *, http: Callable[[], httpx.AsyncClient]) -> bytes:
    """The same from a demo in this process, over the transport that leads to it. Raises PictureLost."""
    try:
        response = await http().get(url)
    except upstream_http.FAULTS:
        raise PictureLost from None
    if response.status_code != 200:
        raise PictureLost
    if len(response.content) > LARGEST_PICTURE:
        raise PictureLost(LOST_LARGE, repeat=False)
    return response.content


def host_of(url: str) -> str:
    """The host of a web address with its port, as `host:port`; empty where it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    host = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}" if host else ""
