"""Every request has an id, and every response is counted.

A proxy that has given the request an id is taken at its word, so that its log and ours tell of the same one; anybody
may send such a header, and gains nothing.
"""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from config.middleware.request_bodies import App, Receive, Scope, Send
from core import measures
from core.web.request_ids import current_request_id, note_request_id

HEADER = "X-Request-ID"
_NAME = HEADER.lower().encode()
_WELL_FORMED = re.compile(rb"[\w.-]{8,64}", re.ASCII)


class RequestIds:
    """Gives each request an id, or lets it keep the one with which it came."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        said = next((value for name, value in scope["headers"] if name == _NAME), b"")
        note_request_id(said.decode() if _WELL_FORMED.fullmatch(said) else uuid.uuid4().hex)
        await self._app(scope, receive, send)


def count_responses(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Count each response by its kind of status, such as 2xx, and say its request's id in a header."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        measures.RESPONSES.labels(f"{response.status_code // 100}xx").inc()
        if request_id := current_request_id():
            response[HEADER] = request_id
        return response

    return respond
