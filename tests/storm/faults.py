"""What the storm does: one thing after another breaks for some seconds, and is put right."""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg

from tests.serving import Server
from tests.stores import FILE
from tests.storm.deployment import Deployment, workers_of
from tests.storm.upstream import StormUpstream

PAUSE = (2.0, 5.0)  # seconds between two faults
MOODS = ("well", "stalls", "well", "errs", "well", "cuts")
MOOD_LASTS = (4.0, 9.0)  # seconds

Say = Callable[[str], None]


class Faults:
    """Breaks things in a deployment until it is told to stop."""

    def __init__(self, deployment: Deployment, upstream: StormUpstream, chance: random.Random) -> None:
        self.done: Counter[str] = Counter()
        self._deployment = deployment
        self._upstream = upstream
        self._chance = chance
        self._running: asyncio.Future[None] | None = None

    async def rage(self, say: Say) -> None:
        """One fault after the other, each at least once in a round. To be cancelled between two of them."""
        while True:
            faults = self._all()
            self._chance.shuffle(faults)
            for fault in faults:
                name = fault.__name__.strip("_").replace("_", " ")
                say(name)
                self._running = asyncio.ensure_future(fault())
                await asyncio.shield(self._running)
                self.done[name] += 1
                await asyncio.sleep(self._chance.uniform(*PAUSE))

    async def calm(self) -> None:
        """Wait until what is broken right now is put right."""
        if self._running:
            await self._running

    async def moods(self) -> None:
        """Let the upstream change its mood. To be cancelled."""
        try:
            while True:
                for mood in MOODS:
                    self._upstream.mood = mood
                    await asyncio.sleep(self._chance.uniform(*MOOD_LASTS))
        finally:
            self._upstream.mood = "well"

    def _all(self) -> list[Callable[[], Awaitable[None]]]:
        always = [self._kill_a_worker, self._kill_a_server, self._stop_a_server, self._suspend_a_worker]
        if self._deployment.postgresql:
            return [
                *always,
                self._database_away,
                self._way_to_the_database_cut,
                self._row_locked,
                self._out_of_connections,
                self._reply_lost,
                self._reply_lost,
                self._storage_away,
            ]
        return [*always, self._file_locked, self._disk_full]

    def _server(self) -> Server:
        return self._chance.choice(self._deployment.servers)

    async def _kill_a_worker(self) -> None:
        for pid in workers_of(self._server())[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def _kill_a_server(self) -> None:
        server = self._server()
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(self._chance.uniform(0.5, 3))
        await asyncio.to_thread(server.start)

    async def _stop_a_server(self) -> None:
        await asyncio.to_thread(self._server().restart)

    async def _suspend_a_worker(self) -> None:
        for pid in workers_of(self._server())[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(self._chance.choice((2, 12)))  # less than a lease lasts, and more
                os.kill(pid, signal.SIGCONT)

    async def _database_away(self) -> None:
        cluster = self._deployment.cluster
        assert cluster
        await asyncio.to_thread(cluster.stop)
        await asyncio.sleep(self._chance.uniform(1, 6))
        await asyncio.to_thread(cluster.start)

    async def _way_to_the_database_cut(self) -> None:
        way = self._deployment.database
        assert way
        way.shut = True
        await asyncio.sleep(self._chance.uniform(0, 4))
        way.shut = False

    async def _row_locked(self) -> None:
        await asyncio.to_thread(self._lock_row, self._chance.uniform(5, 12))

    def _lock_row(self, seconds: float) -> None:
        with psycopg.connect(self._deployment.store.database_url) as connection:
            connection.execute(
                "SELECT id FROM chat_answer WHERE state IN ('waiting', 'writing')"
                " ORDER BY created_at LIMIT 1 FOR UPDATE"
            )
            connection.execute("SELECT pg_sleep(%s)", [seconds])

    async def _out_of_connections(self) -> None:
        held: list[psycopg.Connection[tuple[object, ...]]] = []
        try:
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    held.append(await asyncio.to_thread(psycopg.connect, self._deployment.store.database_url))
            for pid in self._deployment.workers()[:1]:  # which then finds no connection when it comes back
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(self._chance.uniform(3, 8))
        finally:
            for connection in held:
                connection.close()

    async def _reply_lost(self) -> None:
        way = self._deployment.database
        assert way
        way.lose_a_commit()
        await asyncio.sleep(1)

    async def _storage_away(self) -> None:
        way = self._deployment.storage
        assert way
        way.shut = True
        await asyncio.sleep(self._chance.uniform(2, 6))
        way.shut = False

    async def _file_locked(self) -> None:
        await asyncio.to_thread(self._lock_file)

    def _lock_file(self) -> None:
        connection = sqlite3.connect(self._deployment.store.folder / FILE, timeout=10, isolation_level=None)
        with contextlib.closing(connection), contextlib.suppress(sqlite3.OperationalError):
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(self._chance.choice((2, 9)))
            connection.execute("ROLLBACK")

    async def _disk_full(self) -> None:
        ballast = self._deployment.disk / "ballast"
        await asyncio.to_thread(_fill, ballast)
        await asyncio.sleep(self._chance.uniform(3, 8))
        ballast.unlink()


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(1024 * 1024)):
            pass
