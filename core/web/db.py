"""Database work of the event loop: in threads of its own, and for as long as the database is away; and its clock."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import InterfaceError, InternalError, OperationalError, close_old_connections, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from core.web.outages import Outage, outage_of, tell_outage

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError, InternalError)
"""What a database says that is locked, full, restarted or for a while read-only: the same write succeeds later."""

LONGEST_PAUSE = 2.0  # seconds between two attempts
LOCK_WAIT = 0.5  # seconds that a worker's thread waits for one row: others need the thread, too
CONNECTED_WITHIN = 10.0  # seconds that one thread waits for the others to be connected too


def settle_session(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have PostgreSQL plan on a new connection for what a page asks: much of it, each little. Other processes beside a
    query, or machine code for it, take longer to come up than they save, and take the cores from other people's."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION max_parallel_workers_per_gather = 0")
            cursor.execute("SET SESSION jit = off")


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
        self._count = count
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Run the work in one of the threads. Raises what the work raises."""

        def in_thread() -> T:
            close_old_connections()
            with connection.wrap_database_errors:  # Django leaves out the closing of a cursor that the server keeps
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_thread)

    async def connect(self) -> None:
        """Open the connections of all threads. Raises what the database says when one cannot be had."""
        together = threading.Barrier(self._count)

        def in_thread() -> None:
            try:
                connection.ensure_connection()
                together.wait(CONNECTED_WITHIN)  # so that no thread does this twice
            except threading.BrokenBarrierError:
                pass  # another one failed, and says why
            except Exception:
                together.abort()
                raise

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, in_thread) for _ in range(self._count)))

    async def persist(self, work: Callable[[], T], *, about: str) -> T:
        """Run work that has to be stored, again and again while the database is away. `about` names it in the log."""
        attempt = 0
        while True:
            try:
                return await self.run(work)
            except AWAY as fault:
                attempt += 1
                tell_outage(fault, during=f"The outcome of {about} cannot be stored yet")
                await asyncio.sleep(min(attempt * 0.2, LONGEST_PAUSE))

    def shutdown(self) -> None:
        """Take no more work; what has begun comes to its end."""
        self._threads.shutdown(wait=False)


class OutOfConnections(Exception):
    """The database gives this process no connection: all of them are taken."""


async def connect_first(connect: Callable[[], Awaitable[None]]) -> None:
    """Open connections before anything else may take the last ones, and wait for them where all are taken.

    A database that is away for another reason is not waited for: whoever needs it says so, and tries again.
    Raises OutOfConnections after CONNECTED_WITHIN seconds, and what else goes wrong.
    """
    deadline = time.monotonic() + CONNECTED_WITHIN
    while True:
        try:
            return await connect()
        except Exception as fault:
            outage = outage_of(fault)
            if not outage:
                raise
            tell_outage(fault, during="The connections needed for writing answers cannot be opened")
            if outage is not Outage.CONNECTIONS:
                return None
            if time.monotonic() > deadline:
                raise OutOfConnections from fault
        await asyncio.sleep(1)
