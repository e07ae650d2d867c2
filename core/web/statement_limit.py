"""Database statements that end after so much time, whatever they were asked for."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

_LOOK_EVERY = 250  # instructions of SQLite's virtual machine; a single one may look through a long text for a phrase
_CANCELED = "57014"  # query_canceled: https://www.postgresql.org/docs/current/errcodes-appendix.html


class StatementTooLong(Exception):
    """A statement took longer than it may, and was ended."""


@contextmanager
def limited_statements(seconds: float) -> Iterator[None]:
    """End the statements inside after so many seconds: each of them on PostgreSQL, by the clock of the server; all of
    them together on SQLite, which computes in this thread, by its CPU time. Raises StatementTooLong."""
    if connection.vendor == "postgresql":
        with _limited_on_postgresql(seconds):
            yield
    else:
        with _limited_on_sqlite(seconds):
            yield


@contextmanager
def _limited_on_postgresql(seconds: float) -> Iterator[None]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])
            yield
    except OperationalError as fault:
        if getattr(fault.__cause__, "sqlstate", None) == _CANCELED:
            raise StatementTooLong from fault
        raise


@contextmanager
def _limited_on_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    database = connection.connection
    deadline = time.thread_time() + seconds
    database.set_progress_handler(lambda: time.thread_time() > deadline, _LOOK_EVERY)
    try:
        yield
    except OperationalError as fault:
        if getattr(fault.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise StatementTooLong from fault
        raise
    finally:
        database.set_progress_handler(None, 0)
