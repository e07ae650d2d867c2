"""A person's notices as a stream of server-sent events: one for all the tabs of a browser."""

from uuid import UUID

from django.utils import timezone

from chat.access import Permission
from chat.live.answer_display import Reader
from chat.live.permission import PermissionRefused, PermissionUnknown
from chat.live.viewer import Viewer
from chat.notifications.board import BoardClosed, NoticeBoard
from chat.notifications.notice import frame, milliseconds
from core import measures, sse
from core.web.pushed import Sink

RETRY = 2_000  # milliseconds


async def show(
    sink: Sink, *, board: NoticeBoard, person: UUID, after: int, language: str, permission: Permission
) -> None:
    """Write what the person is told of from number `after` on, 0 for what happens from now on.

    Ends when they are signed out, with an event `gone`, and when this process stops: then the browser comes back.
    """
    now = milliseconds(timezone.now())
    viewer = Viewer(sink, after=min(after, now) or now, reader=Reader(may_ask=False, language=language))
    await sink.send(sse.retry(RETRY) + sse.message("connected", "", id=viewer.after))
    try:
        with (
            measures.STREAMS.labels("notices").track_inprogress(),
            board.permissions.watch(permission, viewer),
            board.follow(person, viewer),
        ):
            if after:
                viewer.call()
            while True:
                await viewer.called()
                for notice in await board.missed(person, viewer):
                    await sink.send(frame(notice, reader_id=person, language=language))
                    viewer.after = max(viewer.after, milliseconds(notice.at))
    except PermissionRefused:
        await sink.send(sse.message("gone", ""))
    except (PermissionUnknown, BoardClosed):
        return
