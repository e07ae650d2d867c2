"""Whether viewers may read on, looked at again and again while their streams last, and at once when something changed.

What one sign-in sees of one conversation is looked at once, however many streams that is, and all looks that are due
are made together.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from chat import access
from chat.access import Permission
from chat.live.access_changes import AccessChanges, Changed
from chat.live.viewer import Viewer
from core.web.db import RunInThread
from core.web.outages import outage_of, tell_outage

LOOK_EVERY = 7.0  # seconds; with the time a look takes, nobody reads on for longer than ten
LOOK_AGAIN_AFTER = 2.0  # seconds, when a look was not possible
COUNTS_FOR = 60.0  # seconds that a permission which was good counts while nobody can look


class PermissionRefused(Exception):
    """The viewer may not read on."""


class PermissionUnknown(Exception):
    """The last look that was possible is too long ago: the database is away."""


class PermissionWatch:
    """Makes at most one look at a time. `look` says whether the viewer may read, as when the watch began; `has_looked`
    is called in the event loop when `check` has something to hear.

    While the database is away the last permission counts for a minute more. One that was refused counts no longer.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[bool]],
        *,
        look_every: float = LOOK_EVERY,
        look_again_after: float = LOOK_AGAIN_AFTER,
        counts_for: float = COUNTS_FOR,
        has_looked: Callable[[], object] = lambda: None,
    ) -> None:
        self._look = look
        self._look_every = look_every
        self._look_again_after = look_again_after
        self._counts_for = counts_for
        self._has_looked = has_looked
        self._good_at = time.monotonic()
        # Viewers who came together are not looked at together, and their words do not wait for the look.
        self._look_at = self._good_at + random.uniform(0.3, 1) * look_every  # noqa: S311 - spreads work, guards nothing
        self._looking: asyncio.Future[bool] | None = None

    def check(self) -> None:
        """Begin a look when it is time, and hear what the last one found. Does not wait.

        Raises PermissionRefused or PermissionUnknown; and what a look raises, unless that is an outage.
        """
        now = time.monotonic()
        if self._looking and self._looking.done():
            looked, self._looking = self._looking, None
            self._hear(looked, now)
        if self._looking is None and now > self._look_at:
            self._looking = asyncio.ensure_future(self._look())
            self._looking.add_done_callback(lambda _: self._has_looked())
            self._began_at = now
            self._look_at = float("inf")
        if now - self._good_at > self._look_every + self._counts_for:
            raise PermissionUnknown

    def _hear(self, looked: asyncio.Future[bool], now: float) -> None:
        fault = looked.exception()
        if fault is None:
            if not looked.result():
                raise PermissionRefused
            self._good_at, self._look_at = self._began_at, min(self._look_at, now + self._look_every)
            return
        if not outage_of(fault):
            raise fault
        self._look_at = min(self._look_at, now + self._look_again_after)
        tell_outage(fault, during="Whether viewers may read on cannot be looked up")

    def look_soon(self) -> None:
        """Look with the next `check`, or once more after the look that is under way: it may have come too early."""
        self._look_at = 0.0

    def close(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.cancel()


@dataclass(frozen=True, slots=True)
class _Watched:
    watch: PermissionWatch
    viewers: set[Viewer] = field(default_factory=set)


class Permissions:
    """What is watched in this process. `run` runs what needs the database in a thread. Lives in the event loop."""

    def __init__(self, *, run: RunInThread) -> None:
        self._run = run
        self._watched: dict[Permission, _Watched] = {}
        self._asked: set[Permission] = set()
        self._good: asyncio.Task[set[Permission]] | None = None
        self._changes = AccessChanges(self.change)

    def open(self) -> None:
        """Begin to hear what changes in this process. Needs a running event loop."""
        self._changes.open(asyncio.get_running_loop())

    def close(self) -> None:
        """Hear no more."""
        self._changes.close()

    @contextmanager
    def watch(self, permission: Permission, viewer: Viewer) -> Iterator[None]:
        """Send the viewer away, with PermissionRefused or PermissionUnknown, when the permission is gone.

        The permission is good when the block begins.
        """
        watched = self._watched.get(permission)
        if watched is None:
            watch = PermissionWatch(partial(self._look, permission), has_looked=partial(self._check_one, permission))
            watched = self._watched[permission] = _Watched(watch)
        watched.viewers.add(viewer)
        try:
            yield
        finally:
            watched.viewers.discard(viewer)
            if not watched.viewers:
                self._forget(permission, watched)

    def check(self) -> None:
        """Begin the looks that are due. Does not wait."""
        for permission in list(self._watched):
            self._check_one(permission)

    def change(self, what: Changed) -> None:
        """Something about this sign-in (its session key), person or conversation has changed, or with None about
        anybody's: look at once."""
        for permission, watched in list(self._watched.items()):
            if what is None or what in permission:
                watched.watch.look_soon()
                self._check_one(permission)

    def _check_one(self, permission: Permission) -> None:
        watched = self._watched.get(permission)
        if watched is None:
            return
        try:
            watched.watch.check()
        except Exception as reason:  # also what a look raised that is no outage: whoever watches shall not read on
            self._forget(permission, watched)
            for viewer in watched.viewers:
                viewer.send_away(reason)

    async def _look(self, permission: Permission) -> bool:
        self._asked.add(permission)
        if self._good is None:
            self._good = asyncio.create_task(self._look_together())
        return permission in await asyncio.shield(self._good)

    async def _look_together(self) -> set[Permission]:
        await asyncio.sleep(0)  # until all that are due have asked
        asked, self._asked, self._good = self._asked, set(), None
        return await self._run(partial(access.still_good, asked))

    def _forget(self, permission: Permission, watched: _Watched) -> None:
        watched.watch.close()
        if self._watched.get(permission) is watched:
            del self._watched[permission]
