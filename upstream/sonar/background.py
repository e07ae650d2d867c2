"""Research that Sonar does by itself (docs/sonar.md, "Background runs").

Submitting under the same key again is the same work, so it is repeated where nobody knows whether it arrived. Once
begun, nothing stops it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from upstream.background import UNREADABLE, Background, Work
from upstream.errors import UpstreamError, Withdrawn, WorkLost
from upstream.events import Event, StatusChanged
from upstream.requests import AskRequest
from upstream.sonar import request as sonar_request
from upstream.sonar.stream import SonarTranslation
from upstream.translation import refusals
from upstream.translation.base import StreamFailed
from upstream.translation.complaints import complaint_in
from upstream.translation.payloads import parse_json

_DOING = {"CREATED": "submitted", "IN_PROGRESS": "researching"}
_FAILED = frozenset({"FAILED", "CANCELLED", "CANCELED", "EXPIRED"})


class SonarBackground(Background):
    """Has Sonar's queue work by itself."""

    first_pause, longest_pause = 3.0, 10.0
    patience = 7200.0
    gone = "The answer service no longer knows this research. It keeps results for seven days."
    too_long = "The answer service worked on this for two hours without finishing. Ask for less at once."

    def submission(self, request: AskRequest) -> Mapping[str, Any]:
        """The question as it is, and the key that makes one piece of work of however many submissions."""
        asked: dict[str, Any] = {"request": sonar_request.sonar_body(request, stream=False)}
        return asked | ({"idempotency_key": request.key} if request.key else {})

    def work(self, request: AskRequest) -> Work:
        """The work, of which nothing is told before its end."""
        return _SonarWork(self.secret)

    def is_missing(self, error: UpstreamError) -> bool:
        """Whether this server has no such queue."""
        return isinstance(error, Withdrawn) and error.status in (404, 405)


class _SonarWork(Work):
    def __init__(self, secret: str) -> None:
        self._secret = secret

    def take(self, found: dict[str, Any]) -> Iterator[Event]:
        status = found.get("status")
        if status in _FAILED:
            raise refusals.failed_work(found.get("error_message"), key=self._secret)
        if status != "COMPLETED":
            yield StatusChanged(_DOING.get(str(status), "researching"))
            return
        try:
            events = SonarTranslation().whole(orjson.dumps(found.get("response")))
        except StreamFailed as failed:
            raise refusals.failed_work(complaint_in(parse_json(failed.data)), key=self._secret) from None
        if not events:
            raise WorkLost(UNREADABLE)
        self.ended = True
        yield from events
