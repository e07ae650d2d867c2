"""Database work of the event loop: in threads of its own, and for as long as the database is away."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from django.db import InterfaceError, InternalError, OperationalError, close_old_connections

from core.web.outages import tell_outage

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError, InternalError)
"""What a database says that is locked, full, restarted or for a while read-only: the same write succeeds later."""

LONGEST_PAUSE = 2.0  # seconds between two attempts


class RunInThread(Protocol):
    """Runs work that uses the database in a thread, and returns what it returns."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


class DatabaseThreads:
    """A few threads for the database, each with a connection that it keeps. `name` shows in their names."""

    def __init__(self, name: str, *, count: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Run the work in one of the threads. Raises what the work raises."""

        def in_thread() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_thread)

    async def persist(self, work: Callable[[], T], *, about: str) -> T:
        """Run work that has to be stored, again and again while the database is away. `about` names it in the log."""
        attempt = 0
        while True:
            try:
                return await self.run(work)
            except AWAY as fault:
                attempt += 1
                tell_outage(fault, during=f"What became of {about} cannot be stored yet")
                await asyncio.sleep(min(attempt * 0.2, LONGEST_PAUSE))

    def shutdown(self) -> None:
        """Take no more work; what has begun comes to its end."""
        self._threads.shutdown(wait=False)
