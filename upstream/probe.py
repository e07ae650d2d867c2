"""What services make of requests that cost nothing: an empty question, and the list of models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from upstream import http
from upstream.connections import SendRequest
from upstream.endpoints import Endpoint
from upstream.errors import (
    InvalidRequest,
    KeyRefused,
    ServiceEnded,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
)
from upstream.translation.payloads import parse_json

GONE = (404, 405, 410)
EMPTY: Mapping[str, Any] = {"agent": {"effort": "fast", "input": ""}}
"""A request of each provider that asks nothing, where it is not an empty object."""
_TIME = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class KeyTrial:
    """What the key was good for. `models` is how many are listed, None where the list cannot be read for the reason in
    `models_refused`. `refused` has each provider's reason not to take questions, None where it takes them.
    """

    models: int | None
    models_refused: UpstreamError | None
    refused: Mapping[str, UpstreamError | None]


async def try_key(exchange: SendRequest, endpoint: Endpoint, *, providers: Sequence[str]) -> KeyTrial:
    """Ask for the models, and each provider an empty question. Never raises."""
    models, models_refused = await _count_models(exchange, endpoint.models_url)
    refused = {name: await _refusal(exchange, endpoint.url_of(name), provider=name) for name in providers}
    return KeyTrial(models, models_refused, refused)


async def _count_models(exchange: SendRequest, url: str) -> tuple[int | None, UpstreamError | None]:
    try:
        response = await exchange("GET", url, model="", read_timeout=_TIME)
        try:
            http.is_stream(response)
            found = parse_json(await http.read_body(response))
        finally:
            await http.close_response(response)
    except UpstreamError as error:
        return None, error
    except http.FAULTS:
        return None, UpstreamDown()
    listed = found.get("data") if isinstance(found, dict) else None
    return (len(listed), None) if isinstance(listed, list) else (None, Withdrawn())


async def _refusal(exchange: SendRequest, url: str, *, provider: str) -> UpstreamError | None:
    """Why no question is taken; None where the empty one is refused for being empty, or because of too many others."""
    try:
        response = await exchange("POST", url, model="", body=EMPTY.get(provider, {}), read_timeout=_TIME)
    except (InvalidRequest, TooManyRequests):
        return None
    except UpstreamError as error:
        return error
    return None if await _is_no_web_page(response) else Withdrawn()


async def is_offered(exchange: SendRequest, url: str, *, provider: str) -> bool | None:
    """True where the service refuses the empty request as such, False where it says that it has ended or is not there.

    None where neither is certain: it is in trouble, cannot be reached, points elsewhere, or something in between
    shows a web page. Never raises.
    """
    match await _refusal(exchange, url, provider=provider):
        case None | KeyRefused():
            return True
        case ServiceEnded():
            return False
        case Withdrawn() as error if error.status in GONE:
            return False
    return None


async def _is_no_web_page(response: httpx.Response) -> bool:
    try:
        http.is_stream(response)
    except Withdrawn:
        return False
    finally:
        await http.close_response(response)
    return True
