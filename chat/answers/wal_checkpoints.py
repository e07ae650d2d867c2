"""Copies SQLite's write-ahead log into the database, which waits for the disk, apart from whoever writes."""

from concurrent.futures import Future, ThreadPoolExecutor

from django.db import DatabaseError, connection

from chat.answers.log_rows import LogRows
from core.web.outages import tell_outage

_PAGE = 4096  # bytes
_PAGES_PER_ENTRY = 2  # one of the table and one of its index, which an entry shares with others at best
_EVERY = 1_000  # pages, as SQLite has it for those who do not ask
_TOO_MANY = 8_000  # pages, 32 MB
_READERS_MAY_TAKE = 50  # milliseconds


class Checkpoints:
    """Looks after the length of the write-ahead log, in a thread of its own: every so many pages, and with more force
    where it has `too_many`."""

    def __init__(self, *, every: int = _EVERY, too_many: int = _TOO_MANY) -> None:
        self._every = every
        self._too_many = too_many
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints")
        self._running: Future[None] | None = None
        self._pages = 0  # written since the log was last looked at, as far as one can tell from what was written

    def written(self, rows: LogRows) -> None:
        """Hear what was committed. Waits for nothing."""
        self._pages += len(rows.rows) * _PAGES_PER_ENTRY + rows.size // _PAGE
        if self._pages >= self._every and (self._running is None or self._running.done()):
            self._pages = 0
            self._running = self._thread.submit(_checkpoint, self._too_many)

    def close(self) -> None:
        """Copy what is left, and wait for it."""
        if self._pages:
            self._running = self._thread.submit(_checkpoint, self._too_many)
        if self._running:
            self._thread.submit(connection.close)
        self._thread.shutdown()


def _checkpoint(too_many: int) -> None:
    """Copy as much as can be copied without holding up anybody.

    The log begins anew when nobody reads in it. Where somebody always does, because many come and go, it would never:
    one that has become too long holds up writers for a moment, until those who read now are done.
    """
    try:
        with connection.cursor() as cursor:
            _busy, pages, _copied = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if pages >= too_many:
                cursor.execute(f"PRAGMA busy_timeout = {_READERS_MAY_TAKE}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError as fault:
        tell_outage(fault, during="What was written cannot be copied into the database yet")
        connection.close()
