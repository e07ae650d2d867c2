"""What a word costs where two processes share the database, against one with the same load."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import psycopg

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from benchmarks.streaming import watched
from tests.serving import Server

LOAD: dict[str, Any] = {"answers": 100, "rate": 10, "chunks": 150, "spread": 2.0, "watchers": ["alice"]}
LOOK_EVERY = 0.25  # seconds between two looks at the database's counter
TOLD_LATE = 0.5  # seconds: PostgreSQL's processes tell the counter once a second what they have committed


def two_processes(bench: Bench) -> Figures:
    """CPU of the servers per word, transactions per thousand words (PostgreSQL alone counts them), delay. With two,
    half of the answers of either process are watched at the other."""
    found: Figures = {}
    for name in ("one", "two"):
        with bench.serving() as server, contextlib.ExitStack() as stack:
            servers = [server]
            if name == "two":
                twin = server.twin()
                stack.callback(twin.kill)
                servers.append(twin)
            commits = stack.enter_context(_counted_commits(server, bench))
            seen = watched(
                bench,
                server,
                servers=[one.url.removeprefix("http://") for one in servers],
                pids=[pid for one in servers for pid in processes.family(one.pid)],
                **LOAD,
            )
            assert seen["complete"] == LOAD["answers"], f"only {seen['complete']} answers whole with {name}"
            found |= {f"{name}.cpu": seen["cpu_per_chunk"], f"{name}.p50": seen["p50"], f"{name}.p99": seen["p99"]}
            if commits:
                since, until = (count_at(commits, at / 1e9 + TOLD_LATE) for at in seen["steady"])
                found[f"{name}.commits"] = (until - since) / seen["steady_words"] * 1000
    return found


def count_at(counted: list[tuple[float, int]], moment: float) -> int:
    """What the counter said last until then."""
    return max((count for at, count in counted if at <= moment), default=counted[0][1])


@contextlib.contextmanager
def _counted_commits(server: Server, bench: Bench) -> Iterator[list[tuple[float, int]]]:
    """The transactions that the server's database had committed, looked at again and again, with the seconds since the
    start of the run; empty on SQLite, which does not count them."""
    counted: list[tuple[float, int]] = []
    over = threading.Event()

    def count() -> None:
        with psycopg.connect(server.store.database_url, autocommit=True) as postgres:
            own = 0
            while not over.wait(LOOK_EVERY):
                row = postgres.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
                counted.append((processes.now(bench.base) / 1e9, row.fetchone()[0] - own))  # type: ignore[index]
                own += 1

    thread = threading.Thread(target=count)
    if server.store.is_postgresql:
        thread.start()
    try:
        yield counted
    finally:
        over.set()
        if server.store.is_postgresql:
            thread.join()
