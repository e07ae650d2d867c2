"""A pooler in front of PostgreSQL that gives each transaction another session, such as PgBouncer in transaction mode.

Parley needs a session: it hears of commits by LISTEN, holds advisory locks, and sets what its queries lean on. Behind
such a pooler all of that is lost between two transactions, and not one error says so.
"""

from django.db import connection

_ATTEMPTS = 5

SENTENCE = (
    "DATABASE_URL leads to a pooler that shares sessions between transactions, such as PgBouncer in transaction mode. "
    "Notifications, locks and settings get lost there. Set pool_mode=session for this database in PgBouncer, or name "
    "PostgreSQL's own address in DATABASE_URL."
)


def shares_sessions() -> bool:
    """Whether a transaction gets a session that another connection, which is still open, had for its own before.

    False on SQLite. Raises DatabaseError.
    """
    if connection.vendor != "postgresql":
        return False
    return any(_second_gets_session_of_first() for _ in range(_ATTEMPTS))  # others may take the session in between


def _second_gets_session_of_first() -> bool:
    first, second = connection.copy(), connection.copy()
    try:
        with first.cursor() as one, second.cursor() as other:
            one.execute("SELECT pg_backend_pid()")
            other.execute("BEGIN")
            other.execute("SELECT pg_backend_pid()")
            shared = bool(one.fetchone() == other.fetchone())
            other.execute("ROLLBACK")
            return shared
    finally:
        first.close()
        second.close()
