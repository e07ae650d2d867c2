"""Tells the other processes whose log has new entries. A notification carries no text, and may be missed."""

import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection

from core.web.outages import tell_outage

CHANNEL = "parley_log"
LOOK_EVERY = 0.025  # seconds between two looks at SQLite's data_version
TRY_AGAIN_AFTER = 1.0  # seconds, when the database is away
ANSWERS_PER_PAYLOAD = 200  # 33 bytes each; PostgreSQL takes less than 8,000
WAKES_WITHIN = 0.5  # seconds in which a listener notices that it is to listen, to rest or to end

Rung = frozenset[UUID] | None
"""The answers of which something was committed; None when that may be any."""


def notify_processes(answer_ids: Iterable[UUID]) -> None:
    """Notify the other processes that these answers have new entries, with the commit of the transaction that is open.

    SQLite needs no call: every commit moves `PRAGMA data_version`, which does not say what was committed.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for payload in payloads_for(answer_ids):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def payloads_for(answer_ids: Iterable[UUID]) -> list[str]:
    """The answers' names, each once, in as many payloads as PostgreSQL needs."""
    names = sorted({answer_id.hex for answer_id in answer_ids})
    return [" ".join(names[at : at + ANSWERS_PER_PAYLOAD]) for at in range(0, len(names), ANSWERS_PER_PAYLOAD)]


class Listener(threading.Thread):
    """Calls `on_change` with the answers that other processes, or this one, committed something of.

    It has a thread and a connection of its own, which it keeps while nobody has to be told (`rest`): where connections
    are scarce, one that is given back may never be had again.
    """

    def __init__(self, on_change: Callable[[Rung], object]) -> None:
        super().__init__(name="log-listener", daemon=True)
        self._on_change = on_change
        self._stopped = threading.Event()
        self._listening = threading.Event()
        self._looked = threading.Event()
        self._fault: Exception | None = None

    def connect(self) -> None:
        """Wait until the connection is there. Raises what the database says when it is not; then it is tried again by
        itself."""
        self._looked.wait()
        if self._fault:
            raise self._fault

    def listen(self) -> None:
        """Tell of commits from now on."""
        self._listening.set()

    def rest(self) -> None:
        """Tell of nothing."""
        self._listening.clear()

    def stop(self) -> None:
        """End soon; does not wait."""
        self._stopped.set()
        self._listening.set()

    def run(self) -> None:
        """Listen until stopped, whatever the database does."""
        while not self._stopped.is_set():
            try:
                connection.ensure_connection()
                self._fault = None
                self._looked.set()
                while self._listening.wait() and not self._stopped.is_set():
                    self._tell_of_commits()
            except (DatabaseError, InterfaceError, OSError) as fault:
                self._fault = fault
                self._looked.set()
                tell_outage(fault, during="Commits of other processes cannot be heard")
                connection.close()
                self._stopped.wait(TRY_AGAIN_AFTER)
        connection.close()

    def _tell_of_commits(self) -> None:
        """Listen until it is time to rest or to end."""
        with closing(_notifications() if connection.vendor == "postgresql" else _changes()) as commits:
            for rung in commits:
                if not self._listening.is_set() or self._stopped.is_set():
                    return
                if rung is None or rung:
                    self._on_change(rung)


def _changes() -> Generator[Rung, None, None]:
    """Yield None for each look at which the SQLite file had been changed by another connection, and nothing else."""
    with connection.cursor() as cursor:
        seen = None
        while True:
            version = cursor.execute("PRAGMA data_version").fetchone()[0]
            yield None if version != seen else frozenset()
            seen = version
            time.sleep(LOOK_EVERY)


def _notifications() -> Generator[Rung, None, None]:
    """Yield the answers that each burst of PostgreSQL notifications names."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    try:
        yield None  # something may have been committed before we listened
        while True:
            with connection.wrap_database_errors:
                found = list(connection.connection.notifies(timeout=WAKES_WITHIN, stop_after=1))
            yield frozenset(UUID(name) for notification in found for name in notification.payload.split())
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(f"UNLISTEN {CHANNEL}")
