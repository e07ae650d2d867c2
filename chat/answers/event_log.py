"""The event log: one task per process commits the entries of all running answers together.

The way of a chunk: the upstream's bytes become events (`upstream.client`), an event becomes an entry (`recorder`),
entries are committed here, and what is committed becomes frames for the viewers (`chat.live.broadcast`).

Writing every chunk of every answer in a transaction of its own would cost more than everything else Parley does.
So entries are gathered and committed in one transaction: at once when nothing was committed lately, and then at most
every `pause` seconds. Text that comes in between grows the entry that waits already. Only what is committed is handed
on to viewers: whoever has read a word can read it again after a crash.

An answer whose row somebody has locked is left out until it is free, and holds up no other. Where the database went
away in the middle of a commit, nobody knows whether it happened: what is found there of one's own is not written again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, connections, transaction

from chat.answers.notify import notify_processes
from chat.answers.transcript import Entry, Kind
from chat.models import Answer, LogEntry
from core.web.db import AWAY, is_held_up_by_a_lock, limit_lock_wait
from core.web.outages import tell_outage

logger = logging.getLogger(__name__)

T = TypeVar("T")

_GROWING = {Kind.TEXT, Kind.REASONING}
_PAUSES_WHILE_AWAY = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds
_LOCK_WAIT = 0.1  # seconds
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
        self.locked_until = 0.0


Batch = list[tuple[LogWriter, list[Entry]]]


class EventLog:
    """Commits what the writers hold. `on_commit` is called in the event loop with each answer's new entries."""

    MOST_UNCOMMITTED = 262_144  # characters per answer; beyond that the upstream has to wait for the database

    def __init__(self, *, on_commit: Callable[[UUID, list[Entry]], None], pause: float = 0.05) -> None:
        self._on_commit = on_commit
        self.pause = pause
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="event-log")
        self._wake = asyncio.Event()
        self._dirty: set[LogWriter] = set()
        self._committed = asyncio.Condition()
        self._interruptions = 0
        self._is_away = False
        self._went_well_at = float("-inf")  # by the loop's clock
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to commit. Needs a running event loop."""
        self._task = asyncio.create_task(self._run(), name="event-log")

    async def connect(self) -> None:
        """Open the log's connection. Raises what the database says when it cannot be had."""
        await self._in_thread(lambda: connection.ensure_connection())  # noqa: PLW0108 - that thread's, not this one's

    async def close(self) -> None:
        """Stop committing. Everything added must have been settled before."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._in_thread(connections.close_all)  # of that thread
        self._thread.shutdown(wait=False)

    def add(self, writer: LogWriter, kind: str, data: Any) -> None:
        """Have the entry committed soon.

        Raises Fenced when the answer has been ended by somebody else.
        """
        if writer.fenced:
            raise Fenced(taken=writer.taken)
        writer.put(kind, data)
        if writer not in self._dirty:
            self._dirty.add(writer)
            self._wake.set()

    async def settled(self, writer: LogWriter) -> None:
        """Wait until everything that was added with this writer is committed. Raises Fenced as `add` does."""
        async with self._committed:
            await self._committed.wait_for(lambda: writer.fenced or writer not in self._dirty)
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
        try:
            async with asyncio.timeout(_LOOKS_FOR):
                await self._in_thread(_look_at_database)
        except (*AWAY, TimeoutError):
            return False
        self._went_well_at = asyncio.get_running_loop().time()
        return True

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run the work in the log's thread, where no commit of the log competes for the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _run(self) -> None:
        with contextlib.suppress(DatabaseError):  # what it is shows with the first entry
            await self._patiently(_look_at_database)  # the connection is there before anybody asks
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            began = loop.time()
            locked = sorted(writer.locked_until for writer in self._dirty if writer.locked_until)
            for batch in (
                [(writer, writer.take()) for writer in self._dirty if not writer.locked_until],
                # One at a time: each may have to wait for its lock, and the others wait meanwhile.
                [(w, w.take()) for w in self._dirty if locked and w.locked_until == locked[0] <= began][:1],
            ):
                if batch:
                    await self._commit_and_tell(batch)
            async with self._committed:
                self._dirty = {w for w in self._dirty if not w.fenced and (w.waiting or w.uncommitted)}
                if self._dirty:
                    self._wake.set()
                self._committed.notify_all()
            await asyncio.sleep(max(0.0, began + self.pause - loop.time()))

    async def _commit_and_tell(self, batch: Batch) -> None:
        for writer in await self._commit(batch):
            writer.locked_until = asyncio.get_running_loop().time() + _PAUSE_WHILE_LOCKED
        for writer, entries in batch:
            if not writer.fenced and not writer.locked_until:
                writer.committed()
                self._on_commit(writer.answer_id, entries)

    async def _commit(self, batch: Batch, *, in_doubt: bool = False) -> list[LogWriter]:
        """Commit the batch, however long the database is away. Returns the writers whose answer is locked. Those that
        were fenced are marked, not written: what one answer holds must never keep the others from being written.

        `in_doubt` says that it may be committed already, without our having heard of it.
        """
        interruptions = self._interruptions
        for writer, _entries in batch:
            writer.locked_until = 0.0
        try:
            await self._patiently(lambda: _store(batch))
        except Exception as fault:
            refusal = fault
        else:
            return []
        in_doubt = in_doubt or self._interruptions > interruptions
        if len(batch) > 1:
            return [writer for item in batch for writer in await self._commit([item], in_doubt=in_doubt)]
        [(writer, entries)] = batch
        if is_held_up_by_a_lock(refusal):
            return [writer]
        taken = isinstance(refusal, IntegrityError)
        if taken and in_doubt and await self._patiently(lambda: _is_stored(writer.answer_id, entries)):
            return []
        writer.fenced, writer.taken = True, taken
        level = logging.INFO if taken else logging.ERROR
        logger.log(level, "Answer %s cannot be written any more: %s", writer.answer_id, refusal)
        return []

    async def _patiently(self, work: Callable[[], T]) -> T:
        """Run the work in the log's thread, again and again while the database is away. Raises what else it raises, and
        what becomes of it at a lock."""
        attempt = 0
        while True:
            try:
                result = await self._in_thread(work)
            except AWAY as fault:
                if is_held_up_by_a_lock(fault):
                    raise
                self._is_away = True
                self._interruptions += 1
                pause = _PAUSES_WHILE_AWAY[min(attempt, len(_PAUSES_WHILE_AWAY) - 1)]
                tell_outage(fault, during="The log cannot be written right now")
                attempt += 1
                await self._in_thread(close_old_connections)
                await asyncio.sleep(pause)
            else:
                self._is_away = False
                self._went_well_at = asyncio.get_running_loop().time()
                return result


def _look_at_database() -> None:
    """Open the thread's connection, or look whether it still is."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _is_stored(answer_id: UUID, entries: list[Entry]) -> bool:
    """Whether exactly these entries are in the log: they are ours, for nobody else goes on from where we were with the
    same words."""
    numbers = [entry.seq for entry in entries]
    there = LogEntry.objects.filter(answer_id=answer_id, seq__in=numbers).order_by("seq")
    return list(there.values_list("seq", "kind", "data")) == [
        (entry.seq, entry.kind, orjson.loads(orjson.dumps(entry.data))) for entry in entries
    ]


