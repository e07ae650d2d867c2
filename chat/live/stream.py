"""An answer as a stream of server-sent partials. Connecting and coming back are the same code.

`id:` is the log's number, so the browser can name the last one it has and miss or repeat nothing. What ends a stream
is the answer's state: an ended answer sends its finished article, whatever number the viewer asks from.
"""

import time
from collections.abc import AsyncGenerator, Callable
from uuid import UUID

from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chat.live.answer_display import Reader
from chat.live.broadcast import Broadcast
from chat.live.follower import AnswerGone
from chat.live.permission import PermissionRefused, PermissionUnknown, PermissionWatch
from core import sse
from core.web.params import whole_number_in

RETRY = 2_000  # milliseconds
KEEP_ALIVE_EVERY = 15.0  # seconds without a frame


def last_seen(request: HttpRequest) -> int:
    """The log's number that the viewer has: `Last-Event-ID` from the browser itself, else `?after=`; 0 if neither."""
    for said in (request.headers.get("Last-Event-ID", ""), request.GET.get("after", "")):
        if (number := whole_number_in(said)) is not None:
            return number
    return 0


async def frames(
    broadcast: Broadcast, answer_id: UUID, *, after: int, reader: Reader, still_allowed: Callable[[], bool]
) -> AsyncGenerator[bytes]:
    """Yield the answer from log number `after` on, and follow it until it ends.

    `still_allowed` is asked, in a thread, while the stream lasts: a person who is signed out or loses sight of the
    conversation reads no further. While the database is away the stream stays open, and goes on when it is back.
    """
    yield sse.retry(RETRY) + sse.message("connected", "")  # by which a page sees that no proxy holds streams back
    sent_at = time.monotonic()
    permission = PermissionWatch(still_allowed, run=broadcast.read)
    try:
        async with broadcast.follow(answer_id) as follower:
            while True:
                frame = b""
                if not follower.ended:
                    after, frame = await follower.frame(after=after, reader=reader)
                permission.check()
                if follower.ended:
                    if final := await follower.final(reader=reader):
                        yield final
                        return
                elif frame:
                    sent_at = time.monotonic()
                    yield frame
                    continue
                if time.monotonic() - sent_at > KEEP_ALIVE_EVERY:
                    sent_at = time.monotonic()
                    yield sse.KEEP_ALIVE
                await follower.news()
    except PermissionRefused:
        with translation.override(reader.language):
            goodbye = _goodbye(_("You can no longer read this conversation."))
        yield goodbye
    except (PermissionUnknown, AnswerGone):
        return  # the browser comes back
    finally:
        permission.close()


def _goodbye(sentence: str) -> bytes:
    return sse.message("gone", format_html("<p>{}</p>", sentence))
