"""The sums of `Spending` that pages and limits go by, kept by the database itself.

Three tables hold them: by day, person, kind and model, the same for each space, and by conversation;
`accounts.models` has a model of each. They
are kept by triggers, in the transaction that reserves, settles or deletes, so that nothing that writes a row, in bulk
or by hand, can forget them, and a page adds up some hundreds of rows, however much was asked. Amounts are whole
millionths of a dollar: SQLite, which adds up in binary, is exact with these too.

The tables are no part of what is backed up, and refer to nothing: they are made anew from the rows. The triggers name
no table but these and their own, for which see `chat.search.sqlite`.
"""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

_AMOUNTS = {
    "reported": "CASE WHEN {row}.basis = 'reported' AND {row}.cost IS NOT NULL THEN {cost} ELSE 0 END",
    "estimated": "CASE WHEN {row}.basis = 'estimated' AND {row}.cost IS NOT NULL THEN {cost} ELSE 0 END",
    "unexplained": "CASE WHEN {row}.basis = '' AND {row}.cost IS NOT NULL THEN {cost} ELSE 0 END",
    "reserved": "CASE WHEN {row}.cost IS NULL THEN {reserved} ELSE 0 END",
    "requests": "1",
    "unknown": "CASE WHEN {row}.basis = '' AND {row}.cost IS NOT NULL THEN 1 ELSE 0 END",
}
"""What each column of a sum adds of a row."""
_KEYS = {
    "accounts_spendingofday": {
        "team_id": "{row}.team_id",
        "month": "{row}.month",
        "day": "{day}",
        "user_id": "{row}.user_id",
        "kind": "{row}.kind",
        "provider": "{row}.provider",
        "model": "{row}.model",
    },
    "accounts_spendingofspace": {
        "team_id": "{row}.team_id",
        "month": "{row}.month",
        "space_id": "{row}.space_id",
        "day": "{day}",
        "user_id": "{row}.user_id",
        "kind": "{row}.kind",
        "provider": "{row}.provider",
        "model": "{row}.model",
    },
    "accounts_spendingofconversation": {
        "team_id": "{row}.team_id",
        "month": "{row}.month",
        "conversation_id": "{row}.conversation_id",
    },
}
_TYPES = {
    "sqlite": {"uuid": "char(32)", "micros": "CAST(round({0} * 1000000) AS integer)", "day": "substr({0}, 1, 10)"},
    "postgresql": {"uuid": "uuid", "micros": "({0} * 1000000)::bigint", "day": "({0} AT TIME ZONE 'UTC')::date"},
}
_COUNTED = {
    "accounts_spendingofday": "TRUE",
    "accounts_spendingofspace": "{row}.space_id IS NOT NULL",
    "accounts_spendingofconversation": "{row}.kind = 'answer' AND {row}.conversation_id IS NOT NULL",
}
"""Which rows a table adds up."""
FIRST = ("accounts_spendingofday", "accounts_spendingofconversation")
"""The tables that there were before anything was asked in a space."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION spending_summed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        {emptied}
    END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        {removed}
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        {added}
    END IF;
    RETURN NULL;
END $$
"""
_EVENTS_ON_POSTGRESQL = {
    "spending_summed": "INSERT OR UPDATE OR DELETE ON accounts_spending FOR EACH ROW",
    "spending_emptied": "TRUNCATE ON accounts_spending FOR EACH STATEMENT",
}
_EVENTS = ("insert", "update", "delete")


