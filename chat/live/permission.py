"""Whether a viewer may read on, looked at again and again while a stream lasts."""

import asyncio
import random
import time
from collections.abc import Callable

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
    """Looks in a thread, at most one look at a time. `look` says whether the viewer may read, as when the watch began.

    While the database is away the last permission counts for a minute more. One that was refused counts no longer.
    """

    def __init__(
        self,
        look: Callable[[], bool],
        *,
        run: RunInThread,
        look_every: float = LOOK_EVERY,
        look_again_after: float = LOOK_AGAIN_AFTER,
        counts_for: float = COUNTS_FOR,
    ) -> None:
        self._look = look
        self._run = run
        self._look_every = look_every
        self._look_again_after = look_again_after
        self._counts_for = counts_for
        self._good_at = time.monotonic()
        # Viewers who came together are not looked at together, and their words do not wait for the look.
        self._look_at = self._good_at + random.uniform(0.3, 1) * look_every  # noqa: S311 - spreads work, guards nothing
        self._looking: asyncio.Task[bool] | None = None

    def check(self) -> None:
        """Begin a look when it is time, and hear what the last one found. Does not wait.

        Raises PermissionRefused or PermissionUnknown; and what a look raises, unless that is an outage.
        """
        now = time.monotonic()
        if self._looking is None and now > self._look_at:
            self._looking = asyncio.create_task(self._run(self._look))
            self._began_at = now
        if self._looking and self._looking.done():
            looked, self._looking = self._looking, None
            self._hear(looked, now)
        if now - self._good_at > self._look_every + self._counts_for:
            raise PermissionUnknown

    def _hear(self, looked: asyncio.Task[bool], now: float) -> None:
        fault = looked.exception()
        if fault is None:
            if not looked.result():
                raise PermissionRefused
            self._good_at, self._look_at = self._began_at, now + self._look_every
            return
        if not outage_of(fault):
            raise fault
        self._look_at = now + self._look_again_after
        tell_outage(fault, during="Whether viewers may read on cannot be looked up")

    def close(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.cancel()
