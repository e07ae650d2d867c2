"""Tells the people who have a page open what happened, wherever it did: one connection for each of their browsers.

News is looked for once a second, for everybody together and only while somebody is there, and at once where this
process ended an answer. No connection to the database is held meanwhile.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from chat.live.permission import Permissions
from chat.live.viewer import Viewer
from chat.notifications import news
from chat.notifications.notice import Notice, frame, milliseconds
from core import sse
from core.web.db import RunInThread
from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
LATE = timedelta(seconds=10)  # between the time that a row says and its commit, at most
KEEP_ALIVE_EVERY = 15.0  # seconds without a message
RESUMED_FOR = timedelta(hours=12)  # what happened before is told to nobody who comes back


class BoardClosed(Exception):
    """This process stops."""


class NoticeBoard:
    """Everybody in this process who is told of news. `read` runs what needs the database in a thread. Lives in the
    event loop."""

    def __init__(self, *, read: RunInThread, permissions: Permissions) -> None:
        self.permissions = permissions
        self._read = read
        self._viewers: dict[UUID, dict[Viewer, int]] = defaultdict(dict)  # with the number at which they came
        self._told: dict[str, float] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to look for news. Needs a running event loop."""
        self._task = asyncio.create_task(self._look_on())

    async def close(self) -> None:
        """Stop, and send everybody away: their browsers come back to another process."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.send_away(BoardClosed())

    def look_soon(self) -> None:
        """Something happened in this process."""
        self._woken.set()

    @contextmanager
    def follow(self, person: UUID, viewer: Viewer) -> Iterator[None]:
        """Tell the viewer, who is this person, of news for as long as the block lasts."""
        self._viewers[person][viewer] = viewer.after
        try:
            yield
        finally:
            del self._viewers[person][viewer]
            if not self._viewers[person]:
                del self._viewers[person]

    async def missed(self, person: UUID, viewer: Viewer) -> list[Notice]:
        """What happened since the last number that the viewer has."""
        since = max(timezone.now() - RESUMED_FOR, _moment(viewer.after))
        return (await self._read(partial(news.news_since, since, {person}))).get(person, [])

    async def _look_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_EVERY)
            self._woken.clear()
            if not self._viewers:
                continue
            self._keep_alive()
            try:
                self._tell(await self._read(partial(news.news_since, timezone.now() - LATE, set(self._viewers))))
            except Exception as fault:
                if outage_of(fault):
                    tell_outage(fault, during="News cannot be looked for")
                else:
                    logger.exception("News could not be told.")

    def _tell(self, found: dict[UUID, list[Notice]]) -> None:
        now = time.monotonic()
        for person, notices in found.items():
            for notice in notices:
                if self._told.setdefault(f"{person} {notice.key}", now) == now:
                    self._tell_one(person, notice)
        late = now - 2 * LATE.total_seconds()
        self._told = {key: at for key, at in self._told.items() if at > late}

    def _keep_alive(self) -> None:
        late = time.monotonic() - KEEP_ALIVE_EVERY
        for viewers in self._viewers.values():
            for viewer in viewers:
                if viewer.takes_more and viewer.sent_at < late:
                    viewer.write(sse.KEEP_ALIVE)

    def _tell_one(self, person: UUID, notice: Notice) -> None:
        number = milliseconds(notice.at)
        for viewer, began in self._viewers.get(person, {}).items():
            if number <= began:
                continue
            if not viewer.takes_more:
                viewer.call()  # it catches up when it takes more
                continue
            viewer.write(frame(notice, reader_id=person, language=viewer.reader.language))
            viewer.after = max(viewer.after, number)


def _moment(number: int) -> datetime:
    try:
        return datetime.fromtimestamp(number / 1000, tz=timezone.get_default_timezone())
    except (OverflowError, OSError, ValueError):
        return timezone.now()
