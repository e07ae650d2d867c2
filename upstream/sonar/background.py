"""Work that the upstream does by itself: submitted once, asked after until it is done.

The wire is that of docs/sonar.md, "Background runs". Nobody holds a connection open meanwhile, and whoever knows what
the upstream calls the work can go on asking after it. Submitting under the same key again is the same work, so it is
repeated where nobody knows whether it arrived.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx
import orjson

from upstream import http
from upstream.errors import UpstreamDown, UpstreamError, Withdrawn, WorkFailed, WorkLost
from upstream.events import Event, StatusChanged, Submitted, Throttled
from upstream.requests import AskRequest, validate_request
from upstream.sonar import request as sonar_request
from upstream.sonar.stream import SonarTranslation
from upstream.translation import refusals
from upstream.translation.base import StreamFailed
from upstream.translation.complaints import complaint_in
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 3.0, 10.0  # seconds from one look at the work to the next
PATIENCE = 7200.0  # seconds from the submission until nobody waits any longer
_KEPT = 8 * 86_400  # seconds; results are kept for seven days
_GROWTH = 1.25
_LOOK_TIME = 60.0  # seconds
_LONGEST_WAIT = 60.0  # seconds between two submissions; a longer wait is for the person to decide
_SUBMISSIONS = 6
_BELIEVED_AT = 3  # what may be a moment's confusion is believed when it is said this often in a row

_WORKING = {"CREATED": "submitted", "IN_PROGRESS": "researching"}
_FAILED = frozenset({"FAILED", "CANCELLED", "CANCELED", "EXPIRED"})

_GONE = "The answer service does not know this research any more; it keeps results for seven days."
_TOO_LONG = "The answer service has worked on this for two hours without coming to an end. Ask for less at once."
_UNREADABLE = "The answer service says that it is done, but what it sent cannot be read as an answer."


class SendRequest(Protocol):
    """Sends one request and returns the response, its body still to be read. Raises UpstreamError."""

    def __call__(
        self, method: str, url: str, *, model: str, body: Any = None, read_timeout: float | None = None
    ) -> Awaitable[httpx.Response]: ...


@dataclass(frozen=True, slots=True)
class Background:
    """Has an endpoint work by itself.

    `url` is where work is submitted; `secret` is kept out of every sentence. `streamed` asks in the usual way, for an
    endpoint that knows no other; `wait_before` tells the seconds until the next attempt. `sleep` and `clock` (seconds
    since 1970) stand in for time.
    """

    url: str
    secret: str
    exchange: SendRequest
    streamed: Callable[[AskRequest], AsyncGenerator[Event, None]]
    wait_before: Callable[[int, UpstreamError], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.time

    async def answer(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The events of the work: `Submitted`, how far it is, and at its end those of the whole answer.

        `Submitted("")` says that the endpoint takes no such work: what follows is the answer as it is being written.
        Raises UpstreamError.
        """
        job = request.job
        if not job:
            async for event in self._submit(request):
                yield event
                job = event.job if isinstance(event, Submitted) else job
        events = self._result(request, job) if job else self.streamed(request)
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()

    async def _submit(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """Submit the work, as often as it takes to know that it arrived. Ends with `Submitted`."""
        validate_request(request, stream=False)
        asked: dict[str, Any] = {"request": sonar_request.sonar_body(request, stream=False)}
        if request.key:
            asked["idempotency_key"] = request.key
        attempt = 0
        while True:
            try:
                found = await self._request_json("POST", self.url, model=request.model, body=asked)
                yield Submitted(_name(found))
                return
            except Withdrawn as error:
                if error.status not in (404, 405):
                    raise
                yield Submitted("")
                return
            except UpstreamError as error:
                wait = self.wait_before(attempt, error)
                attempt += 1
                # A silent line counts too: with the same key it is one piece of work, however often it is sent.
                if not error.retryable or attempt == _SUBMISSIONS or wait > _LONGEST_WAIT:
                    raise
                if error.status == 429:
                    yield Throttled(wait)
                yield StatusChanged("retrying", str(math.ceil(wait)))
            await self.sleep(wait)

    async def _result(self, request: AskRequest, job: str) -> AsyncGenerator[Event, None]:
        """Look at the work until it is done. What passes (a line that is down, a service in trouble) is sat out."""
        address = f"{self.url}/{quote(job, safe='')}"
        begun, pause, doubts, doing = self.clock(), FIRST_PAUSE, 0, ""
        while True:
            wait = 0.0
            try:
                found = await self._request_json("GET", address, model=request.model)
                begun = self._moment(found.get("created_at")) or begun
                events = self._outcome(found)
                if events:
                    for event in events:
                        yield event
                    return
                doubts = 0
                if (now := _WORKING.get(str(found.get("status")), "researching")) != doing:
                    doing = now
                    yield StatusChanged(doing)
            except WorkFailed:
                raise
            except UpstreamError as error:
                logger.info("Work %s could not be looked at: %s", job, error)
                wait = error.wait or 0.0
                doubts += not _passes(error)
                if doubts == _BELIEVED_AT:
                    if error.status in (404, 410):
                        raise WorkLost(_GONE, status=error.status) from error
                    raise
            if self.clock() - begun > PATIENCE:
                raise WorkLost(_TOO_LONG)
            await self.sleep(max(pause, wait))
            pause = min(pause * _GROWTH, LONGEST_PAUSE)

    def _outcome(self, found: dict[str, Any]) -> list[Event]:
        """The events of the answer when the work is done; none while it is not. Raises WorkFailed or WorkLost."""
        status = found.get("status")
        if status in _FAILED:
            raise refusals.failed_work(found.get("error_message"), key=self.secret)
        if status != "COMPLETED":
            return []
        try:
            events = SonarTranslation().whole(orjson.dumps(found.get("response")))
        except StreamFailed as failed:
            raise refusals.failed_work(complaint_in(parse_json(failed.data)), key=self.secret) from None
        if not events:
            raise WorkLost(_UNREADABLE)
        return events

    def _moment(self, said: Any) -> float | None:
        """When the work was submitted, None when that cannot be meant."""
        if not isinstance(said, int | float) or isinstance(said, bool):
            return None
        return float(said) if self.clock() - _KEPT < said <= self.clock() + _LOOK_TIME else None

    async def _request_json(self, method: str, url: str, *, model: str, body: Any = None) -> dict[str, Any]:
        """The object that the endpoint answers with. Raises UpstreamError."""
        response = await self.exchange(method, url, model=model, body=body, read_timeout=_LOOK_TIME)
        try:
            http.is_stream(response)
            found = parse_json(await http.read_body(response))
        except http.FAULTS as fault:
            raise UpstreamDown(request_id=refusals.header(response.headers, "x-request-id")) from fault
        finally:
            await http.close_response(response)
        if not isinstance(found, dict) or not found.get("status"):
            raise UpstreamDown
        return found


def _name(found: dict[str, Any]) -> str:
    """What the endpoint calls the work. Raises UpstreamDown where it gives no name that can be kept."""
    name = found.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 100 or not name.isprintable():
        raise UpstreamDown
    return name


def _passes(error: UpstreamError) -> bool:
    """Whether the trouble may be over by itself: a web page in place of an answer comes from something in between."""
    in_between = isinstance(error, Withdrawn) and error.status not in (404, 405, 410)
    return in_between or (error.retryable and not isinstance(error, WorkLost))