def install(connection: BaseDatabaseWrapper, *, tables: Sequence[str] = tuple(_KEYS)) -> None:
    """Make the tables that are missing, and the triggers for these tables in place of those that are there."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(_table(table, _KEYS[table], connection.vendor))
        added = "".join(_added(table, connection.vendor) for table in tables)
        removed = "".join(_removed(table, connection.vendor) for table in tables)
        if connection.vendor == "postgresql":
            emptied = "".join(f"DELETE FROM {table};\n" for table in tables)  # noqa: S608 (constants)
            cursor.execute(_FUNCTION.format(emptied=emptied, removed=removed, added=added))
            for name, events in _EVENTS_ON_POSTGRESQL.items():
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} AFTER {events} EXECUTE FUNCTION spending_summed()")
            return
        for event, body in zip(_EVENTS, (added, removed + added, removed), strict=True):
            cursor.execute(f"DROP TRIGGER IF EXISTS spending_summed_{event}")
            cursor.execute(
                f"CREATE TRIGGER spending_summed_{event} AFTER {event} ON accounts_spending BEGIN {body} END"
            )


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a trigger is not there, as after a migration on SQLite that made the table of the rows anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = ANY(%s)", [list(_EVENTS_ON_POSTGRESQL)])
            return bool(cursor.fetchone()[0] < len(_EVENTS_ON_POSTGRESQL))
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_spending'")
        return bool(cursor.fetchone()[0] < len(_EVENTS))


def rebuild(connection: BaseDatabaseWrapper, *, tables: Sequence[str] = tuple(_KEYS)) -> None:
    """Add everything up anew. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            keys = _KEYS[table]
            names = [*keys, *_AMOUNTS]
            values = [*keys.values(), *(f"sum({amount})" for amount in _AMOUNTS.values())]
            groups = ", ".join(str(number) for number in range(1, len(keys) + 1))
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)
            cursor.execute(
                _filled(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"  # noqa: S608 (constants)
                    f" FROM accounts_spending AS spent WHERE {_COUNTED[table]} GROUP BY {groups}",
                    row="spent",
                    vendor=connection.vendor,
                )
            )


def repair(connection: BaseDatabaseWrapper) -> None:
    """Make triggers and sums anew if a migration took the triggers away."""
    if missing(connection):
        logger.info("Adding up anew what was spent, since a migration took the triggers away.")
        with transaction.atomic(using=connection.alias):
            install(connection)
            rebuild(connection)


def _table(table: str, keys: dict[str, str], vendor: str) -> str:
    """The statement that makes a table; ids are its keys, so what belongs to one month of a team stands together."""
    kinds = {name: _TYPES[vendor]["uuid"] for name in keys if name.endswith("_id")}
    kinds |= {name: "date" for name in ("month", "day") if name in keys}
    columns = [f"{name} {kinds.get(name, 'varchar(100)')} NOT NULL" for name in keys]
    columns += [f"{name} bigint NOT NULL" for name in _AMOUNTS]
    ending = " WITHOUT ROWID" if vendor == "sqlite" else ""
    return f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)}, PRIMARY KEY ({', '.join(keys)})){ending}"


def _added(table: str, vendor: str) -> str:
    """The statements that add a new row to its sum. SQLite's own way to do it at once depends on the statement that
    set the trigger off."""
    keys = _KEYS[table]
    none = ", ".join("0" for _amount in _AMOUNTS)
    made = (
        f"INSERT INTO {table} ({', '.join([*keys, *_AMOUNTS])}) SELECT {', '.join(keys.values())}, {none}"
        f" WHERE {_COUNTED[table]}"
    )
    made += (
        " ON CONFLICT DO NOTHING"
        if vendor == "postgresql"
        else f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE {_same(table)})"  # noqa: S608 (constants)
    )
    return _filled(f"{made};\n{_changed(table, '+')};\n", row="NEW", vendor=vendor)


def _removed(table: str, vendor: str) -> str:
    """The statements that take an old row out of its sum, and a sum of nothing away."""
    emptied = f"DELETE FROM {table} WHERE {_same(table)} AND requests = 0"  # noqa: S608 (constants)
    return _filled(f"{_changed(table, '-')};\n{emptied};\n", row="OLD", vendor=vendor)


def _changed(table: str, sign: str) -> str:
    amounts = ", ".join(f"{name} = {name} {sign} ({amount})" for name, amount in _AMOUNTS.items())
    return f"UPDATE {table} SET {amounts} WHERE {_same(table)} AND {_COUNTED[table]}"  # noqa: S608 (constants)


def _same(table: str) -> str:
    return " AND ".join(f"{table}.{name} = {value}" for name, value in _KEYS[table].items())


def _filled(statement: str, *, row: str, vendor: str) -> str:
    """The statement about this row, in the database's own words."""
    kinds = _TYPES[vendor]
    cost, reserved = kinds["micros"].format(f"{row}.cost"), kinds["micros"].format(f"{row}.reserved")
    return statement.format(row=row, cost=cost, reserved=reserved, day=kinds["day"].format(f"{row}.asked_at"))
