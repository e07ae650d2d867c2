"""What is done about events of the upstream that say nothing about the answer itself."""

from uuid import UUID

from chat.answers import prompt, rate_limits
from chat.answers.recorder import Handlers
from chat.catalog import gateway
from core.web.db import RunInThread
from upstream.events import DocumentsInlined, PictureUploaded, RateLimitSeen, Throttled


def side_event_handlers(answer_id: UUID, *, bucket: str, run: RunInThread) -> Handlers:
    """What is noted about the service's limits, which has let the answer through that `bucket`, and about what went
    along with the question. `run` does that in a thread."""

    async def throttled(event: Throttled) -> None:
        await run(lambda: rate_limits.pause(bucket, wait=event.wait))

    async def limit_seen(event: RateLimitSeen) -> None:
        if rate_limits.is_close(limit=event.limit, remaining=event.remaining):
            await run(
                lambda: rate_limits.note_remaining(
                    bucket, limit=event.limit, remaining=event.remaining, wait=event.wait
                )
            )

    async def picture_kept(event: PictureUploaded) -> None:
        await run(lambda: gateway.note_upload(event, answer_id=answer_id))

    async def documents_inlined(_event: DocumentsInlined) -> None:
        await run(lambda: prompt.note_with_answer(answer_id, documents_inlined=True))

    return {
        Throttled: throttled,
        RateLimitSeen: limit_seen,
        PictureUploaded: picture_kept,
        DocumentsInlined: documents_inlined,
    }
