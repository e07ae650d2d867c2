"""Runs that the Agent API does by itself (docs/agent.md, "Background runs").

There is no key that makes one run of two submissions. So that it is about to be submitted is put on record first, and
where nobody can tell whether it arrived it is not submitted again. How far a run is shows in the output that it has so
far.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from upstream.agent.request import agent_body
from upstream.agent.stream import AgentTranslation
from upstream.background import UNREADABLE, Background, Work, name_of
from upstream.errors import (
    HandOverCut,
    InvalidRequest,
    TooManyRequests,
    UpstreamDown,
    UpstreamError,
    Withdrawn,
    WorkLost,
)
from upstream.events import Event, StatusChanged, Submitting
from upstream.requests import AskRequest
from upstream.translation import refusals
from upstream.translation.base import StreamFailed

logger = logging.getLogger(__name__)

_DOING = {"queued": "submitted", "in_progress": "researching"}
_ENDED = frozenset({"completed", "incomplete", "failed", "cancelled", "requires_action"})
_UNAVAILABLE = 503
_STOP_PAUSES = (0.5, 1.0, 1.5, 2.0)  # seconds from one look at a run that was told to stop to the next
_STOPS_WITHIN = 15.0  # seconds
_OF_A_STREAM = frozenset({"stream", "stream_options"})


class AgentBackground(Background):
    """Has the Agent API work by itself."""

    can_stop = True
    first_pause, longest_pause = 2.0, 5.0
    patience = 3600.0
    gone = "The answer service no longer knows this run, so there is no answer to fetch."
    too_long = "This took longer than an hour, so it was stopped. Ask for less at once."

    def submission(self, request: AskRequest) -> Mapping[str, Any]:
        """The question as it would be streamed. Only what is stored can be asked after."""
        asked = {name: value for name, value in agent_body(request).items() if name not in _OF_A_STREAM}
        return asked | {"background": True, "store": True}

    def work(self, request: AskRequest) -> Work:
        """The run, whose searches and pages are told while it lasts."""
        return _AgentWork(model=request.model, secret=self.secret)

    def before_submission(self) -> list[Event]:
        """That it is about to be submitted: whoever finds no more than that must not submit it again."""
        return [Submitting()]

    async def hand_over(self, request: AskRequest, body: bytes) -> dict[str, Any]:
        """Submit the run; returns what the service says about it. Raises UpstreamError.

        Somebody who goes away meanwhile leaves a run behind that nobody can ever find: it is called off.
        """
        submitting = asyncio.ensure_future(self.request_json("POST", self.url, model=request.model, body=body))
        try:
            return await asyncio.shield(submitting)
        except asyncio.CancelledError:
            self.keep_running(self._call_off_stray(submitting))
            raise

    def is_done(self, found: Mapping[str, Any]) -> bool:
        """Whether the run has ended: some that stand in for the service answer at once."""
        return found.get("status") in _ENDED

    def may_resubmit(self, error: UpstreamError) -> bool:
        """Whether it is certain that no run was begun, and another attempt may do better."""
        return error.retryable and not _may_have_begun(error)

    def judged(self, error: UpstreamError) -> UpstreamError:
        """The error, unless there may be a run all the same."""
        return HandOverCut(status=error.status, request_id=error.request_id) if _may_have_begun(error) else error

    async def call_off(self, job: str) -> None:
        """Have the run stopped, and see that it is."""
        try:
            async with asyncio.timeout(_STOPS_WITHIN):
                ended = await self._stop(self.address_of(job))
        except TimeoutError:
            ended = False
        if not ended:
            logger.warning("Run %s was called off, and may go on all the same.", job)

    async def _stop(self, address: str) -> bool:
        """Tell the run to stop, and look until it has; whether it did."""
        is_told = False
        for pause in _STOP_PAUSES:
            try:
                if not is_told:
                    await self.request_json("POST", f"{address}/cancel")
                    is_told = True
                elif (await self.request_json("GET", address)).get("status") in _ENDED:
                    return True
            except (InvalidRequest, Withdrawn):
                return True  # it had come to its end already, or is not known any more
            except UpstreamError as error:
                logger.info("A run could not be called off yet: %s", error)
            await self.sleep(pause)
        return False

    async def _call_off_stray(self, submitting: "asyncio.Future[dict[str, Any]]") -> None:
        with suppress(UpstreamError):
            await self.call_off(name_of(await submitting))


class _AgentWork(Work):
    def __init__(self, *, model: str, secret: str) -> None:
        self._model = model
        self._secret = secret
        self._translation = AgentTranslation()

    def take(self, found: dict[str, Any]) -> Iterator[Event]:
        try:
            yield from self._translation.look(orjson.dumps(found))
        except StreamFailed as failed:
            yield from self._translation.end()
            raise refusals.stream_error(failed.data, model=self._model, key=self._secret, request_id="") from None
        self.ended = self._translation.finished
        status = str(found.get("status"))
        if not self.ended and status in _ENDED:
            raise WorkLost(UNREADABLE)
        if not self.ended:
            yield StatusChanged(_DOING.get(status, "researching"))


def _may_have_begun(error: UpstreamError) -> bool:
    """Whether the service may work on what was submitted although it did not say so."""
    refused = error.unsent or isinstance(error, TooManyRequests) or error.status == _UNAVAILABLE
    answered = error.status is not None and error.status < 500
    return isinstance(error, UpstreamDown) and not refused and not answered
