"""How an image service refuses: OpenAI's object, a bare string, a line of text, or a page from who stands before it."""

from typing import Any

import httpx

from upstream.demo.faults import fault_of
from upstream.demo.responses import PAGES, Refusal, plain
from upstream.demo.switches import Switches

INVALID = "invalid_request_error"

_CONTENT = (
    "Your request was rejected by the safety system. If you believe this is an error, contact us and include the "
    "request ID req_demo."
)
_STATUSES = {
    "401": (401, INVALID, "invalid_api_key", "Incorrect API key provided: sk-demo***4711."),
    "403": (403, INVALID, None, "You are not allowed to use this resource."),
    "404": (404, INVALID, None, "Invalid URL (POST /v1/images/generations)"),
    "413": (413, INVALID, None, "The request is too large."),
    "500": (500, "server_error", None, "The server had an error while processing your request."),
}


def refuse(
    status: int, message: str, *, kind: str = INVALID, code: str | None = None, param: str | None = None
) -> Refusal:
    """OpenAI's form of an error."""
    body: dict[str, Any] = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Refusal(httpx.Response(status, json=body))


def fail(switches: Switches, request: httpx.Request) -> None:
    """Fail before anything is drawn, if a switch wants that. Raises Refusal or httpx.TransportError."""
    if "refused" in switches:
        code = switches.values["refused"] or "moderation_blocked"
        raise refuse(400, switches.echo or _CONTENT, kind="image_generation_user_error", code=code)
    if "credits" in switches:
        said = "You exceeded your current quota, please check your plan and billing details."
        raise refuse(429, said, kind="insufficient_quota", code="insufficient_quota")
    if "unverified" in switches:
        raise refuse(403, "Your organization must be verified to use the model `gpt-image-1`.")
    if "busy" in switches:
        wait = switches.values["busy"]
        headers = {"Retry-After": wait} if wait else {}
        raise Refusal(httpx.Response(503, headers=headers, json={"error": "the server is busy, try again later"}))
    if "string_error" in switches:
        raise Refusal(httpx.Response(500, json={"error": "generate_image returned no results"}))
    if "text_error" in switches:
        raise Refusal(httpx.Response(500, text=switches.echo or "could not load the model"))
    if "redirect" in switches:
        elsewhere = switches.values["redirect"] or "https://elsewhere.example/v1/images/generations"
        raise Refusal(httpx.Response(307, headers={"Location": elsewhere}))
    if "429" in switches:
        limited = fault_of(switches, request)
        headers = {} if limited is None else {"Retry-After": limited.headers.get("Retry-After", "")}
        said = "Rate limit reached for images per minute."
        body = {"error": {"message": said, "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
        raise Refusal(httpx.Response(429, headers={k: v for k, v in headers.items() if v}, json=body))
    if status := switches.any_of(*_STATUSES):
        number, kind, name, said = _STATUSES[status]
        raise refuse(number, switches.echo or said, kind=kind, code=name)
    if status := switches.any_of(*(str(page) for page in PAGES)):
        raise Refusal(plain(int(status)))
    if (response := fault_of(switches, request)) is not None:
        raise Refusal(response)
