"""The event log's way into PostgreSQL: a connection of the event loop's own, and one round trip for a transaction.

All statements of a transaction are sent together, with their values in them, and all results come back together.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus

from chat.answers.log_rows import LOG, STORED, Batch, LogRows, are_stored, rows_of, updates_of
from chat.answers.notify import CHANNEL, payloads_for
from chat.answers.transcript import Entry

_LOCK_WAIT = "100ms"

# One parameter, however many rows: as long as a statement is the same, it need not be put together again.
_INSERT = (
    f"INSERT INTO {LOG} (answer_id, seq, kind, data) SELECT answer_id, seq, kind, data"  # noqa: S608
    " FROM json_to_recordset(%s) AS entry (answer_id uuid, seq int, kind text, data jsonb)"
)
_NOTIFY = "SELECT pg_notify(%s, %s)"


class PostgresLog:
    """Writes entries into PostgreSQL. Lives in the event loop.

    Its connection is opened again where it broke, and never given back for another reason: where connections are
    scarce, one that is given back may never be had again.
    """

    def __init__(self) -> None:
        self._like = connection.copy()  # never opened; says how to connect
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        """Open the connection. Raises what the database says when it cannot be had."""
        with self._like.wrap_database_errors:
            async with self._turn:
                await self._connected()

    def store_at_once(self, batch: Batch) -> bool:
        """Say that nothing was written: there is no commit without waiting."""
        return False

    async def store(self, batch: Batch) -> None:
        """Commit the batch, and notify the other processes. Raises DatabaseError, at a lock after 100 milliseconds,
        and TypeError for what is not JSON."""
        await self._execute(*_transaction(rows_of(batch)))

    async def is_stored(self, answer_id: UUID, entries: Sequence[Entry]) -> bool:
        """Whether exactly these entries are in the log. Raises DatabaseError."""
        cursor = await self._execute(
            STORED.replace(", data ", ", data::text "), [answer_id, entries[0].seq, entries[-1].seq]
        )
        return are_stored(await cursor.fetchall(), entries)

    async def look(self) -> None:
        """Look whether the database is there. Raises DatabaseError."""
        await self._execute("SELECT 1", [])

    async def close(self) -> None:
        """Close the connection."""
        if self._connection:
            await self._connection.close()

    async def _execute(self, sql: str, values: list[Any]) -> psycopg.AsyncCursor[Any]:
        """Send the statements in one message. Leaves no transaction open, whatever becomes of it."""
        with self._like.wrap_database_errors:
            async with self._turn:
                opened = await self._connected()
                try:
                    return await opened.execute(sql, values)
                finally:
                    if opened.info.transaction_status == TransactionStatus.INERROR:
                        await opened.rollback()

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        """The connection, opened with Django's own settings."""
        if self._connection is None or self._connection.closed:
            settings = self._like.get_connection_params()
            settings |= {"autocommit": True, "cursor_factory": psycopg.AsyncClientCursor}
            opened = await psycopg.AsyncConnection.connect(**settings)
            if role := self._like.settings_dict["OPTIONS"].get("assume_role"):
                await opened.execute("SELECT set_config('role', %s, false)", [role])
            await opened.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_WAIT])
            self._connection = opened
        return self._connection


def _transaction(rows: LogRows) -> tuple[str, list[Any]]:
    """The statements that store the rows and notify, and the values in them."""
    entries = [
        {"answer_id": answer_id, "seq": seq, "kind": kind, "data": orjson.Fragment(data)}
        for answer_id, seq, kind, data in rows.rows
    ]
    notes = payloads_for(answer_id for answer_id, *_others in rows.rows)
    statements = [
        ("BEGIN", []),
        (_INSERT, [orjson.dumps(entries).decode()]),
        *updates_of(rows),
        *((_NOTIFY, [CHANNEL, note]) for note in notes),
        ("COMMIT", []),
    ]
    return "; ".join(sql for sql, _values in statements), [value for _sql, values in statements for value in values]
