"""Whether Parley can do its work right now: write to its database and its data folder, and get answers."""

import asyncio
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from chat import running

logger = logging.getLogger(__name__)

OK = "ok"
UPSTREAM_TIME = 5.0  # seconds that asking the upstream for a sign of life may take


@dataclass(frozen=True, slots=True)
class Report:
    """For each part either `ok` or a sentence that says what is wrong. Names no host and no secret."""

    parts: Mapping[str, str]

    @property
    def ready(self) -> bool:
        """Whether every part can do its work."""
        return all(word == OK for word in self.parts.values())

    def as_json(self) -> dict[str, object]:
        """The report as `GET /readyz` sends it."""
        return {"ready": self.ready, **self.parts}


class Readiness:
    """Looks at each part. Whoever asks again within `fresh_for` seconds gets the same report: probes cost little."""

    def __init__(self, parts: Mapping[str, Callable[[], str]], *, fresh_for: float = 5.0) -> None:
        self._parts = parts
        self._fresh_for = fresh_for
        self._lock = threading.Lock()
        self._last: tuple[float, Report] | None = None

    def report(self) -> Report:
        """What holds now, or held a few seconds ago."""
        with self._lock:
            if self._last is None or time.monotonic() - self._last[0] >= self._fresh_for:
                found = Report({name: look() for name, look in self._parts.items()})
                self._last = (time.monotonic(), found)
            return self._last[1]


def database() -> str:
    """Begins and gives up a transaction that may write, and looks for migrations still to be applied."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW transaction_read_only")
                if cursor.fetchone() != ("off",):
                    return "The database takes no changes."
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "The database is older than the program: run manage.py migrate."
    except DatabaseError:
        logger.exception("The database cannot be used")
        return "The database cannot be used."
    return OK


def storage() -> str:
    """Writes a file into the data folder and takes it away again."""
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix=".ready-") as file:
            file.write(b"ready")
            file.flush()
    except OSError:
        logger.exception("The data folder cannot be written")
        return "The data folder cannot be written."
    return OK


def upstream() -> str:
    """Asks the upstream for a sign of life, which costs nothing. A process that is leaving writes no answers either."""
    office = running.office()
    if office is None or office.draining:
        return "This process takes no questions: it is starting or leaving."
    asked = asyncio.run_coroutine_threadsafe(office.upstream_is_reachable(), office.loop)
    try:
        reachable = asked.result(UPSTREAM_TIME)
    except TimeoutError:
        asked.cancel()
        reachable = False
    return OK if reachable else "The answer service cannot be reached."


readiness = Readiness({"database": database, "storage": storage, "upstream": upstream})
