"""The two workers of checks in this process: one that makes them, and one that asks models for opinions on them."""

import asyncio

from chat.sources.checks.leases import CONNECTIONS
from chat.sources.checks.opinion_worker import OpinionWorker
from chat.sources.checks.worker import CheckWorker
from chat.sources.copies.fetcher import shared_fetcher
from core.web.db import DatabaseThreads, connect_first
from upstream.registry import Services


class CheckWorkers:
    """Both, with one thread for the database between them."""

    def __init__(self, *, services: Services) -> None:
        threads = DatabaseThreads("checks", count=CONNECTIONS)
        self._checks = CheckWorker(fetcher=shared_fetcher(), threads=threads)
        self._opinions = OpinionWorker(services=services, threads=threads)

    async def connect(self) -> None:
        """Open the connection that both need. Raises what the database says when it cannot be had."""
        await self._checks.connect()

    def open(self) -> None:
        """Begin to work."""
        self._checks.open()
        self._opinions.open()

    async def drain(self, *, grace: float) -> None:
        """Begin nothing new. Checks are left to other processes at once; opinions that are being asked for may come
        for `grace` seconds."""
        await asyncio.gather(self._checks.drain(grace=grace), self._opinions.drain(grace=grace))

    async def close(self) -> None:
        """Stop, with both at rest before the thread that they share is."""
        await self.drain(grace=0)
        await self._opinions.close()
        await self._checks.close()


_workers: CheckWorkers | None = None


async def start_check_workers(*, services: Services) -> CheckWorkers:
    """Begin to make checks in this process, on the running event loop. Raises OutOfConnections."""
    global _workers  # noqa: PLW0603 - one pair per process
    workers = CheckWorkers(services=services)
    await connect_first(workers.connect)
    _workers = workers
    workers.open()
    return workers


async def close_check_workers() -> None:
    """Stop, with what is being done left to somebody else."""
    global _workers
    workers, _workers = _workers, None
    if workers:
        await workers.close()


def current_check_workers() -> CheckWorkers | None:
    """This process's workers; None in a command or a test that serves nobody."""
    return _workers
