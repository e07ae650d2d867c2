"""Reads what other processes committed: for all answers that are watched here together, not for each of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from chat.answers.transcript import Entry
from chat.models import Answer, LogEntry

ANSWERS_PER_QUERY = 200


def entries_beyond(seen: Mapping[UUID, int]) -> dict[UUID, list[Entry]]:
    """The committed entries of each answer beyond the number that is known here, in order."""
    found: dict[UUID, list[Entry]] = defaultdict(list)
    pairs = list(seen.items())
    for start in range(0, len(pairs), ANSWERS_PER_QUERY):
        _read(pairs[start : start + ANSWERS_PER_QUERY], found)
    return found


def _read(seen: list[tuple[UUID, int]], found: dict[UUID, list[Entry]]) -> None:
    """By hand, as the log writes: this runs many times a second, and the ORM takes longer to put the query together
    than the database to answer it."""
    fields = {field.name: field for field in LogEntry._meta.concrete_fields}
    convert = [fields["data"].from_db_value, fields["answer"].target_field.to_python]  # type: ignore[attr-defined]
    prepare = Answer._meta.pk.get_db_prep_value
    beyond = " OR ".join(["(answer_id = %s AND seq > %s)"] * len(seen))
    params = [value for answer_id, seq in seen for value in (prepare(answer_id, connection), seq)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT answer_id, seq, kind, data FROM {LogEntry._meta.db_table} WHERE {beyond} ORDER BY answer_id, seq",  # noqa: S608
            params,
        )
        for answer_id, seq, kind, data in cursor.fetchall():
            found[convert[1](answer_id)].append(Entry(seq, kind, convert[0](data, None, connection)))


def answers_to_look_at(answer_ids: Collection[UUID]) -> set[UUID]:
    """Those of the answers that have ended, or are not there any more."""
    if not answer_ids:
        return set()
    live = Answer.objects.filter(pk__in=answer_ids, state__in=Answer.LIVE).values_list("pk", flat=True)
    return set(answer_ids) - set(live)
