"""Whether a service still takes questions, found out by one that costs nothing: it has no question in it."""

import httpx

from upstream import http
from upstream.connections import SendRequest
from upstream.errors import InvalidRequest, KeyRefused, TooManyRequests, UpstreamError, Withdrawn

GONE = (404, 405, 410)
_TIME = 10.0  # seconds


async def is_offered(exchange: SendRequest, url: str) -> bool | None:
    """True where the service refuses the empty request as such, False where it says that nothing is there.

    None where neither is certain: it is in trouble, cannot be reached, points elsewhere, or something in between
    shows a web page. Never raises.
    """
    try:
        response = await exchange("POST", url, model="", body={}, read_timeout=_TIME)
    except (InvalidRequest, KeyRefused, TooManyRequests):
        return True
    except Withdrawn as error:
        return False if error.status in GONE else None
    except UpstreamError:
        return None
    return await _is_no_web_page(response)


async def _is_no_web_page(response: httpx.Response) -> bool | None:
    try:
        http.is_stream(response)
    except Withdrawn:
        return None
    finally:
        await http.close_response(response)
    return True
