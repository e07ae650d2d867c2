"""How an image service refuses: OpenAI's object, a bare string, a line of text, or a page from who stands before it."""

from collections.abc import Mapping
from typing import Any

import httpx

from upstream.demo.faults import fault_of, retry_after
from upstream.demo.responses import PAGES, Refusal, plain
from upstream.demo.switches import Switches

INVALID = "invalid_request_error"

_CONTENT = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us and include the "
    "request ID req_demo."
)
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_FAILURES = {  # by the switch: the status, the type, the code and the sentence
    "credits": (429, "insufficient_quota", "insufficient_quota", _QUOTA),
    "unverified": (403, INVALID, None, "Your organization must be verified to use the model `gpt-image-1`."),
    "401": (401, INVALID, "invalid_api_key", "Incorrect API key provided: sk-demo***4711."),
    "403": (403, INVALID, None, "You are not allowed to use this resource."),
    "404": (404, INVALID, None, "Invalid URL (POST /v1/images/generations)"),
    "413": (413, INVALID, None, "The request is too large."),
    "429": (429, "requests", "rate_limit_exceeded", "Rate limit reached for images per minute."),
    "500": (500, "server_error", None, "The server had an error while processing your request."),
}


def refuse(
    status: int,
    message: str,
    *,
    kind: str = INVALID,
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    """OpenAI's form of an error."""
    body: dict[str, Any] = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Refusal(httpx.Response(status, json=body, headers=headers))


def fail(switches: Switches, request: httpx.Request) -> None:
    """Fail before anything is drawn, if a switch wants that. Raises Refusal or httpx.TransportError."""
    if "refused" in switches:
        code = switches.values["refused"] or "moderation_blocked"
        raise refuse(400, switches.echo or _CONTENT, kind="image_generation_user_error", code=code)
    if "busy" in switches:
        body, headers = {"error": "the server is busy, try again later"}, retry_after(switches.values["busy"])
        raise Refusal(httpx.Response(503, headers=headers, json=body))
    if "string_error" in switches:
        raise Refusal(httpx.Response(500, json={"error": "generate_image returned no results"}))
    if "text_error" in switches:
        raise Refusal(httpx.Response(500, text=switches.echo or "could not load the model"))
    if "redirect" in switches:
        elsewhere = switches.values["redirect"] or "https://elsewhere.example/v1/images/generations"
        raise Refusal(httpx.Response(307, headers={"Location": elsewhere}))
    if name := switches.any_of(*_FAILURES):
        status, kind, reason, said = _FAILURES[name]
        headers = retry_after(switches.values.get("429", ""))
        raise refuse(status, switches.echo or said, kind=kind, code=reason, headers=headers)
    if page := switches.any_of(*map(str, PAGES)):
        raise Refusal(plain(int(page)))
    if (response := fault_of(switches, request)) is not None:
        raise Refusal(response)
