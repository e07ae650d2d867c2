"""Whether Parley can do its work right now: write to its database and its data folder, and get answers."""

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)

FRESH_FOR = 5.0  # seconds in which a second asker gets the first one's report
OK = "ok"


@dataclass(frozen=True, slots=True)
class Report:
    """For each part either `ok` or a sentence that says what is wrong. Names no host and no secret."""

    parts: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether every part can do its work."""
        return all(word == OK for word in self.parts.values())

    def as_json(self) -> dict[str, object]:
        """The report as `GET /readyz` sends it."""
        return {"ready": self.ready, **self.parts}


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


_PARTS: dict[str, Callable[[], str]] = {"database": database, "storage": storage}
_lock = threading.Lock()
_last: tuple[float, Report] | None = None


def report() -> Report:
    """What holds now, or held a few seconds ago."""
    global _last  # noqa: PLW0603 - one small cache per process
    with _lock:
        now = time.monotonic()
        if _last is None or now - _last[0] >= FRESH_FOR:
            _last = (now, Report({name: look() for name, look in _PARTS.items()}))
        return _last[1]
