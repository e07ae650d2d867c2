"""A PostgreSQL server of a test's own, which it may stop, starve and start again."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from tests.serving import free_port
from tests.stores import ROOT, Store, operator_less

PATIENCE = 30  # seconds for the server to come up or to leave


class Cluster:
    """One PostgreSQL server on a port of its own. `settings` are as in postgresql.conf: `max_connections=30`.

    Raises FileNotFoundError where PostgreSQL is not installed.
    """

    def __init__(self, *settings: str) -> None:
        self.port = free_port()
        self._settings = settings
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        initdb = str(found[-1]) if found else shutil.which("initdb")
        if initdb is None:
            raise FileNotFoundError("These tests need PostgreSQL on this machine: apt-get install postgresql")
        self._programs = Path(initdb).parent
        self.folder = Path(tempfile.mkdtemp(prefix="parley-postgres-"))
        if self._has_to_change_user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        with self.connect() as admin:
            admin.execute("CREATE ROLE parley LOGIN")
            admin.execute("CREATE DATABASE parley OWNER parley")

    @property
    def url(self) -> str:
        """The address of a database for an owner without further rights."""
        return f"postgres://parley@127.0.0.1:{self.port}/parley"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of its administrator, who is let in when nobody else is."""
        return psycopg.connect(f"postgres://postgres@127.0.0.1:{self.port}/{database}", autocommit=True)

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        options = ["listen_addresses=127.0.0.1", "fsync=off", *self._settings]
        words = " ".join(f"-c {option}" for option in options)
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder}/log", f"--options=-p {self.port} -k '' {words}")

    def stop(self) -> None:
        """Stop at once, as a crash does: connections break, and what was committed is kept."""
        self._run("pg_ctl", "stop", "--mode=immediate", "--wait")

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def store(self, folder: Path) -> Store:
        """Data with the cast, in the database at `url`."""
        folder.mkdir(parents=True)
        store = Store(folder, database_url=self.url)
        environ = {**operator_less(), **store.environment()}
        subprocess.run([sys.executable, "-m", "tests.seed"], cwd=ROOT, env=environ, check=True)
        return store

    @property
    def _has_to_change_user(self) -> bool:
        """PostgreSQL does not run as root; Debian's package brings a user for it."""
        return os.geteuid() == 0

    def _run(self, program: str, *arguments: str) -> None:
        words: Sequence[str] = [str(self._programs / program), f"--pgdata={self.folder}/data", *arguments]
        user = pwd.getpwnam("postgres").pw_name if self._has_to_change_user else None
        subprocess.run(
            words,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE,
        )
