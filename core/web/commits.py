"""Whether the database may say something else than before.

What looks for news every second need not look again while nothing was committed. SQLite says so for some microseconds,
whichever process committed; PostgreSQL does not, and there every look counts.
"""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from django.db import connection


class Commits:
    """Counts what is committed, by a connection of its own that only reads. For one thread."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None

    def version(self) -> int | None:
        """A number that changes with each commit of anybody else; None where that cannot be told now."""
        if connection.vendor != "sqlite":
            return None
        with suppress(sqlite3.Error):
            if self._connection is None:
                path = Path(connection.settings_dict["NAME"]).absolute()
                self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return version
        return None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class News:
    """Says whether it is worth looking for something again: because of a commit, or because `longest` seconds went by
    since it last said so."""

    def __init__(self, commits: Commits, *, longest: float) -> None:
        self._commits = commits
        self._longest = longest
        self._seen: int | None = None
        self._at = float("-inf")

    def may_be(self) -> bool:
        """Whether to look now. What is committed from now on is for the next time."""
        version, now = self._commits.version(), time.monotonic()
        if version is not None and version == self._seen and now < self._at + self._longest:
            return False
        self._seen, self._at = version, now
        return True

    def forgotten(self) -> "News":
        """Have the next look be worth it whatever was committed: the last one came to nothing. Returns itself."""
        self._at = float("-inf")
        return self
