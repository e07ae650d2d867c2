"""The event log's way into SQLite: in the event loop while that costs next to nothing, in a thread where it may wait.

A commit to the write-ahead log with `synchronous=NORMAL` waits for no disk: it is a write into the system's cache, and
takes less than waking a thread. What does wait happens elsewhere: for the lock, when somebody else writes; for a disk
that does not keep up; and for what was written to be copied into the database (`wal_checkpoints`).
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError, OperationalError, close_old_connections, connection, connections

from chat.answers.log_rows import LOG, STORED, Batch, LogRows, are_stored, rows_of, updates_of
from chat.answers.transcript import Entry
from chat.answers.wal_checkpoints import Checkpoints

T = TypeVar("T")

_MOST_AT_ONCE = 65_536  # characters that are written in the event loop; a database that was away leaves more
_ROWS_PER_STATEMENT = 200  # four parameters each; SQLite takes 32,766
_QUICK = 0.01  # seconds that a commit may usually take in the event loop; it takes a fiftieth where nothing is amiss
_SHORTEST_BREAK, _LONGEST_BREAK = 1.0, 30.0  # seconds until it is tried there again


class SqliteLog:
    """Writes entries into SQLite. Lives in the event loop; used for one batch at a time."""

    def __init__(self, *, checkpoints: Checkpoints | None = None) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="event-log")
        self._quick: sqlite3.Connection | None = None  # never waits; for the event loop alone
        self._can_be_quick = True
        self._pace = Pace()
        self._checkpoints = checkpoints or Checkpoints()

    async def connect(self) -> None:
        """Open the connections. Raises what the database says when it cannot be had."""
        await self._in_thread(connection.ensure_connection)

    def store_at_once(self, batch: Batch) -> bool:
        """Commit the batch in this very call, and return whether that was possible. False says that nothing was
        written. Raises OperationalError where nobody knows."""
        if self._quick is None or not self._pace.is_quick():
            return False
        try:
            rows = rows_of(batch)
            if rows.size > _MOST_AT_ONCE:
                return False
            began = time.perf_counter()
            _write(self._quick, rows)
            self._pace.took(time.perf_counter() - began)
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            self._quick = None
            raise OperationalError(*fault.args) from fault
        except (sqlite3.Error, TypeError):
            return False  # the entries of one answer are refused; `store` will say which
        self._checkpoints.written(rows)
        return True

    async def store(self, batch: Batch) -> None:
        """Commit the batch, and wait for the lock as long as the settings say. Raises DatabaseError, and TypeError for
        what is not JSON."""

        def write() -> LogRows:
            rows = rows_of(batch)
            connection.ensure_connection()
            with connection.wrap_database_errors:
                _write(connection.connection, rows)
            return rows

        self._checkpoints.written(await self._in_thread(write))

    async def is_stored(self, answer_id: UUID, entries: Sequence[Entry]) -> bool:
        """Whether exactly these entries are in the log. Raises DatabaseError."""

        def look() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(STORED, [answer_id.hex, entries[0].seq, entries[-1].seq])
                return are_stored(cursor.fetchall(), entries)

        return await self._in_thread(look)

    async def look(self) -> None:
        """Look whether the database is there. Raises DatabaseError."""

        def look() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")

        await self._in_thread(look)

    async def close(self) -> None:
        """Close the connections."""

        def close() -> None:
            self._checkpoints.close()
            if self._quick:
                self._quick.close()  # in a thread: whoever is the last one to leave a database copies what is left
            connections.close_all()

        await asyncio.get_running_loop().run_in_executor(self._thread, close)
        self._quick = None
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run the work in the log's thread, with its connection. Afterwards that for the event loop is there too."""

        def run() -> T:
            try:
                done = work()
            except Exception:
                close_old_connections()
                raise
            if self._quick is None and self._can_be_quick:
                with contextlib.suppress(sqlite3.Error, DatabaseError):  # then everything goes through this thread
                    self._quick = quick_connection()
                    self._can_be_quick = self._quick is not None
            return done

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)


class Pace:
    """Whether commits take so little time that the event loop can make them. On a disk that is not quick enough they
    go through the thread for a while, which is twice as long each time."""

    def __init__(self) -> None:
        self._usual = 0.0
        self._break = _SHORTEST_BREAK
        self._until = 0.0

    def is_quick(self) -> bool:
        """Whether the next commit may be made in the event loop."""
        return time.monotonic() >= self._until

    def took(self, seconds: float) -> None:
        """Hear how long a commit took there. One that was held up, as all are now and then on a busy machine, counts
        for little."""
        self._usual += 0.1 * (seconds - self._usual)
        if self._usual > _QUICK:
            self._until = time.monotonic() + self._break
            self._break = min(2 * self._break, _LONGEST_BREAK)
            self._usual = 0.0
        elif self._usual < _QUICK / 5:
            self._break = _SHORTEST_BREAK


def quick_connection() -> sqlite3.Connection | None:
    """A connection like Django's own, which neither waits for a lock nor copies the write-ahead log into the database.

    None where a commit waits for the disk whatever one does, and for a database in memory, which only its own
    connections know. To be called in a thread that is connected.
    """
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        return None
    own = connection.copy()
    opened: sqlite3.Connection = own.get_new_connection(
        own.get_connection_params() | {"timeout": 0, "isolation_level": None}
    )
    opened.execute("PRAGMA wal_autocheckpoint = 0")
    [mode] = opened.execute("PRAGMA journal_mode").fetchone()
    [synchronous] = opened.execute("PRAGMA synchronous").fetchone()
    if mode == "wal" and synchronous <= 1:
        return opened
    opened.close()
    return None


def _write(database: sqlite3.Connection, rows: LogRows) -> None:
    """Write the rows in one transaction.

    A single statement is a transaction by itself, and is mostly all there is: each further one may have to wait for
    Python's lock, in the event loop and with the database's lock in hand.
    """
    statements = [
        _insert(rows.rows[start : start + _ROWS_PER_STATEMENT])
        for start in range(0, len(rows.rows), _ROWS_PER_STATEMENT)
    ]
    statements += [(sql.replace("%s", "?"), list(map(_plain, values))) for sql, values in updates_of(rows)]
    if len(statements) == 1:
        database.execute(*statements[0])
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            database.execute(*statement)
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _insert(rows: Sequence[tuple[UUID, int, str, str]]) -> tuple[str, list[Any]]:
    places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
    values = [value for answer_id, *others in rows for value in (answer_id.hex, *others)]
    return f"INSERT INTO {LOG} (answer_id, seq, kind, data) VALUES {places}", values  # noqa: S608


def _plain(value: Any) -> Any:
    """As Django stores it."""
    return value.hex if isinstance(value, UUID) else value
