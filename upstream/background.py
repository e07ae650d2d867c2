"""Work that an upstream does by itself: submitted once, asked after until it is done.

Nobody holds a connection open meanwhile, and whoever knows what the upstream calls the work can go on asking after it.
What is the same for every service stands here; `upstream.sonar.background` and `upstream.agent.background` know what
theirs is sent and what it says.
"""

import asyncio
import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

import httpx

from upstream import connections, http
from upstream.connections import SendRequest
from upstream.errors import UpstreamDown, UpstreamError, Withdrawn, WorkLost
from upstream.events import Event, StatusChanged, Submitted, Throttled
from upstream.requests import AskRequest, encode_body
from upstream.translation import refusals
from upstream.translation.payloads import parse_json

logger = logging.getLogger(__name__)

LOOK_TIME = 60.0  # seconds that one request may take
_GROWTH = 1.25  # of the pause from one look to the next
_LONGEST_WAIT = 60.0  # seconds until the next request; before a submission, a longer one is for the person to decide
_SUBMISSIONS = 6
_BELIEVED_AT = 3  # what may be a moment's confusion is believed when it is said this often in a row

UNREADABLE = "The answer service reported that it is done, but what it sent can’t be read as an answer."


class Work(ABC):
    """One piece of work as it is told, look by look. `ended` holds once all of it has been."""

    ended = False

    @abstractmethod
    def take(self, found: dict[str, Any]) -> Iterator[Event]:
        """What is new since the last look, in what the upstream says about the work now.

        Raises UpstreamError, after what is still worth telling, where the work has come to nothing.
        """


@dataclass(slots=True)
class Said:
    """What a submission was answered with where the work was done by then, to be looked at once."""

    found: dict[str, Any] | None = None

    def take(self) -> dict[str, Any] | None:
        """The answer, the first time."""
        found, self.found = self.found, None
        return found


