"""Database work of the event loop: in threads of its own, and for as long as the database is away; and its clock."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import InterfaceError, InternalError, OperationalError, close_old_connections, connection
from django.utils import timezone

logger = logging.getLogger(__name__)

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError, InternalError)
"""What a database says that is locked, full, restarted or for a while read-only: the same write succeeds later."""

LONGEST_PAUSE = 2.0  # seconds between two attempts
LOCK_WAIT = 0.5  # seconds that a worker's thread waits for one row: others need the thread, too


def database_now() -> datetime:
    """What the database's clock says, which is the same for all processes; `Now()` is that clock within a statement.

    Hosts that share a PostgreSQL server may disagree about the time. All processes on one SQLite file share a host.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def is_held_up_by_a_lock(fault: BaseException) -> bool:
    """Whether that is what becomes of a transaction with `limit_lock_wait` which meets a lock."""
    return getattr(fault.__cause__, "sqlstate", None) == "55P03"  # lock_not_available


def limit_lock_wait(seconds: float = LOCK_WAIT) -> None:
    """Have the transaction that is open wait no longer for any lock: it then fails with one of AWAY, and the thread is
    free for other rows. SQLite has one lock for all rows, and waits as long as its own setting says."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])


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
                logger.warning("What became of %s cannot be stored yet: %s", about, fault)
                await asyncio.sleep(min(attempt * 0.2, LONGEST_PAUSE))

    def shutdown(self) -> None:
        """Take no more work; what has begun comes to its end."""
        self._threads.shutdown(wait=False)
