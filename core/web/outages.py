"""What is an outage, which passes, and what is a mistake of ours, which does not; one line a minute about the former.

Whoever meets an outage tries again or says so to people. A mistake is logged whole, with its traceback.
"""

import errno
import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError

from core import measures

if TYPE_CHECKING:
    import psycopg

logger = logging.getLogger(__name__)

TELL_EVERY = 60.0  # seconds
SCARCE_FOR = 60.0  # seconds after all connections were taken


class Outage(Enum):
    """What is not to be had."""

    DATABASE = "database"
    CONNECTIONS = "connections"  # of the database: all are taken
    DISK = "disk"  # full, or not to be written


# https://www.postgresql.org/docs/current/errcodes-appendix.html: connections, resources, an operator who intervenes.
_CLASSES = {"08": Outage.DATABASE, "53": Outage.DATABASE, "57": Outage.DATABASE, "58": Outage.DATABASE}
_STATES = {
    "25006": Outage.DATABASE,  # read_only_sql_transaction: a replica that has not taken over yet
    "53100": Outage.DISK,  # disk_full
    "53300": Outage.CONNECTIONS,  # too_many_connections
    "55P03": Outage.DATABASE,  # lock_not_available: beyond lock_timeout
}
_IN_FAILED_TRANSACTION = "25P02"
# https://www.sqlite.org/rescode.html
_RESULTS = {
    sqlite3.SQLITE_BUSY: Outage.DATABASE,
    sqlite3.SQLITE_LOCKED: Outage.DATABASE,
    sqlite3.SQLITE_READONLY: Outage.DATABASE,
    sqlite3.SQLITE_CANTOPEN: Outage.DATABASE,
    sqlite3.SQLITE_PROTOCOL: Outage.DATABASE,
    sqlite3.SQLITE_IOERR: Outage.DISK,
    sqlite3.SQLITE_FULL: Outage.DISK,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


def outage_of(fault: BaseException) -> Outage | None:
    """The outage that the fault comes from; None for a mistake of ours.

    What a broken transaction says afterwards is judged by what broke it.
    """
    if not isinstance(fault, DatabaseError | InterfaceError | OSError):
        return None
    for one in _chain(fault):
        if (found := _kind_of(one)) or _says_it_all(one):
            return found
    return None


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """The fault, and what it was raised from or while handling."""
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _says_it_all(fault: BaseException) -> bool:
    """Whether the database itself said what is wrong, and not only that something before this was."""
    said = _said_by_psycopg(fault)
    return isinstance(fault, sqlite3.Error) or (
        said is not None and said.sqlstate not in {None, _IN_FAILED_TRANSACTION}
    )


def _said_by_psycopg(fault: BaseException) -> "psycopg.Error | None":
    """The fault, where it is one of psycopg's. That is not loaded where the database is SQLite: it takes a twentieth of
    the time of a start."""
    loaded = sys.modules.get("psycopg")
    return fault if loaded and isinstance(fault, loaded.Error) else None


def _kind_of(fault: BaseException) -> Outage | None:
    if isinstance(fault, sqlite3.Error):
        return _RESULTS.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF)
    if said := _said_by_psycopg(fault):
        return _kind_of_psycopg(said)
    if isinstance(fault, OSError):
        return Outage.DISK if fault.errno in _NO_ROOM else None
    return None


def _kind_of_psycopg(fault: "psycopg.Error") -> Outage | None:
    """What came from the server has a state. What libpq says by itself has none, and is about the connection; a server
    that refuses one tells why in words alone."""
    import psycopg

    if fault.sqlstate:
        return _STATES.get(fault.sqlstate) or _CLASSES.get(fault.sqlstate[:2])
    if isinstance(fault, psycopg.OperationalError):
        words = str(fault)
        full = "too many" in words or "connection slots" in words  # of the server, of a role, of a database
        return Outage.CONNECTIONS if full else Outage.DATABASE
    return Outage.DATABASE if isinstance(fault, psycopg.InterfaceError) and "connection" in str(fault) else None


@dataclass(frozen=True, slots=True)
class Met:
    """What could not be done lately: the kind of outage or of mistake, at what it was met last and when, and how often
    in all since this process began."""

    kind: str
    during: str
    at: datetime
    count: int


class _Tally:
    """Tells of an outage at once, and then once in `TELL_EVERY` seconds, with how often it was met meanwhile."""

    scarce_until = 0.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told_at: dict[object, float] = {}
        self._left_out: dict[object, int] = {}
        self._met: dict[str, Met] = {}

    def lately(self) -> list[Met]:
        with self._lock:
            return sorted(self._met.values(), key=lambda met: met.at, reverse=True)

    def tell(self, kind: object, fault: BaseException, during: str) -> None:
        now = time.monotonic()
        if kind is Outage.CONNECTIONS:
            self.scarce_until = now + SCARCE_FOR
        name = kind.value if isinstance(kind, Outage) else getattr(kind, "__name__", "other")
        measures.OUTAGES.labels(name).inc()
        with self._lock:
            earlier = self._met[name].count if name in self._met else 0
            self._met[name] = Met(name, during, datetime.now(UTC), earlier + 1)
            if now - self._told_at.get(kind, -TELL_EVERY) < TELL_EVERY:
                self._left_out[kind] = self._left_out.get(kind, 0) + 1
                return
            self._told_at[kind] = now
            left_out = self._left_out.pop(kind, 0)
        more = f" It has happened {left_out} more times since it was last reported." if left_out else ""
        words = " ".join(str(fault).split())
        logger.error("%s: %s.%s", during, words.rstrip("."), more)


_tally = _Tally()


def tell_outage(fault: BaseException, *, during: str) -> None:
    """Log that something cannot be done for now: one line a minute for each kind of outage, and no traceback.

    `during` is the beginning of a sentence that says what cannot be done. From any thread.
    """
    _tally.tell(outage_of(fault) or type(fault), fault, during)


def met_lately() -> list[Met]:
    """What this process met, the last of each kind, the latest first. From any thread."""
    return _tally.lately()


def are_connections_scarce() -> bool:
    """Whether the database had no connection left a moment ago. Then whoever needs none all the time gives his back."""
    return time.monotonic() < _tally.scarce_until
