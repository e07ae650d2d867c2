"""Looks whether PostgreSQL has as many connections as this server may open, and whether they are its own."""

from django.db import DatabaseError

from config.doctor.findings import Finding
from config.serving.connection_budget import PER_PROCESS, connection_budget
from config.serving.transaction_pooling import SENTENCE, shares_sessions


def look_at_connections() -> list[Finding]:
    """What is known about connections: nothing on SQLite, nor while the database is away. Never raises."""
    try:
        budget = connection_budget()
        shared = shares_sessions()
    except DatabaseError:
        return []  # the database itself is found to be away
    if shared:
        return [Finding("connections", "problem", SENTENCE)]
    if budget is None:
        return []
    if budget.is_hopeless or budget.is_short:
        return [Finding("connections", "problem" if budget.is_hopeless else "note", budget.sentence)]
    words = f"Each process may open {PER_PROCESS}; PostgreSQL has {budget.free} left for this server."
    return [Finding("connections", "ok", words)]