def _store(batch: Batch) -> None:
    """Write the entries of all writers in one transaction."""
    prepare = Answer._meta.pk.get_db_prep_value
    rows = []
    begun = []
    submitted = []
    for writer, entries in batch:
        answer_id = prepare(writer.answer_id, connection)
        for entry in entries:
            rows.append((answer_id, entry.seq, entry.kind, orjson.dumps(entry.data).decode()))
            if entry.kind == Kind.STARTED:
                begun.append(writer.answer_id)
            elif entry.kind == Kind.SUBMITTED:
                submitted.append((writer.answer_id, entry.data["job"]))
    table = LogEntry._meta.db_table
    with transaction.atomic():
        limit_lock_wait(_LOCK_WAIT)
        with connection.cursor() as cursor:
            # By hand: this runs up to twenty times a second with hundreds of rows, and the ORM takes ten times as long.
            cursor.executemany(
                f"INSERT INTO {table} (answer_id, seq, kind, data) VALUES (%s, %s, %s, %s)",  # noqa: S608
                rows,
            )
        for submitted_id, job in submitted:
            live = Answer.objects.filter(pk=submitted_id, state__in=Answer.LIVE)
            live.update(job=job, background=bool(job), **({"state": Answer.State.WRITING} if job else {}))
        if begun:
            Answer.objects.filter(pk__in=begun, state=Answer.State.WAITING).update(state=Answer.State.WRITING)
        notify_processes(writer.answer_id for writer, _entries in batch)
