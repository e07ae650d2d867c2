"""What goes wrong with the Agent API on demand: the failures of `upstream.demo.faults`, in this service's own forms."""

import httpx

from upstream.demo.faults import fault_of, retry_after
from upstream.demo.responses import envelope
from upstream.demo.switches import Switches

_FORMS = {  # the type, and the sentence
    401: ("invalid_api_key", "Invalid API key provided. Ensure your API key is correct and active."),
    403: ("forbidden", "This API key has no access to the Agent API."),
    404: ("not_found", "resource not found"),
    413: ("payload_too_large", "The request body is too large."),
    424: ("external_connector_error", "An external connector could not be reached."),
    429: ("request_rate_limit_exceeded", "You have exceeded your request rate limit. Please try again later."),
}
_TROUBLE = {
    "internal_error": 500,
    "bad_gateway": 502,
    "upstream_structured_output_failed": 502,
    "gateway_timeout": 504,
}
ORGANISATION = "Organization API keys cannot be used here. Use a project or personal API key."
_NEEDS_LENGTH = "validation failed: max_output_tokens is required when using Anthropic models"


def form(status: int, *, message: str = "", wait: str = "") -> httpx.Response:
    """The answer that belongs to a status; `wait` is the value of the switch `429`."""
    kind, sentence = _FORMS[status]
    return envelope(status, kind, message or sentence, headers=retry_after(wait))


def agent_fault(switches: Switches, request: httpx.Request) -> httpx.Response | None:
    """The failure that the switches ask for, or None. Trouble is a page of HTML, as something in front would send it.

    Raises httpx.TransportError for the failures that are not answers.
    """
    message = switches.echo or ""
    if status := int(switches.any_of(*map(str, _FORMS)) or 0):
        return form(status, message=message, wait=switches.values.get("429", ""))
    if "organisation_key" in switches:
        return form(403, message=ORGANISATION)
    if "5xx" in switches:
        kind = switches.values["5xx"] or "internal_error"
        return envelope(_TROUBLE.get(kind, 500), kind, message or "Something went wrong. Please try again later.")
    if "needs_length" in switches:
        return envelope(400, "invalid_request", _NEEDS_LENGTH)
    if "400" in switches:
        return envelope(400, switches.values["400"] or "invalid_request", message or "invalid request")
    return fault_of(switches, request)
