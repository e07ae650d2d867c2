"""The event log: one per process, which commits the entries of all running answers together.

The way of a chunk: the upstream's bytes become events (`upstream.client`), an event becomes an entry (`recorder`),
entries are committed here, and what is committed becomes frames for the viewers (`chat.live.broadcast`).

Writing every chunk of every answer in a transaction of its own would cost more than everything else Parley does.
So entries are gathered and committed in one transaction: at once when nothing was committed lately, and then at most
every `pause` seconds. Text that comes in between grows the entry that waits already. Only what is committed is handed
on to viewers: whoever has read a word can read it again after a crash.

A timer commits in the event loop where that waits for nothing. Where it has to wait, a task does that; what is added
meanwhile comes after it. So there is one commit at a time, and nothing wakes for an entry by itself.

An answer whose row somebody has locked is left out until it is free, and holds up no other. Where the database went
away in the middle of a commit, nobody knows whether it happened: what is found there of one's own is not written again.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection

from chat.answers import log_rows
from chat.answers.transcript import Entry, Kind
from core import measures
from core.web.db import AWAY, is_held_up_by_a_lock
from core.web.outages import tell_outage

logger = logging.getLogger(__name__)

T = TypeVar("T")

_GROWING = {Kind.TEXT, Kind.REASONING}
_PAUSES_WHILE_AWAY = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds
_PAUSE_WHILE_LOCKED = 0.5  # seconds
_TRUSTED_FOR = 1.0  # seconds after a commit in which nobody has to look whether there can be another
_LOOKS_FOR = 3.0  # seconds


class Fenced(Exception):
    """No more of this answer can be written, mostly because somebody else has ended it and its next number is taken
    (`taken`)."""

    def __init__(self, *, taken: bool = False) -> None:
        super().__init__()
        self.taken = taken


class LogWriter:
    """What one running answer still has to commit. Made by whoever holds the answer's lease, used by nobody else."""

    def __init__(self, answer_id: UUID, *, seq: int = 0) -> None:
        self.answer_id = answer_id
        self.seq = seq
        self.fenced = False
        self.taken = False  # its number, by somebody else
        self.waiting: list[tuple[str, Any]] = []
        self.uncommitted: list[Entry] = []
        self.in_doubt = False  # whether that may be committed already, without our having heard of it
        self.locked_until = 0.0  # when it is tried again, by the loop's clock; 0 where it is not known to be locked
        self.size = 0

    def put(self, kind: str, data: Any) -> None:
        """Add an entry; text continues the text entry before it."""
        if kind in _GROWING:
            self.size += len(data)
            if self.waiting and self.waiting[-1][0] == kind:
                self.waiting[-1][1].append(data)
                return
            data = [data]
        self.waiting.append((kind, data))

    def take(self) -> list[Entry]:
        """Number what waits and hand it over to be committed; what was handed over before and is not committed yet,
        comes first and alone."""
        if not self.uncommitted:
            self.uncommitted = [
                Entry(self.seq + offset, kind, "".join(data) if kind in _GROWING else data)
                for offset, (kind, data) in enumerate(self.waiting, start=1)
            ]
            self.seq += len(self.uncommitted)
            self.waiting = []
            self.size = 0
        return self.uncommitted

    def committed(self) -> None:
        """What was handed over is committed."""
        self.uncommitted = []
        self.in_doubt = False
        self.locked_until = 0.0


Batch = list[tuple[LogWriter, list[Entry]]]


class LogDatabase(Protocol):
    """How the log writes into one kind of database. All raise Django's errors."""

    async def connect(self) -> None: ...
    def store_at_once(self, batch: log_rows.Batch) -> bool: ...
    async def store(self, batch: log_rows.Batch) -> None: ...
    async def is_stored(self, answer_id: UUID, entries: Sequence[Entry]) -> bool: ...
    async def look(self) -> None: ...
    async def close(self) -> None: ...


