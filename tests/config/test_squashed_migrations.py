"""An empty database takes migrations that replace many others, and becomes what those make of it one by one."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.config.archives import Members, backed_up, manage, restored, rewritten
from tests.stores import FILE, Store

ONE_BY_ONE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations=False)
plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
executor.migrate(None, plan=[step for step in plan if not step[0].replaces])
"""
# Where Django made a table anew on SQLite, as for another kind of column, columns may stand in another order.
SCHEMA = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,"
        " pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
        " WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    ],
}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@pytest.fixture
def migrated(mould: Store, tmp_path: Path) -> Iterator[Store]:
    """A store that has just been migrated, as Parley does it."""
    folder = tmp_path / "migrated"
    folder.mkdir()
    if mould.is_postgresql:
        name = f"parley_test_{uuid.uuid4().hex[:12]}"
        mould.copy_migrated(name)
        store = Store(folder, database_url=urlsplit(mould.database_url)._replace(path=f"/{name}").geturl())
    else:
        mould.copy_migrated(str(folder / FILE))
        store = Store(folder)
    yield store
    store.drop()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A store in which nothing is."""
    store = Store.empty(tmp_path / "empty")
    yield store
    store.drop()


def schema(store: Store) -> list[list[str]]:
    """Tables, indexes, triggers, functions, whatever blanks stand between the words and in which order columns come."""
    found = [" ".join(map(str, row)).split() for sql in SCHEMA[vendor(store)] for row in store.rows(sql)]
    return sorted(sorted(part.rstrip(")") for part in " ".join(words).split(", ")) for words in found)


def rows(store: Store) -> dict[str, list[str]]:
    """What stands in each table; of migrations, which were applied, whenever that was."""
    tables = {name for (name,) in store.rows(TABLES[vendor(store)])} - {"django_migrations"}
    held = {name: store.rows(f'SELECT * FROM "{name}"') for name in tables}
    held["django_migrations"] = store.rows("SELECT app, name FROM django_migrations")
    return {name: sorted(map(repr, found)) for name, found in held.items()}


def vendor(store: Store) -> str:
    return "postgresql" if store.is_postgresql else "sqlite"


def test_squashed_migrations_make_the_same_database_as_those_they_replace(migrated: Store, empty: Store) -> None:
    done = manage(empty, "shell", "-v", "0", "-c", ONE_BY_ONE)
    assert done.returncode == 0, done.stderr
    applied = "SELECT count(*) FROM django_migrations WHERE name LIKE '0001_squashed_%'"
    joined = empty.rows(applied)

    nothing = manage(empty, "migrate", "--check")
    noted = manage(empty, "migrate", "--no-input")

    assert nothing.returncode == noted.returncode == 0, nothing.stdout + noted.stderr
    assert joined == empty.rows(applied) == migrated.rows(applied) == [(5,)]
    assert schema(empty) == schema(migrated)
    assert rows(empty) == rows(migrated)


def test_a_backup_made_before_there_were_squashed_migrations_comes_back(
    migrated: Store, empty: Store, tmp_path: Path
) -> None:
    def without(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        applied = len(manifest["migrations"])
        manifest["migrations"] = [one for one in manifest["migrations"] if "_squashed_" not in one[1]]
        assert len(manifest["migrations"]) == applied - 5
        members["manifest.json"] = json.dumps(manifest).encode()

    restored(empty, rewritten(backed_up(migrated, tmp_path / "now.tar"), tmp_path / "before.tar", without))

    assert schema(empty) == schema(migrated)
    assert rows(empty) == rows(migrated)
