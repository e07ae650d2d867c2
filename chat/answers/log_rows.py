"""What a batch of entries is in the database, whichever kind of database that is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from chat.answers.transcript import Entry, Kind
from chat.models import Answer, LogEntry

Batch = Sequence[tuple[UUID, Sequence[Entry]]]
"""Entries of several answers, each answer once, its entries numbered without gaps."""

LOG = LogEntry._meta.db_table
_ANSWERS = Answer._meta.db_table
_LIVE = [state.value for state in Answer.LIVE]

STORED = f"SELECT seq, kind, data FROM {LOG} WHERE answer_id = %s AND seq BETWEEN %s AND %s ORDER BY seq"  # noqa: S608
"""The rows of an answer from one number to another; `are_stored` compares them."""


@dataclass(slots=True)
class LogRows:
    """The rows of a batch: answer, number, kind, data as JSON. `begun` are the answers that the upstream began with;
    `submitted` those that it works on by itself now, and what it calls that. `size` counts the characters of all data.
    """

    rows: list[tuple[UUID, int, str, str]] = field(default_factory=list)
    begun: list[UUID] = field(default_factory=list)
    submitted: list[tuple[UUID, str]] = field(default_factory=list)
    size: int = 0


def rows_of(batch: Batch) -> LogRows:
    """The batch as rows. Raises TypeError for what is not JSON."""
    found = LogRows()
    for answer_id, entries in batch:
        for seq, kind, data in entries:
            text = orjson.dumps(data).decode()
            found.size += len(text)
            found.rows.append((answer_id, seq, kind, text))
            if kind == Kind.STARTED:
                found.begun.append(answer_id)
            elif kind == Kind.SUBMITTED:
                found.submitted.append((answer_id, data["job"]))
    return found


def updates_of(rows: LogRows) -> list[tuple[str, list[Any]]]:
    """What the entries change of the answers themselves, as statements with parameters, which are mostly none.

    By hand, as all that the log writes: it runs up to twenty times a second, and the ORM takes longer to put a
    statement together than the database to carry it out.
    """
    writing, waiting = Answer.State.WRITING.value, Answer.State.WAITING.value
    statements: list[tuple[str, list[Any]]] = [
        (
            f"UPDATE {_ANSWERS} SET job = %s, background = %s{', state = %s' if job else ''}"  # noqa: S608
            " WHERE id = %s AND state IN (%s, %s)",
            [job, bool(job), *([writing] if job else []), answer_id, *_LIVE],
        )
        for answer_id, job in rows.submitted
    ]
    statements += [
        (f"UPDATE {_ANSWERS} SET state = %s WHERE id = %s AND state = %s", [writing, answer_id, waiting])  # noqa: S608
        for answer_id in rows.begun
    ]
    return statements


def are_stored(found: Sequence[tuple[int, str, str]], entries: Sequence[Entry]) -> bool:
    """Whether exactly these entries are what `STORED` found, where the log is asked for their numbers. They are ours
    then: nobody else goes on from where we were with the same words."""
    return [(seq, kind, orjson.loads(data)) for seq, kind, data in found] == [
        (entry.seq, entry.kind, orjson.loads(orjson.dumps(entry.data))) for entry in entries
    ]
