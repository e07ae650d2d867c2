"""Tells the other processes whose log has new entries. A notification carries no text, and may be missed."""

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from uuid import UUID

from django.db import connection

from core.web.outages import outage_of, tell_outage

logger = logging.getLogger(__name__)

CHANNEL = "parley_log"
LOOK_EVERY = 0.025  # seconds between two looks at SQLite's data_version
PAUSE = 0.05  # seconds from one call of the listener to the next; what is committed meanwhile is told together
SHARE = 0.1  # of its time that a listener spends in its calls: where they take longer, the pauses do
LONGEST_PAUSE = 1.0  # seconds
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
    """Calls `look` with the answers that other processes, or this one, committed something of; twice a second at least,
    then perhaps with none.

    It has a thread and a connection of its own, in which `look` may read what was committed. It keeps the connection
    while nobody has to be told (`rest`): where connections are scarce, one that is given back may never be had again.
    """

    def __init__(self, look: Callable[[Rung], object]) -> None:
        super().__init__(name="log-listener", daemon=True)
        self._look = look
        self._stopped = threading.Event()
        self._listening = threading.Event()
        self._connected = threading.Event()
        self._fault: Exception | None = None

    def connect(self) -> None:
        """Wait until the connection is there. Raises what the database says when it is not; then it is tried again by
        itself."""
        self._connected.wait()
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
                self._connected.set()
                while self._listening.wait() and not self._stopped.is_set():
                    self._tell_of_commits()
            except Exception as fault:
                self._fault = fault
                self._connected.set()
                self._tell(fault)
                connection.close()
                self._stopped.wait(TRY_AGAIN_AFTER)
        connection.close()

    def _tell(self, fault: Exception) -> None:
        during = "Commits of other processes cannot be heard"
        if outage_of(fault):
            tell_outage(fault, during=during)
        elif not self._stopped.is_set():  # or the event loop has ended meanwhile
            logger.error(during, exc_info=fault)

    def _tell_of_commits(self) -> None:
        """Listen until it is time to rest or to end."""
        with closing(_notifications() if connection.vendor == "postgresql" else _changes()) as commits:
            for rung in commits:
                if not self._listening.is_set() or self._stopped.is_set():
                    return
                began = time.monotonic()
                self._look(rung)
                if rung is None or rung:
                    self._stopped.wait(pause_after(time.monotonic() - began))


def pause_after(took: float) -> float:
    """Seconds that a listener rests after a call that took so long."""
    return min(LONGEST_PAUSE, max(PAUSE, took * (1 - SHARE) / SHARE))


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
