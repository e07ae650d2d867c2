"""An answer as a stream of server-sent partials. Connecting and coming back are the same code.

`id:` is the log's number, so the browser can name the last one it has and miss or repeat nothing. What ends a stream
is the answer's state: an ended answer sends its finished article, whatever number the viewer asks from.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable
from uuid import UUID

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chat.live.broadcast import AnswerGone, Broadcast
from core import sse
from core.web.params import whole_number_in

RETRY = 2_000  # milliseconds
KEEP_ALIVE_EVERY = 15.0  # seconds without a frame
LOOK_AT_PERMISSION_EVERY = 7.0  # seconds; with the time a look takes, nobody reads on for longer than ten


def last_seen(request: HttpRequest) -> int:
    """The log's number that the viewer has: `Last-Event-ID` from the browser itself, else `?after=`; 0 if neither."""
    for said in (request.headers.get("Last-Event-ID", ""), request.GET.get("after", "")):
        if (number := whole_number_in(said)) is not None:
            return number
    return 0


async def frames(
    broadcast: Broadcast, answer_id: UUID, *, after: int, may_ask: bool, still_allowed: Callable[[], bool]
) -> AsyncGenerator[bytes]:
    """Yield the answer from log number `after` on, and follow it until it ends.

    `still_allowed` is asked, in a thread, while the stream lasts: a person who is signed out or loses sight of the
    conversation reads no further.
    """
    yield sse.retry(RETRY) + sse.message("connected", "")  # by which a page sees that no proxy holds streams back
    sent_at = time.monotonic()
    # Viewers who came together are not looked at together, and their words do not wait for the look.
    look_at = sent_at + random.uniform(0.3, 1) * LOOK_AT_PERMISSION_EVERY  # noqa: S311 - spreads work, guards nothing
    look: asyncio.Task[bool] | None = None
    try:
        async with broadcast.follow(answer_id) as follower:
            while not follower.ended:
                after, frame = await follower.frame(after=after, may_ask=may_ask)
                if follower.ended:
                    break
                now = time.monotonic()
                if look is None and now > look_at:
                    look = asyncio.create_task(broadcast.read(still_allowed))
                if look and look.done():
                    if not look.result():
                        yield _goodbye(_("You can no longer read this conversation."))
                        return
                    look, look_at = None, now + LOOK_AT_PERMISSION_EVERY
                if frame:
                    sent_at = now
                    yield frame
                    continue
                if now - sent_at > KEEP_ALIVE_EVERY:
                    sent_at = now
                    yield sse.KEEP_ALIVE
                await follower.news()
            yield await follower.final(may_ask=may_ask)
    except AnswerGone:
        return
    finally:
        if look:
            look.cancel()


def _goodbye(sentence: str) -> bytes:
    return sse.message("gone", format_html("<p>{}</p>", sentence))
