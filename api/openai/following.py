"""How a program gets an answer: streamed as it is written, or whole at its end. Nobody holds a thread meanwhile."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpResponseBase, JsonResponse

from api.errors import ApiError, error_response
from api.openai.told import Told, tell
from api.openai.words import Words
from api.tokens.finding import has_expired, still_good
from chat.answers import finalize
from chat.live.follower import AnswerGone
from chat.models import Answer
from chat.worker import AnswerWorker, current_answer_worker
from core import sse
from core.web.deferred import DeferredResponse
from core.web.outages import outage_of
from core.web.pushed import PushedResponse, Sink

KEEP_ALIVE = b": keep-alive\n\n"
KEEP_ALIVE_EVERY = 15.0  # seconds without a word
LOOK_EVERY = 7.0  # seconds between two looks whether the token is still good


class Face(Protocol):
    """How an answer looks on one of the APIs."""

    def begin(self) -> bytes:
        """What a stream begins with."""

    def words(self, text: str, reasoning: str) -> bytes:
        """What is said of further words."""

    def end(self, told: Told) -> bytes:
        """What a stream ends with, of an answer that is whole."""

    def fail(self, error: ApiError) -> bytes:
        """What a stream ends with otherwise."""

    def whole(self, told: Told) -> Mapping[str, Any]:
        """All of an answer that has ended."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer that a program waits for. With `stops` it is stopped when the program goes away."""

    answer_id: UUID
    token_id: UUID
    face: Face
    streams: bool = False
    stops: bool = False


def respond(asked: Asked) -> HttpResponseBase:
    """The response, which the server asks for again when the answer has ended (`DeferredResponse`)."""
    worker = current_answer_worker()
    if asked.streams:
        if worker is None:
            return error_response(_restarting())
        push = partial(_push, asked=asked, worker=worker)
        return PushedResponse(push, content_type=sse.CONTENT_TYPE, headers=sse.HEADERS)
    told = tell(asked.answer_id)
    if not told.answer.is_live:
        error = told.problem()
        return error_response(error) if error else JsonResponse(asked.face.whole(told))
    if worker is None or worker.draining:
        return error_response(_restarting())
    return DeferredResponse(b"", content_type="application/json", wait=partial(_until_ended, asked, worker))


async def _until_ended(asked: Asked, worker: AnswerWorker) -> None:
    """Wait for the end of the answer, or for that of this process."""
    words = Words()
    try:
        with worker.broadcast.listen(asked.answer_id) as listening:
            while not words.ended:
                words.take(await listening.next_entries(patience=KEEP_ALIVE_EVERY))
    except AnswerGone:
        return
    except asyncio.CancelledError:  # the program went away
        _stop_if_wanted(asked, worker)
        raise


async def _push(sink: Sink, *, asked: Asked, worker: AnswerWorker) -> None:
    """Write the answer as it is committed, and its end."""
    is_over = False
    try:
        await sink.send(asked.face.begin())
        await _push_words(sink, asked, worker)
        is_over = True
    except ApiError as error:
        is_over = True
        await sink.send(asked.face.fail(error))
    except AnswerGone:
        is_over = True
        await sink.send(asked.face.fail(_restarting()))
    finally:
        if not is_over:  # the program went away
            _stop_if_wanted(asked, worker)


async def _push_words(sink: Sink, asked: Asked, worker: AnswerWorker) -> None:
    """Raises ApiError where the answer is not for the program any more; AnswerGone."""
    words, face = Words(), asked.face
    look_at, silent_since = time.monotonic() + LOOK_EVERY, time.monotonic()
    with worker.broadcast.listen(asked.answer_id) as listening:
        while not words.ended:
            now = time.monotonic()
            if now >= look_at:
                await _must_be_good(asked, worker)
                look_at = now + LOOK_EVERY
            if now - silent_since >= KEEP_ALIVE_EVERY:
                await sink.send(KEEP_ALIVE)
                silent_since = now
            entries = await listening.next_entries(
                patience=max(0.0, min(look_at, silent_since + KEEP_ALIVE_EVERY) - now)
            )
            text, reasoning = words.take(entries)
            if text or reasoning:
                await sink.send(face.words(text, reasoning))
                silent_since = time.monotonic()
    end = partial(_end_of, asked, is_another=words.text.is_another)
    await sink.send(await worker.threads.persist(end, about=f"answer {asked.answer_id}"))


def _end_of(asked: Asked, *, is_another: bool) -> bytes:
    """What the stream ends with. In a thread: to find what a long text cites takes a while."""
    told = tell(asked.answer_id)
    error = told.problem() or (_told_anew() if is_another else None)
    return asked.face.fail(error) if error else asked.face.end(told)


async def _must_be_good(asked: Asked, worker: AnswerWorker) -> None:
    """Raises ApiError where the token lets nobody in any more. While the database is away, it counts."""
    try:
        good = await worker.broadcast.read(partial(still_good, [asked.token_id]))
    except Exception as fault:
        if not outage_of(fault):
            raise
        return
    if asked.token_id not in good:
        raise await worker.threads.persist(partial(_why_not, asked.token_id), about=f"token {asked.token_id}")


def _why_not(token_id: UUID) -> ApiError:
    """What is said to the program. A person who has left the team has taken their tokens back, too."""
    code = "token_expired" if has_expired(token_id) else "token_revoked"
    return ApiError(401, "This access token is not valid any more.", type="authentication_error", code=code)


def _stop_if_wanted(asked: Asked, worker: AnswerWorker) -> None:
    if asked.stops:
        stopping = worker.spawn(_stop(asked.answer_id, worker))
        _stopping.add(stopping)
        stopping.add_done_callback(_stopping.discard)


_stopping: set[asyncio.Task[None]] = set()


async def _stop(answer_id: UUID, worker: AnswerWorker) -> None:
    if worker.does(answer_id):
        await worker.stop(answer_id)
        return
    stopped = partial(finalize.end_answer, answer_id=answer_id, state=Answer.State.STOPPED)
    if await worker.threads.persist(stopped, about=f"answer {answer_id}"):
        worker.broadcast.look_again(answer_id)
        worker.call_off_if_ended(answer_id)


def _restarting() -> ApiError:
    return ApiError(
        503,
        "Parley is being restarted. The question was asked; send the request again with the same Idempotency-Key.",
        type="server_error",
        code="restarting",
        retry_after=2,
    )


def _told_anew() -> ApiError:
    return ApiError(
        502,
        "The service changed what it had said. The whole answer is in the conversation.",
        type="server_error",
        code="told_anew",
    )
