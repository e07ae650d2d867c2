"""PgBouncer between Parley and PostgreSQL: sessions of one's own work, shared ones are refused with the reason."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.postgres_cluster import Cluster
from tests.questions import ask, eventually, watch
from tests.serving import Server, free_port
from tests.stores import ROOT, Store, operator_less
from tests.walks import long_walk


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def store(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The cast, on it."""
    return cluster.store(tmp_path_factory.mktemp("pooled") / "data")


@contextmanager
def pooler(cluster: Cluster, mode: str) -> Iterator[str]:
    """A PgBouncer in front of it; gives the address of the database behind it."""
    port = free_port()
    settings = cluster.folder / f"{mode}.ini"
    users = cluster.folder / "users.txt"
    users.write_text('"parley" ""\n')
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={cluster.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {users}\npool_mode = {mode}\ndefault_pool_size = 40\n"
    )
    for file in (settings, users):
        file.chmod(0o644)  # the program reads them as another user
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    user = "postgres" if os.geteuid() == 0 else None
    process = subprocess.Popen(
        [program, str(settings)],
        user=user,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: _listens(port))
        yield f"postgres://parley@127.0.0.1:{port}/parley"
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(store: Store, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**operator_less(), **store.environment(), "PORT": str(free_port())}
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=environ, capture_output=True, text=True)


@long_walk
def test_shared_sessions_are_refused_with_a_way_out(cluster: Cluster, store: Store) -> None:
    with pooler(cluster, "transaction") as url:
        started = run(Store(store.folder, database_url=url), "-m", "config.serve")
        doctor = run(Store(store.folder, database_url=url), "manage.py", "doctor", "--no-address")

    assert started.returncode == 1
    assert started.stderr.startswith("Parley cannot start. DATABASE_URL leads to a pooler that shares sessions")
    assert "Set pool_mode=session" in started.stderr
    assert "Traceback" not in started.stderr
    assert "problem connections: DATABASE_URL leads to a pooler" in doctor.stdout


@long_walk
def test_sessions_of_ones_own_work(cluster: Cluster, store: Store) -> None:
    with pooler(cluster, "session") as url:
        pooled = Store(store.folder, database_url=url)
        doctor = run(pooled, "manage.py", "doctor", "--no-address")
        server = Server(pooled).start()
        try:
            asked = ask(server.client("alice"), "Does it work behind a pooler? #demo:fast")
            article = watch(server.twin().client("bob"), asked)
        finally:
            server.release()
            server.kill()

    assert "ok      connections: Each process may open" in doctor.stdout
    assert article.state == "finished"
