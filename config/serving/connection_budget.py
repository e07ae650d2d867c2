"""How many connections to PostgreSQL Parley may open, and whether that many are to be had.

Each thread that uses the database keeps a connection of its own, and so does the event loop, for the event log.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from chat import worker as answers
from chat.documents.reading import worker as documents
from chat.sources.checks import leases as checks
from imaging.generation import worker as images
from sharing.export.jobs import worker as exports
from sharing.imports import worker as imports

PAGE_THREADS = 8
PASSWORD_THREADS = 2
UPLOAD_THREADS = 2
PROBE_THREADS = 1  # for /readyz

ESSENTIAL: int = sum(worker.CONNECTIONS for worker in (answers, images, documents, checks))
"""What one process opens before it takes a request, and keeps: without these no answer is written or shown."""

PER_PROCESS = (
    ESSENTIAL
    + exports.CONNECTIONS
    + imports.CONNECTIONS
    + PAGE_THREADS
    + PASSWORD_THREADS
    + UPLOAD_THREADS
    + PROBE_THREADS
)
"""What one process may open at most."""

_LIMITS = """
    SELECT current_setting('max_connections')::int,
           current_setting('superuser_reserved_connections')::int
             + coalesce(current_setting('reserved_connections', true)::int, 0),
           (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
           (SELECT count(*) FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND application_name <> current_setting('application_name'))
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """What PostgreSQL has, and what `processes` processes may need.

    `most` are all connections that it takes, `reserved` those kept for its administration, `others` those that
    somebody else holds now: other servers of Parley, or other programs.
    """

    most: int
    reserved: int
    others: int
    processes: int

    @property
    def free(self) -> int:
        """What is left for this server."""
        return max(0, self.most - self.reserved - self.others)

    @property
    def is_hopeless(self) -> bool:
        """Whether not even what is needed to answer anything is to be had."""
        return self.free < ESSENTIAL * self.processes

    @property
    def is_short(self) -> bool:
        """Whether a busy server runs out of connections."""
        return self.free < PER_PROCESS * self.processes

    @property
    def sentence(self) -> str:
        """The figures, and what to do about them."""
        processes = "process of this server" if self.processes == 1 else f"{self.processes} processes of this server"
        return (
            f"PostgreSQL allows {self.most} connections; {self.reserved} of them are reserved and {self.others} "
            f"are in use by others, which leaves {self.free}. The {processes} may open "
            f"{PER_PROCESS * self.processes} ({PER_PROCESS} for each process). Raise max_connections in "
            "PostgreSQL, or lower WEB_CONCURRENCY."
        )


def connection_budget() -> Budget | None:
    """What there is now; None on SQLite, which knows no such limit. Raises DatabaseError."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)
        most, reserved, of_database, of_role, others = cursor.fetchone()
    limits = [limit for limit in (of_database, of_role) if limit >= 0]  # -1 says that there is none
    if limits and min(limits) < most - reserved:
        most, reserved = min(limits), 0
    return Budget(most=most, reserved=reserved, others=others, processes=settings.WEB_CONCURRENCY)
