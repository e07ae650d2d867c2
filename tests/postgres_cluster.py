"""A PostgreSQL server of a test's own, which may be stopped, filled up and cut off without harming anybody."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.serving import free_port

USER = "parley"


class PostgresCluster:
    """One server with an empty database `postgres`, on a port of the loopback, without passwords.

    `options` are the server's own, as in `{"max_connections": "30"}`. Raises AssertionError where PostgreSQL is not
    installed.
    """

    def __init__(self, folder: Path, *, options: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"postgres://{USER}@127.0.0.1:{self.port}/postgres"
        self._data = folder / "cluster"
        self._log = folder / "cluster.log"
        self._folder = folder
        given = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "''",
            "fsync": "off",
            **(options or {}),
        }
        self._options = " ".join(f"-c {name}={value}" for name, value in given.items())
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
        assert found, "PostgreSQL's own programs are not here: install the package postgresql"
        self._programs = found[-1]
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self._run(
            "initdb", "--pgdata", str(self._data), "--username", USER, "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip

    def start(self) -> "PostgresCluster":
        """Start, and wait until it takes connections."""
        self._run(
            "pg_ctl", "--pgdata", str(self._data), "--log", str(self._log), "--wait", "--silent", "--options",
            self._options, "start",
        )  # fmt: skip
        return self

    def stop(self, mode: str = "fast") -> None:
        """Stop: `fast` ends every connection, `immediate` does so as a power cut would."""
        self._run("pg_ctl", "--pgdata", str(self._data), "--mode", mode, "--wait", "--silent", "stop")

    def close(self) -> None:
        """End it, whatever it is doing; the folder belongs to the test run."""
        if (self._data / "postmaster.pid").exists():
            self.stop("immediate")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:  # as whom PostgreSQL does not run
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr}"
