"""What one person may have of the server's time: whoever asks for what takes long, again and again, has to wait.

Only what takes longer than an ordinary page counts, which takes a hundredth of a second.
"""

import time
from collections.abc import Callable
from math import ceil
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from config.middleware import request_bodies

FREE = 0.1  # CPU seconds of each request, which do not count
MOST = 3.0  # CPU seconds that somebody may have at once
EACH_SECOND = 0.1  # CPU seconds that somebody gets back in a second
MOST_DEBT = 3.0  # CPU seconds that a single request can take beyond what was left
MOST_KEPT = 10_000  # accounts

# Checking a password takes long on purpose, and how often that may be tried is limited elsewhere.
_NOT_COUNTED = tuple(f"{settings.SITE_PATH}{place}" for place in ("accounts/", "admin/login/"))


def _has_files(request: HttpRequest) -> bool:
    """Whether files come along, which are judged in threads of their own, a few at a time."""
    return request.content_type == "multipart/form-data" and request_bodies.takes_files(
        f"/{request.path_info.removeprefix(settings.SITE_PATH)}"
    )


class CpuShare:
    """Answers 429 with a sentence to somebody whose share is used up. Each process counts for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._accounts: dict[UUID, tuple[float, float]] = {}  # by person: what is left, and when

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the view answer, and count what that takes."""
        if request.path_info.startswith(_NOT_COUNTED) or _has_files(request):
            return self._get_response(request)
        if self._accounts and (wait := self._wait_of(request)):
            response = render(request, "429.html", {"seconds": wait}, status=429)
            response["Retry-After"] = str(wait)
            return response
        began = time.thread_time()
        try:
            return self._get_response(request)
        finally:
            taken = time.thread_time() - began - FREE
            if taken > 0 and (person := request.user.pk):
                self._charge(person, taken)

    def _wait_of(self, request: HttpRequest) -> int:
        """Seconds that the person has to wait, 0 for nobody in particular."""
        person = request.user.pk
        left = self._left(person) if person in self._accounts else MOST
        return 0 if left > 0 else ceil(-left / EACH_SECOND) or 1

    def _charge(self, person: UUID, taken: float) -> None:
        left = max(self._left(person) - taken, -MOST_DEBT)
        self._accounts.pop(person, None)  # so that whoever was counted last stands last
        self._accounts[person] = left, time.monotonic()
        if len(self._accounts) > MOST_KEPT:
            self._accounts.pop(next(iter(self._accounts)), None)

    def _left(self, person: UUID) -> float:
        left, at = self._accounts.get(person, (MOST, 0.0))
        return min(MOST, left + (time.monotonic() - at) * EACH_SECOND)
