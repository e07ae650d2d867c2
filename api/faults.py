"""What programs are told where no view of theirs answers: there is no such address, a request can't be read, or Parley
made a mistake."""

import re

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from api.errors import ApiError, error_response, not_found
from core.web.request_ids import current_request_id

_OF_PROGRAMS = re.compile(r"/v1(?:/.*)?|/api/.+|/chat/completions/?|/mcp/?", re.DOTALL)
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def is_for_programs(path: str) -> bool:
    """Whether whoever asks this address, as it is where Parley has a host to itself, expects JSON and no page."""
    return _OF_PROGRAMS.fullmatch(path) is not None


def comes_from_a_program(request: HttpRequest) -> bool:
    """Whether the request is for such an address."""
    return is_for_programs(request.path_info.removeprefix(settings.SITE_PATH.rstrip("/")))


def refusal(status: int, message: str, *, code: str, retry_after: float | None = None) -> ApiError:
    """A refusal whose type follows from its status."""
    kind = "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")
    return ApiError(status, message, type=kind, code=code, retry_after=retry_after)


def unknown_address() -> JsonResponse:
    """There is no such address."""
    return error_response(not_found())


def unreadable_request() -> JsonResponse:
    """The request is malformed, or for a host that isn't Parley's."""
    return error_response(refusal(400, "This request can’t be read.", code="bad_request"))


def our_mistake() -> JsonResponse:
    """Something went wrong that nobody foresaw. What it was is in the log alone, under the request's id."""
    message = "Something went wrong in Parley. Your administrator can look it up in the log."
    if request_id := current_request_id():
        message = f"Something went wrong in Parley. Your administrator can look it up in the log: request {request_id}."
    return error_response(refusal(500, message, code="internal_error"))
