"""Threads for work that takes long, shared out fairly: whoever has much of it waits for their own."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from core.web.db import DatabaseThreads

T = TypeVar("T")


class RunByShare(Protocol):
    """Runs work in a thread for somebody, and returns what it returns."""

    async def __call__(self, work: Callable[[], T], *, share: Hashable) -> T: ...


class FairThreads:
    """A few threads with database connections, of which nobody has more than one at a time. Lives in the event loop.

    `share` says for whom the work is done, such as a person's id. Of one share a piece of work waits for the one before
    it, so that somebody else's waits for no more than one of each.
    """

    def __init__(self, name: str, *, count: int) -> None:
        self._threads = DatabaseThreads(name, count=count)
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def connect(self) -> None:
        """Open the connections of all threads. Raises what goes wrong."""
        await self._threads.connect()

    async def run(self, work: Callable[[], T], *, share: Hashable) -> T:
        """Run the work when it is its turn. Raises what the work raises."""
        async with self._turn(share):
            return await self._threads.run(work)

    async def persist(self, work: Callable[[], T], *, share: Hashable, about: str) -> T:
        """Run work that has to be stored, as `DatabaseThreads.persist` does."""
        async with self._turn(share):
            return await self._threads.persist(work, about=about)

    def shutdown(self) -> None:
        """Take no more work; what has begun comes to its end."""
        self._threads.shutdown()

    def _turn(self, share: Hashable) -> asyncio.Lock:
        turn = self._turns.get(share)
        if turn is None:
            turn = self._turns[share] = asyncio.Lock()
        return turn