def _database() -> LogDatabase:
    """The one that Parley stores in. The other one's driver is not loaded."""
    if connection.vendor == "postgresql":
        from chat.answers.event_log_postgres import PostgresLog

        return PostgresLog()
    from chat.answers.event_log_sqlite import SqliteLog

    return SqliteLog()


class EventLog:
    """Commits what the writers hold. `on_commit` is called in the event loop with each answer's new entries; `pause`
    are the seconds from one commit to the next, and may be set at any time."""

    MOST_UNCOMMITTED = 262_144  # characters per answer; beyond that the upstream has to wait for the database

    def __init__(self, *, on_commit: Callable[[UUID, list[Entry]], None], pause: float = 0.05) -> None:
        self.pause = pause
        self._on_commit = on_commit
        self._database = _database()
        self._dirty: set[LogWriter] = set()
        self._waiting: list[tuple[LogWriter, asyncio.Future[None]]] = []
        self._began = float("-inf")  # with the latest commit, by the loop's clock
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None  # of a commit that has to wait
        self._look: asyncio.Task[bool] | None = None
        self._is_away = False
        self._went_well_at = float("-inf")  # by the loop's clock

    def open(self) -> None:
        """Begin to commit. Needs a running event loop."""
        self._task = asyncio.create_task(self._prepare(), name="event-log")

    async def connect(self) -> None:
        """Open the log's connection. Raises what the database says when it cannot be had."""
        await self._database.connect()

    async def close(self) -> None:
        """Stop committing. Everything added must have been settled before."""
        self._dirty = set()
        if self._timer:
            self._timer.cancel()
        tasks = [task for task in (self._task, self._look) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._database.close()

    def add(self, writer: LogWriter, kind: str, data: Any) -> None:
        """Have the entry committed soon.

        Raises Fenced when the answer has been ended by somebody else.
        """
        if writer.fenced:
            raise Fenced(taken=writer.taken)
        writer.put(kind, data)
        if writer not in self._dirty:
            self._dirty.add(writer)
            self._commit_soon()

    async def settled(self, writer: LogWriter) -> None:
        """Wait until everything that was added with this writer is committed. Raises Fenced as `add` does."""
        if writer in self._dirty:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append((writer, future))
            await future
        if writer.fenced:
            raise Fenced(taken=writer.taken)

    async def room_for(self, writer: LogWriter) -> None:
        """Hold the upstream back while the database does not keep up."""
        if writer.size > self.MOST_UNCOMMITTED:
            await self.settled(writer)

    async def can_write(self) -> bool:
        """Whether this process can commit entries right now. Takes _LOOKS_FOR seconds at most."""
        if self._is_away:
            return False
        if asyncio.get_running_loop().time() < self._went_well_at + _TRUSTED_FOR:
            return True
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._is_there())
        done, _ = await asyncio.wait([self._look], timeout=_LOOKS_FOR)  # one look is enough, and is not broken off
        return any(look.result() for look in done if not look.cancelled())

    async def _is_there(self) -> bool:
        try:
            await self._database.look()
        except AWAY:
            return False
        self._went_well_at = asyncio.get_running_loop().time()
        return True

    async def _prepare(self) -> None:
        """Have the connection there before anybody asks."""
        try:
            with contextlib.suppress(DatabaseError):  # what it is shows with the first entry
                await self._patiently(self._database.look)
        finally:
            self._task = None
            self._commit_soon()

    def _commit_soon(self) -> None:
        """Set the timer, unless it is set, or a commit waits: that sets it when it is done."""
        if self._dirty and self._timer is None and self._task is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, self._began + self.pause - loop.time()), self._commit_now)

    def _commit_now(self) -> None:
        """Commit what waits, here where that can be, else in a task."""
        self._timer = None
        self._began = asyncio.get_running_loop().time()
        batch = [(writer, writer.take()) for writer in self._dirty if not writer.locked_until]
        locked = min((w for w in self._dirty if w.locked_until), key=lambda writer: writer.locked_until, default=None)
        began = time.monotonic()
        try:
            is_committed = self._database.store_at_once(_named(batch))
        except AWAY:
            is_committed = False
            _doubt(batch)
        if is_committed:
            measures.COMMITS.observe(time.monotonic() - began)
            self._went_well(self._began)
            try:
                self._tell(batch)
            finally:
                self._finish()
        else:
            # One at a time: each may have to wait for its lock, and the others wait meanwhile.
            due = [(locked, locked.take())] if locked and locked.locked_until <= self._began else []
            self._task = asyncio.create_task(self._commit_patiently(batch, due), name="event-log")

    async def _commit_patiently(self, *batches: Batch) -> None:
        """Commit the batches one after another, however long that takes."""
        try:
            for batch in filter(None, batches):
                for writer in await self._commit(batch):
                    writer.locked_until = asyncio.get_running_loop().time() + _PAUSE_WHILE_LOCKED
                self._tell(batch)
        finally:
            self._task = None
            self._finish()

    def _tell(self, batch: Batch) -> None:
        """Hand on what is committed of the batch."""
        committed = [(writer, entries) for writer, entries in batch if not writer.fenced and not writer.locked_until]
        for writer, _entries in committed:
            writer.committed()
        for writer, entries in committed:
            self._on_commit(writer.answer_id, entries)

    def _finish(self) -> None:
        """Wake those whose entries are all committed, and go on with the others."""
        self._dirty = {w for w in self._dirty if not w.fenced and (w.waiting or w.uncommitted)}
        if self._waiting:
            for writer, future in self._waiting:
                if writer not in self._dirty and not future.done():
                    future.set_result(None)
            self._waiting = [one for one in self._waiting if not one[1].done()]
        self._commit_soon()

    async def _commit(self, batch: Batch) -> list[LogWriter]:
        """Commit the batch, however long the database is away. Returns the writers whose answer is locked. Those that
        were fenced are marked, not written: what one answer holds must never keep the others from being written."""
        for writer, _entries in batch:
            writer.locked_until = 0.0
        began = time.monotonic()
        try:
            await self._patiently(lambda: self._database.store(_named(batch)), when_broken_off=lambda: _doubt(batch))
        except Exception as fault:
            refusal = fault
        else:
            measures.COMMITS.observe(time.monotonic() - began)
            return []
        if len(batch) > 1:
            return [writer for item in batch for writer in await self._commit([item])]
        [(writer, entries)] = batch
        if is_held_up_by_a_lock(refusal):
            return [writer]
        taken = isinstance(refusal, IntegrityError)
        if (
            taken
            and writer.in_doubt
            and await self._patiently(lambda: self._database.is_stored(writer.answer_id, entries))
        ):
            return []
        writer.fenced, writer.taken = True, taken
        level = logging.INFO if taken else logging.ERROR
        logger.log(level, "Answer %s cannot be written any more: %s", writer.answer_id, refusal)
        return []

    async def _patiently(
        self, work: Callable[[], Awaitable[T]], *, when_broken_off: Callable[[], None] = lambda: None
    ) -> T:
        """Have the database do the work, again and again while it is away. Raises what else it raises, and what becomes
        of it at a lock."""
        attempt = 0
        while True:
            try:
                result = await work()
            except AWAY as fault:
                if is_held_up_by_a_lock(fault):
                    raise
                self._is_away = True
                when_broken_off()
                pause = _PAUSES_WHILE_AWAY[min(attempt, len(_PAUSES_WHILE_AWAY) - 1)]
                tell_outage(fault, during="The log cannot be written right now")
                attempt += 1
                await asyncio.sleep(pause)
            else:
                self._went_well(asyncio.get_running_loop().time())
                return result

    def _went_well(self, at: float) -> None:
        self._is_away = False
        self._went_well_at = at


def _doubt(batch: Batch) -> None:
    for writer, _entries in batch:
        writer.in_doubt = True


def _named(batch: Batch) -> log_rows.Batch:
    return [(writer.answer_id, entries) for writer, entries in batch]
