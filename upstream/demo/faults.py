"""What goes wrong on demand, before an answer or in the middle of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NoReturn

import httpx

from upstream.demo.responses import ERRORS, MODELS_PAGE, PAGES, Refusal, envelope, plain
from upstream.demo.switches import Switches

_FOREVER = 24 * 3600.0
_STATUSES = (*PAGES, *ERRORS, 422, 503)
_REFUSALS = {
    "invalid_model": f"Invalid model 'demo'. Permitted models can be found in the documentation at {MODELS_PAGE}.",
    "invalid_message": (
        "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."
    ),
    "invalid_search_domain_filter": "Validation error: search_domain_filters has a max length of 20",
    "invalid_parameter": "max_tokens must be at least 16 for sonar.",
    "bad_request": "[\"At body -> search_recency_filter: Input should be 'hour', 'day', 'week', 'month' or 'year'\"]",
}
_BROKEN = {
    "reset": (httpx.ReadError, "the demo was asked to reset the connection"),
    "unreachable": (httpx.ConnectError, "the demo was asked to be unreachable"),
    "connect_timeout": (httpx.ConnectTimeout, "the demo was asked never to connect"),
}


def fault_of(switches: Switches, request: httpx.Request) -> httpx.Response | None:
    """The failure that the switches ask for, or None.

    Raises httpx.ConnectError, ConnectTimeout or ReadError for the failures that are not answers.
    """
    if broken := switches.any_of(*_BROKEN):
        error, sentence = _BROKEN[broken]
        raise error(sentence, request=request)
    message = switches.echo or ""
    if "400" in switches:
        kind = switches.values["400"] or "bad_request"
        return envelope(400, kind, message or _REFUSALS.get(kind, _REFUSALS["bad_request"]))
    status = int(switches.any_of(*map(str, _STATUSES)) or 0)
    headers = {"Allow": "GET"} if status == 405 else retry_after(switches.values["429"]) if status == 429 else None
    return plain(status, message=message, headers=headers) if status else None


def fail_look(switches: Switches, time: int, request: httpx.Request, *, done: bool) -> None:
    """Go wrong when somebody looks for the `time`th time at work that is answered later, and may be `done` by now.

    Raises Refusal or httpx.ReadError.
    """
    if "vanish" in switches and done:
        raise Refusal(plain(404))
    if "poll_429" in switches and time == 1:
        wait = switches.number("poll_429", 2, most=60)
        raise Refusal(plain(429, headers={"Retry-After": f"{wait:g}"}))
    if switches.still("poll_500", time, 3):
        raise Refusal(plain(500))
    if switches.still("poll_reset", time, 3):
        raise httpx.ReadError("the demo was asked to reset the connection", request=request)


async def fall_silent(request: httpx.Request) -> NoReturn:
    """Send nothing more. In process the client's own read timeout is honoured, as a connection would do it."""
    patience = request.extensions.get("timeout", {}).get("read")
    await asyncio.sleep(_FOREVER if patience is None else patience)
    raise httpx.ReadTimeout("the demo was asked to fall silent", request=request)


def retry_after(value: str) -> dict[str, str] | None:
    """The header that tells how long to wait: seconds, or with `date:` before them the time that is then."""
    if value.startswith("date"):
        seconds = Switches({"429": value.partition(":")[2]}).number("429", 3, most=1e6)
        return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)}
    return {"Retry-After": value} if value and value.isascii() else None
