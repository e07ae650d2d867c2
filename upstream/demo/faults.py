"""What goes wrong on demand, and the forms in which Perplexity says so: JSON objects, or a page of HTML."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NoReturn

import httpx

from upstream.demo.switches import Switches

MODELS_PAGE = "https://docs.perplexity.ai/docs/getting-started/models"
_FOREVER = 24 * 3600.0

_PAGES = {  # the title, and who sends it
    401: ("Authorization Required", "openresty"),
    500: ("Internal Server Error", "openresty"),
    502: ("Bad Gateway", "cloudflare"),
    504: ("Gateway Time-out", "cloudflare"),
    524: ("A timeout occurred", "cloudflare"),
}
_ERRORS = {
    403: ("permission_denied", "You are not allowed to use this resource."),
    404: ("not_found", "The requested resource was not found."),
    405: ("method_not_allowed", "This method is not allowed here."),
    410: ("gone", "This endpoint is no longer available."),
    413: ("request_too_large", "The request body is too large."),
    429: ("rate_limit_exceeded", "Rate limit exceeded, please slow down."),
}
_STATUSES = (*_PAGES, *_ERRORS, 422, 503)
_REFUSALS = {
    "invalid_model": f"Invalid model 'demo'. Permitted models can be found in the documentation at {MODELS_PAGE}.",
    "invalid_message": (
        "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."
    ),
    "invalid_search_domain_filter": "Validation error: search_domain_filters has a max length of 20",
    "invalid_parameter": "max_tokens must be at least 16 for sonar.",
    "bad_request": json.dumps(
        ["At body -> search_recency_filter: Input should be 'hour', 'day', 'week', 'month' or 'year'"]
    ),
}


class Refusal(Exception):
    """The request is answered with an error; `response` is that answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(response.status_code)


def envelope(
    status: int, kind: str, message: str, *, param: str = "", headers: dict[str, str] | None = None
) -> httpx.Response:
    """`{"error":{"message","type","code","param"?}}`, the form of most refusals."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": status}
    return httpx.Response(status, headers=headers, json={"error": {**error, "param": param} if param else error})


def plain(status: int, *, message: str = "", headers: dict[str, str] | None = None) -> httpx.Response:
    """The answer that belongs to a status: HTML for 401 and trouble in front of the service, JSON otherwise."""
    if status in _PAGES:
        title, server = _PAGES[status]
        page = (
            f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>"
            f"</center>\r\n<hr><center>{message or server}</center>\r\n</body>\r\n</html>\r\n"
        )
        return httpx.Response(status, headers=headers, html=page)
    if status == 503:
        return httpx.Response(status, headers=headers, json={"error": message or "overloaded, try again later"})
    if status == 422:
        return unprocessable(["body", "messages"], message or "Field required")
    kind, text = _ERRORS[status]
    return envelope(status, kind, message or text, headers=headers)


def unprocessable(where: Sequence[str], what: str) -> httpx.Response:
    """422 with `detail`: where something is missing, and what."""
    return httpx.Response(422, json={"detail": [{"loc": list(where), "msg": what, "type": "missing"}]})


def fault_of(switches: Switches, request: httpx.Request) -> httpx.Response | None:
    """The failure that the switches ask for, or None.

    Raises httpx.ConnectError, ConnectTimeout or ReadError for the failures that are not answers.
    """
    if "reset" in switches:
        raise httpx.ReadError("the demo was asked to reset the connection", request=request)
    if "unreachable" in switches:
        raise httpx.ConnectError("the demo was asked to be unreachable", request=request)
    if "connect_timeout" in switches:
        raise httpx.ConnectTimeout("the demo was asked never to connect", request=request)
    text = switches.echo or ""
    if "400" in switches:
        kind = switches.values["400"] or "bad_request"
        return envelope(400, kind, text or _REFUSALS.get(kind, _REFUSALS["bad_request"]))
    status = int(switches.any_of(*map(str, _STATUSES)) or 0)
    headers = {"Allow": "GET"} if status == 405 else _retry_after(switches.values["429"]) if status == 429 else None
    return plain(status, message=text, headers=headers) if status else None


async def fall_silent(request: httpx.Request) -> NoReturn:
    """Send nothing more. In process the client's own read timeout is honoured, as a connection would do it."""
    patience = request.extensions.get("timeout", {}).get("read")
    await asyncio.sleep(_FOREVER if patience is None else patience)
    raise httpx.ReadTimeout("the demo was asked to fall silent", request=request)


def _retry_after(value: str) -> dict[str, str] | None:
    if value.startswith("date"):
        seconds = Switches({"429": value.partition(":")[2]}).number("429", 3, most=1e6)
        return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)}
    return {"Retry-After": value} if value and value.isascii() else None
