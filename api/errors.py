"""Refusals as programs expect them: in the form that OpenAI's API has, in English."""

from math import ceil

from django.http import JsonResponse


class ApiError(Exception):
    """Why a request is not answered. `message` is a sentence for whoever wrote the program, `code` a word for the
    program, `param` the field that has to change, and `retry_after` the seconds after which it may try again."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = type
        self.code = code
        self.param = param
        self.retry_after = retry_after

    @property
    def body(self) -> dict[str, dict[str, str | None]]:
        """As JSON has it."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def error_response(error: ApiError) -> JsonResponse:
    """The response that says it."""
    response = JsonResponse(error.body, status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(max(1, ceil(error.retry_after)))
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def unauthorized(message: str, *, code: str = "invalid_api_key") -> ApiError:
    """The token is missing, or good for nothing."""
    return ApiError(401, message, type="authentication_error", code=code)


def forbidden(message: str, *, code: str = "insufficient_permissions") -> ApiError:
    """The token is good, but not for this."""
    return ApiError(403, message, type="permission_error", code=code)


def not_found(message: str = "There is nothing at this address.", *, code: str = "not_found") -> ApiError:
    """There is no such thing, or not for this person."""
    return ApiError(404, message, code=code)
