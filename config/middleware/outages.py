"""What a person is told when something that Parley leans on is down."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from files.errors import StorageDown

logger = logging.getLogger(__name__)

_TRY_AGAIN_AFTER = "10"  # seconds


class StorageOutage:
    """Answers 503 with a sentence where a view needs a file and the storage is down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the view answer."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an outage; None for everything else."""
        if not isinstance(exception, StorageDown):
            return None
        logger.error("%s: %s", request.path, exception)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = _TRY_AGAIN_AFTER
        return response
