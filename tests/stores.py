"""A server's data: a folder with the cast in it and a database, on SQLite or, where DATABASE_URL says so, PostgreSQL.

One template is prepared per test run; each server gets a copy of it, which takes milliseconds.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from config.file_lock import file_lock
from tests.environment import OF_THE_TESTS, forget_the_operator

ROOT = Path(__file__).resolve().parent.parent
FILE = "parley.sqlite3"
MIGRATED = "migrated.sqlite3"  # in a template's folder: what a database is before anybody has come
WITH_MIGRATED = "--migrated"
MIGRATED_SUFFIX = "_migrated"  # what the name of that database ends with on PostgreSQL
KEPT = {"secret_key", "sessions.json", FILE, f"{FILE}-wal", f"{FILE}-shm"}  # where everything is put back


def operator_less() -> dict[str, str]:
    """The environment of a test's child process: no operator's settings, and the product's settings module.

    Sonar answers in the demo.
    """
    environ = dict(os.environ)
    forget_the_operator(environ)
    environ.update(OF_THE_TESTS)
    environ.update(DJANGO_SETTINGS_MODULE="config.settings", PYTHONUNBUFFERED="1")
    return environ


class Store:
    """One data folder with its database, and a plain view into the latter for assertions.

    `tree` is the folder whose code made it and serves it: this one, or another commit's with an environment of its own.
    """

    def __init__(self, folder: Path, *, database_url: str = "", tree: Path = ROOT) -> None:
        self.folder = folder
        self.database_url = database_url
        self.tree = tree

    @classmethod
    def template(cls, folder: Path, *, tree: Path = ROOT, with_migrated: bool = False) -> "Store":
        """A freshly migrated store with the cast, to copy from; `with_migrated` also for `copy_migrated`."""
        store = cls.empty(folder, tree=tree)
        environ = {**operator_less(), **store.environment()}
        seed = [store.python, "-m", "tests.seed", *([WITH_MIGRATED] if with_migrated else [])]
        done = subprocess.run(seed, cwd=tree, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return store

    @classmethod
    @contextlib.contextmanager
    def shared_template(cls, folder: Path) -> Iterator["Store"]:
        """The template of all processes of a test run: who comes first makes it while the others wait, and who leaves
        last drops it. Nobody may be connected to it: on PostgreSQL, others copy from it."""
        folder.mkdir(parents=True, exist_ok=True)
        made, address = folder / "data", folder / "database_url"
        using = folder / f"used-by-{os.getpid()}"
        with file_lock(folder / ".making"):
            if address.exists():
                store = cls(made, database_url=address.read_text())
            else:
                store = cls.template(made, with_migrated=True)
                address.write_text(store.database_url)
            using.touch()
        yield store
        with file_lock(folder / ".making"):
            using.unlink()
            if not any(folder.glob("used-by-*")):
                store.drop()
                address.unlink()
                shutil.rmtree(made)

    def copy_migrated(self, name: str) -> None:
        """Make the database `name` (on SQLite a file), in which is what is in a database that has just been migrated.
        For templates."""
        if self.is_postgresql:
            _create_database(name, template=_name(self.database_url) + MIGRATED_SUFFIX)
        else:
            shutil.copy(self.folder / MIGRATED, name)

    @classmethod
    def empty(cls, folder: Path, *, tree: Path = ROOT) -> "Store":
        """A store in which nothing is, as on a fresh machine."""
        folder.mkdir(parents=True)
        return cls(folder, database_url=_create_database(), tree=tree)

    def copy(self, folder: Path) -> "Store":
        """A store of one's own. Only while nobody is connected to this one."""
        folder.mkdir(parents=True)
        for name in ("secret_key", "sessions.json"):
            shutil.copy(self.folder / name, folder / name)
        (folder / "static").symlink_to(self.folder / "static")
        if self.is_postgresql:
            url = _create_database(template=_name(self.database_url))
            return Store(folder, database_url=url, tree=self.tree)
        shutil.copy(self.folder / FILE, folder / FILE)
        return Store(folder, tree=self.tree)

    def put_back(self, template: "Store") -> None:
        """Make files and rows again what they are in the template, of which this is a copy. A server may run on it, but
        not be at work."""
        for path in self.folder.rglob("*"):  # which does not follow the link to the static files
            kept = path.name in KEPT or path.suffix == ".log" or path.name.startswith(".serving-")
            if path.is_file() and not path.is_symlink() and not kept:
                path.unlink()
        if self.is_postgresql:
            _put_back_postgres(template.database_url, self.database_url)
            return
        with (
            contextlib.closing(sqlite3.connect(template.folder / FILE, timeout=10)) as whence,
            contextlib.closing(sqlite3.connect(self.folder / FILE, timeout=10)) as whither,
        ):
            whence.backup(whither)

    @property
    def python(self) -> str:
        """The Python that runs the tree's code."""
        return sys.executable if self.tree == ROOT else str(self.tree / ".venv" / "bin" / "python")

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL; else it is SQLite."""
        return bool(self.database_url)

    def environment(self) -> Mapping[str, str]:
        """The settings that point a process at this store."""
        place = {"DATA_DIR": str(self.folder)}
        return {**place, "DATABASE_URL": self.database_url} if self.is_postgresql else place

    def sessions(self) -> dict[str, str]:
        """Each person's session key."""
        return dict(json.loads((self.folder / "sessions.json").read_text()))

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the statement returns; `?` stands for a parameter. Changes are committed."""
        if self.is_postgresql:
            with psycopg.connect(self.database_url) as postgres:
                cursor = postgres.execute(sql.replace("?", "%s"), params or None)
                return cursor.fetchall() if cursor.description else []
        with contextlib.closing(sqlite3.connect(self.folder / FILE, timeout=10)) as sqlite, sqlite:
            return sqlite.execute(sql, params).fetchall()

    def identifier(self, value: str | uuid.UUID) -> Any:
        """A public id as this database keeps it, for parameters of `rows`."""
        return uuid.UUID(str(value)) if self.is_postgresql else uuid.UUID(str(value)).hex

    def drop(self) -> None:
        """Remove the database; the folder belongs to the test run."""
        if self.is_postgresql:
            with psycopg.connect(_maintenance(), autocommit=True) as postgres:
                for name in (_name(self.database_url), _name(self.database_url) + MIGRATED_SUFFIX):
                    postgres.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _maintenance() -> str:
    """The PostgreSQL address the tests were given; empty when they run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


def _create_database(name: str = "", *, template: str = "template0") -> str:
    """The address of a new PostgreSQL database; empty when the tests run on SQLite."""
    maintenance = _maintenance()
    if not maintenance:
        return ""
    name = name or f"parley_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(maintenance, autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlsplit(maintenance)._replace(path=f"/{name}").geturl()


def _put_back_postgres(template: str, copy: str) -> None:
    """Give the tables and sequences of the copy what those of the template have."""
    with psycopg.connect(template) as whence, psycopg.connect(copy) as whither:
        tables = [name for (name,) in whence.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        names = {name: Identifier(name) for name in tables}
        whither.execute("SET session_replication_role = replica")  # in any order, and no trigger does it again
        whither.execute(SQL("TRUNCATE {}").format(SQL(", ").join(names.values())))
        for name in names.values():
            if whence.execute(SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
                reading = whence.cursor().copy(SQL("COPY {} TO STDOUT").format(name))
                writing = whither.cursor().copy(SQL("COPY {} FROM STDIN").format(name))
                with reading as rows, writing as table:
                    for part in rows:
                        table.write(part)
        for sequence, last in whence.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall():
            whither.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{sequence}"', last or 1, last is not None])


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")
