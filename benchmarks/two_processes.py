"""What a word costs where two processes share the database, against one with the same load."""

import contextlib
import time
from typing import Any

import psycopg

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from benchmarks.streaming import watched
from tests.serving import Server

LOAD: dict[str, Any] = {"answers": 100, "rate": 10, "chunks": 120, "spread": 2.0, "watchers": ["alice"]}
TOLD_WITHIN = 1.5  # seconds that PostgreSQL takes to count what was committed


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
            before = _commits(server)
            seen = watched(
                bench,
                server,
                servers=[one.url.removeprefix("http://") for one in servers],
                pids=[pid for one in servers for pid in processes.family(one.pid)],
                **LOAD,
            )
            assert seen["complete"] == LOAD["answers"], f"only {seen['complete']} answers whole with {name}"
            found |= {f"{name}.cpu": seen["cpu_per_chunk"], f"{name}.p50": seen["p50"], f"{name}.p99": seen["p99"]}
            if server.store.is_postgresql:
                found[f"{name}.commits"] = (_commits(server) - before) / seen["words"] * 1000
    return found


def _commits(server: Server) -> int:
    """The transactions that the server's database has committed."""
    if not server.store.is_postgresql:
        return 0
    time.sleep(TOLD_WITHIN)
    with psycopg.connect(server.store.database_url) as postgres:
        row = postgres.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row
    return int(row[0])
