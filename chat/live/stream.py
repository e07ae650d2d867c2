"""An answer as a stream of server-sent partials. Connecting and coming back are the same code.

`id:` is the log's number, so the browser can name the last one it has and miss or repeat nothing. What ends a stream
is the answer's state: an ended answer sends its finished article, whatever number the viewer asks from.
"""

from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chat.access import Permission, still_good
from chat.live.answer_display import Reader
from chat.live.broadcast import Broadcast
from chat.live.follower import AnswerGone
from chat.live.permission import PermissionRefused, PermissionUnknown
from chat.live.viewer import Viewer
from core import measures, sse
from core.web.params import whole_number_in
from core.web.pushed import Sink

RETRY = 2_000  # milliseconds
BEGINNING = sse.retry(RETRY) + sse.message("connected", "")  # by which a page sees that no proxy holds streams back


def last_seen(request: HttpRequest) -> int:
    """The log's number that the viewer has: `Last-Event-ID` from the browser itself, else `?after=`; 0 if neither."""
    for said in (request.headers.get("Last-Event-ID", ""), request.GET.get("after", "")):
        if (number := whole_number_in(said)) is not None:
            return number
    return 0


async def show(
    sink: Sink, *, broadcast: Broadcast, answer_id: UUID, after: int, reader: Reader, permission: Permission
) -> None:
    """Write the answer from log number `after` on, and follow it until it ends.

    The permission, which is good now, is looked at while the stream lasts: a person who is signed out or loses sight of
    the conversation reads no further. While the database is away the stream stays open, and goes on when it is back.
    """
    await sink.send(BEGINNING)
    viewer = Viewer(sink, after=after, reader=reader)
    try:
        with (
            measures.STREAMS.labels("answers").track_inprogress(),
            broadcast.permissions.watch(permission, viewer),
            broadcast.follow(answer_id, viewer) as follower,
        ):
            while True:
                await viewer.called()
                if not follower.ended:
                    follower.bring(viewer)
                elif final := await follower.final(reader=reader):
                    await sink.send(final)
                    return
    except PermissionRefused:
        if await _sees_less(broadcast, permission):
            return  # the browser comes back, and is shown what may still be seen
        with translation.override(reader.language):
            goodbye = _goodbye(_("You can no longer read this conversation."))
        await sink.send(goodbye)
    except (PermissionUnknown, AnswerGone):
        return  # the browser comes back


async def _sees_less(broadcast: Broadcast, permission: Permission) -> bool:
    """Whether only the documents are not for this reader any more."""
    without = permission._replace(space_id=None)
    return permission.space_id is not None and without in await broadcast.read(partial(still_good, [without]))


def _goodbye(sentence: str) -> bytes:
    return sse.message("gone", format_html("<p>{}</p>", sentence))
