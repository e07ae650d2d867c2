"""Tells the other processes that something was committed. A notification carries no text, and may be missed."""

import threading
import time
from collections.abc import Callable, Iterator

from django.db import DatabaseError, InterfaceError, connection

from core.web.outages import tell_outage

CHANNEL = "parley_log"
LOOK_EVERY = 0.025  # seconds between two looks at SQLite's data_version
TRY_AGAIN_AFTER = 1.0  # seconds, when the database is away


def notify_processes() -> None:
    """Notify the other processes, with the commit of the transaction that is open.

    SQLite needs no call: every commit moves `PRAGMA data_version`.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


class Listener(threading.Thread):
    """Calls `on_change`, from its own thread and with a connection of its own, whenever another process committed.

    It runs only while somebody watches an answer that another process writes.
    """

    def __init__(self, on_change: Callable[[], object]) -> None:
        super().__init__(name="log-listener", daemon=True)
        self._on_change = on_change
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End soon; does not wait."""
        self._stopped.set()

    def run(self) -> None:
        """Listen until stopped, whatever the database does."""
        while not self._stopped.is_set():
            try:
                for _ in (
                    _notifications(self._stopped) if connection.vendor == "postgresql" else _changes(self._stopped)
                ):
                    self._on_change()
            except (DatabaseError, InterfaceError, OSError) as fault:
                tell_outage(fault, during="Commits of other processes cannot be heard")
                self._stopped.wait(TRY_AGAIN_AFTER)
            finally:
                connection.close()


def _changes(stopped: threading.Event) -> Iterator[None]:
    """Yield once for each look at which the SQLite file had been changed by another connection."""
    with connection.cursor() as cursor:
        seen = None
        while not stopped.is_set():
            version = cursor.execute("PRAGMA data_version").fetchone()[0]
            if version != seen:
                seen = version
                yield
            time.sleep(LOOK_EVERY)


def _notifications(stopped: threading.Event) -> Iterator[None]:
    """Yield once for each burst of PostgreSQL notifications."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    yield  # something may have been committed before we listened
    while not stopped.is_set():
        for _ in connection.connection.notifies(timeout=0.5, stop_after=1):
            yield
