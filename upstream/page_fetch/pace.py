"""How slowly a site is asked: one request after the other, with time between, whichever process asks.

When a site may be asked next stands in a small file, which the processes of this machine share; sites share 4096 of
them, so that there are never more. Where the disk does not take it, each process keeps its own pace.
"""

import asyncio
import fcntl
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

BETWEEN = 1.5
"""Seconds from one request to a site to the next."""
LONGEST_BETWEEN = 30.0
"""Seconds that a site may ask for in its robots.txt; beyond that it is asked at this pace nevertheless."""
LONGEST_PAUSE = 3600.0
"""Seconds that a site may send everybody away for."""
MOST_WAIT = 90.0
"""Seconds that a page waits for its turn; later ones are told that the site is busy."""

Change = Callable[[float], float]
"""From when a site is free becomes another moment; both are seconds since 1970."""


class SitePace:
    """The pace of all sites. `between` is the least time between two requests to one, in seconds."""

    def __init__(self, folder: Path | None = None, *, between: float = BETWEEN) -> None:
        self._folder = folder
        self._between = between
        self._own: dict[str, float] = {}

    async def turn(self, site: str, *, delay: float = 0.0) -> bool:
        """Wait until the site may be asked; False, at once, where that would take too long. `delay` is the time between
        two requests that the site asks for."""
        between = max(self._between, min(delay, LONGEST_BETWEEN))
        wait = await asyncio.to_thread(self._reserve, site, between)
        if wait > MOST_WAIT:
            return False
        await asyncio.sleep(wait)
        return True

    async def pause(self, site: str, *, seconds: float) -> None:
        """Leave the site alone for so long."""
        await asyncio.to_thread(self._move, site, time.time() + min(seconds, LONGEST_PAUSE))

    def _reserve(self, site: str, between: float) -> float:
        """Take the next free moment; returns how many seconds are left until it. Takes none that is too far away."""
        now = time.time()

        def take(free: float) -> float:
            return max(now, free) + between if free - now <= MOST_WAIT else free

        return max(0.0, self._change(site, take) - now)

    def _move(self, site: str, until: float) -> None:
        self._change(site, lambda free: max(free, until))

    def _change(self, site: str, change: Change) -> float:
        """Change from when on the site is free, with no other process in between; returns what it was before."""
        name = hashlib.sha256(site.encode()).hexdigest()[:3]
        try:
            if self._folder is None:
                raise OSError
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return self._change_own(name, change)
        with os.fdopen(handle, "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            free = _moment_in(file.read(40))
            file.seek(0)
            file.truncate()
            file.write(str(change(free)))
        return free

    def _change_own(self, name: str, change: Change) -> float:
        free = self._own.get(name, 0.0)
        self._own[name] = change(free)
        return free


def _moment_in(text: str) -> float:
    """What the file says, unless that is nonsense: a clock may have been wrong."""
    try:
        moment = float(text)
    except ValueError:
        return 0.0
    return moment if moment < time.time() + LONGEST_PAUSE + MOST_WAIT else 0.0
