"""What a program sends: JSON, of bounded size and depth, without what no database keeps."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest

from api.errors import ApiError
from core.storable import storable

Body = Mapping[str, Any]


def json_body(request: HttpRequest) -> Body:
    """The object in the request's body. How large it may be the server has looked at before
    (`config/middleware/request_bodies.py`). Raises ApiError."""
    try:
        found = orjson.loads(request.read())
    except orjson.JSONDecodeError as fault:
        raise ApiError(400, f"The body of the request is not valid JSON: {fault}", code="invalid_json") from None
    if not isinstance(found, dict):
        raise ApiError(400, "The body of the request must be a JSON object.", code="invalid_json")
    return {str(name): value for name, value in storable(found).items() if value is not None}


def wrong(param: str, message: str, *, code: str = "invalid_value") -> ApiError:
    """What is wrong with one field."""
    return ApiError(400, message, param=param, code=code)


def flag(body: Body, name: str, *, within: str = "") -> bool:
    """A yes or no of the body, or of the object `within` it; no where nothing is said. Raises ApiError."""
    value = (mapping(body, within) if within else body).get(name)
    if not isinstance(value, bool | None):
        path = f"{within}.{name}" if within else name
        raise wrong(path, f"“{path}” must be true or false.", code="invalid_type")
    return bool(value)


def text(body: Body, name: str) -> str:
    """A text; empty where nothing is said. Raises ApiError."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise wrong(name, f"“{name}” must be a string.", code="invalid_type")
    return value


def mapping(body: Body, name: str) -> Body:
    """An object; empty where nothing is said. Raises ApiError."""
    value = body.get(name, {})
    if not isinstance(value, Mapping):
        raise wrong(name, f"“{name}” must be an object.", code="invalid_type")
    return value
