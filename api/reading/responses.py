"""How answers to programs are sent: as JSON, with a tag by which a program asks whether anything changed."""

from hashlib import blake2b
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def json_response(request: HttpRequest, data: Any) -> HttpResponse:
    """The data as JSON; 304 with no body for a program that has exactly this."""
    body = orjson.dumps(data)
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=tag, response=response) or response