@dataclass(frozen=True, slots=True)
class Background(ABC):
    """Has an endpoint work by itself.

    `url` is where work is submitted; `secret` is kept out of every sentence. `streamed` asks in the usual way, for an
    endpoint that knows no other; `wait_before` tells the seconds until the next attempt; `keep_running` sees to work
    that nobody waits for. `sleep` and `clock` (seconds since 1970) stand in for time.

    A subclass says how often it looks (`first_pause` and `longest_pause`, seconds), how long anybody waits for an end
    (`patience`, seconds), what is said when that was too long, or when the upstream does not know the work, and whether
    what has begun `can_stop`.
    """

    url: str
    secret: str
    exchange: SendRequest
    streamed: Callable[[AskRequest], AsyncGenerator[Event, None]]
    wait_before: Callable[[int, UpstreamError], float]
    keep_running: Callable[[Coroutine[Any, Any, None]], None]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.time

    can_stop: ClassVar[bool] = False
    first_pause: ClassVar[float]
    longest_pause: ClassVar[float]
    patience: ClassVar[float]
    gone: ClassVar[str]
    too_long: ClassVar[str]

    @abstractmethod
    def submission(self, request: AskRequest) -> Mapping[str, Any]:
        """The body with which the work is submitted. Raises InvalidRequest."""

    @abstractmethod
    def work(self, request: AskRequest) -> Work:
        """What tells this piece of work."""

    async def call_off(self, job: str) -> None:
        """Have the upstream stop the work, where it can be told to. Takes a few seconds at most, and never raises."""
        logger.info("Work %s goes on: nothing stops it.", job)

    async def answer(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The events of the work: `Submitted`, how far it is, and at its end those of the whole answer.

        `Submitted("")` says that the endpoint takes no such work: what follows is the answer as it is being written.
        Raises UpstreamError.
        """
        job, said = request.job, Said()
        if not job:
            async for event in self._submit(request, said):
                yield event
                job = event.job if isinstance(event, Submitted) else job
        events = self._follow(request, job, said) if job else self.streamed(request)
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()

    async def _submit(self, request: AskRequest, said: Said) -> AsyncGenerator[Event, None]:
        """Submit the work, as often as that can be repeated. Ends with `Submitted`; `said` gets the answer if the work
        is done by then."""
        body = await encode_body(request, lambda: self.submission(request), stream=False)
        attempt = 0
        while True:
            for event in self.before_submission():
                yield event
            try:
                found = await self.hand_over(request, body)
                job = name_of(found)
                said.found = found if self.is_done(found) else None
            except UpstreamError as error:
                failure = error
            else:
                yield Submitted(job)
                return
            if self.is_missing(failure):
                yield Submitted("")
                return
            wait = self.wait_before(attempt, failure)
            attempt += 1
            if failure.status == 429:
                yield Throttled(wait)
            if not self.may_resubmit(failure) or attempt == _SUBMISSIONS or wait > _LONGEST_WAIT:
                raise self.judged(failure)
            yield StatusChanged("retrying", str(math.ceil(wait)))
            await self.sleep(wait)

    def before_submission(self) -> list[Event]:
        """What has to be on record before the work is handed over."""
        return []

    async def hand_over(self, request: AskRequest, body: bytes) -> dict[str, Any]:
        """Hand the work over; returns what the upstream says about it. Raises UpstreamError."""
        return await self.request_json("POST", self.url, model=request.model, body=body)

    def is_done(self, found: Mapping[str, Any]) -> bool:
        """Whether the work was done by the time that its submission was answered."""
        return False

    def is_missing(self, error: UpstreamError) -> bool:
        """Whether the endpoint takes no such work."""
        return False

    def may_resubmit(self, error: UpstreamError) -> bool:
        """Whether the work may be submitted once more after this."""
        return error.retryable

    def judged(self, error: UpstreamError) -> UpstreamError:
        """What is told of a submission that failed so for good."""
        return error

    async def _follow(self, request: AskRequest, job: str, said: Said) -> AsyncGenerator[Event, None]:
        """Look at the work until it is done, which it may be by what was `said` when it was submitted. What passes (a
        line that is down, a service in trouble) is sat out."""
        work, begun = self.work(request), request.submitted_at or self.clock()
        pause, doubts, doing = self.first_pause, 0, ""
        while True:
            wait = 0.0
            try:
                found = said.take() or await self.request_json("GET", self.address_of(job), model=request.model)
            except UpstreamError as error:
                logger.info("Work %s could not be looked at: %s", job, error)
                wait = min(error.wait or 0.0, _LONGEST_WAIT)
                doubts += not _passes(error)
                if doubts == _BELIEVED_AT:
                    if error.status in (404, 410):
                        raise WorkLost(self.gone, status=error.status) from error
                    raise
            else:
                doubts = 0
                for event in work.take(found):
                    if event != StatusChanged(doing):
                        yield event
                    doing = event.doing if isinstance(event, StatusChanged) else doing
                if work.ended:
                    return
            if self.clock() - begun > self.patience:
                await self.call_off(job)
                raise WorkLost(self.too_long)
            await self.sleep(max(pause, wait))
            pause = min(pause * _GROWTH, self.longest_pause)

    def address_of(self, job: str) -> str:
        """Where the work is asked after."""
        return f"{self.url}/{quote(job, safe='')}"

    async def request_json(
        self, method: str, url: str, *, model: str = "", body: bytes | None = None
    ) -> dict[str, Any]:
        """The object that the endpoint answers with, which names a status. Raises UpstreamError."""
        response = await self.exchange(
            method, url, model=model, body=body, read_timeout=LOOK_TIME, accept=connections.JSON
        )
        try:
            http.is_stream(response)
            found = parse_json(await http.read_body(response))
        except http.FAULTS as fault:
            raise UpstreamDown(request_id=_request_id(response)) from fault
        finally:
            await http.close_response(response)
        if not isinstance(found, dict) or not found.get("status"):
            raise UpstreamDown(request_id=_request_id(response))
        return found


def name_of(found: Mapping[str, Any]) -> str:
    """What the endpoint calls the work. Raises UpstreamDown where it gives no name that can be kept."""
    name = found.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 100 or not name.isprintable():
        raise UpstreamDown
    return name


def _request_id(response: httpx.Response) -> str:
    return refusals.header(response.headers, "x-request-id")


def _passes(error: UpstreamError) -> bool:
    """Whether the trouble may be over by itself: a web page in place of an answer comes from something in between."""
    in_between = isinstance(error, Withdrawn) and error.status not in (404, 405, 410)
    return in_between or error.retryable
