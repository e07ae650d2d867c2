"""A few threads for work that anybody can cause and that takes long, and a line before them in which nobody pushes."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class QueueFull(Exception):
    """There are too many in line, or the turn did not come in time."""


class FairQueue:
    """Runs work in `threads` threads, by turns between those who wait, each with a line of their own.

    Whoever sends much waits behind themselves. At most `most_waiting` wait, each for `longest_wait` seconds; where that
    is too little, the last of the longest line has to go. Belongs to one event loop.
    """

    def __init__(self, *, threads: int, most_waiting: int, longest_wait: float, name: str) -> None:
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._free = threads
        self._most_waiting = most_waiting
        self._longest_wait = longest_wait
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}  # whose turn is next stands first

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return sum(map(len, self._lines.values()))

    async def run(self, line: str, work: Callable[[], Result]) -> Result:
        """What the work returns. Raises QueueFull, and then nothing was done."""
        await self._turn(line)
        loop = asyncio.get_running_loop()

        def has_ended(_: "Future[Result]") -> None:
            loop.call_soon_threadsafe(self._next)

        # Who goes away does not end what a thread has begun: the next one's turn is when it is over.
        running = self._threads.submit(work)
        running.add_done_callback(has_ended)
        return await asyncio.wrap_future(running)

    async def _turn(self, line: str) -> None:
        if self._free:
            self._free -= 1
            return
        if self.waiting >= self._most_waiting:
            self._make_room(line)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(line, deque()).append(turn)
        try:
            async with asyncio.timeout(self._longest_wait):
                await asyncio.shield(turn)
        except BaseException as stopped:
            self._give_up(line, turn)
            if isinstance(stopped, TimeoutError):
                raise QueueFull from None
            raise

    def _make_room(self, line: str) -> None:
        """Send away the last of the longest line. Raises QueueFull if that is the newcomer's."""
        longest = max(self._lines, key=lambda name: len(self._lines[name]))
        if len(self._lines[longest]) <= len(self._lines.get(line, ())) + 1:
            raise QueueFull
        last = self._lines[longest].pop()
        last.set_exception(QueueFull())

    def _give_up(self, line: str, turn: "asyncio.Future[None]") -> None:
        waiting = self._lines.get(line)
        if waiting and turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._lines[line]
        elif turn.done() and not turn.exception():  # it had just come
            self._next()

    def _next(self) -> None:
        """Let the first of the line whose turn it is begin, and put that line behind the others."""
        if not self._lines:
            self._free += 1
            return
        line, waiting = next(iter(self._lines.items()))
        del self._lines[line]
        turn = waiting.popleft()
        if waiting:
            self._lines[line] = waiting
        turn.set_result(None)
