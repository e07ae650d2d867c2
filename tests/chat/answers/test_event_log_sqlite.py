"""On SQLite the event loop commits by itself what waits for nothing, and waits for nobody."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.models import Team, User
from chat.answers.event_log import LogWriter
from chat.answers.event_log_sqlite import Pace, SqliteLog, quick_connection
from chat.answers.transcript import Entry, fold_entries
from chat.answers.wal_checkpoints import Checkpoints
from chat.models import Answer
from chat.questions import service as questions
from tests import wishes
from tests.chat.answers.event_logs import event_log, log_of

pytestmark = pytest.mark.django_db(transaction=True)


def database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def wal_size() -> int:
    """Bytes."""
    return database_file().with_name(f"{database_file().name}-wal").stat().st_size


@contextmanager
def somebody_else() -> Iterator[sqlite3.Connection]:
    """A connection of another program."""
    other = sqlite3.connect(database_file(), isolation_level=None, timeout=5, check_same_thread=False)
    try:
        yield other
    finally:
        other.close()


@pytest.fixture
async def sqlite_log() -> AsyncIterator[SqliteLog]:
    """One that is connected, and checks its write-ahead log often."""
    log = SqliteLog(checkpoints=Checkpoints(every=50, too_many=200))
    await log.connect()
    yield log
    await log.close()


@pytest.fixture
def another(harbour: Team, alice: User) -> Answer:
    """A second answer that waits to be written."""
    return questions.ask_in_new_conversation(wishes.wish("And?"), team=harbour, by=alice)


async def test_what_waits_for_nothing_is_committed_in_the_very_call(asked: Answer, sqlite_log: SqliteLog) -> None:
    entries = [Entry(1, "started", {"upstream_id": "u"}), Entry(2, "text", "The light é \U0001f5fc")]

    assert sqlite_log.store_at_once([(asked.pk, entries)])

    assert await log_of(asked) == entries
    await sync_to_async(asked.refresh_from_db)()
    assert asked.state == "writing"
    assert await sqlite_log.is_stored(asked.pk, entries)
    assert not await sqlite_log.is_stored(asked.pk, [entries[0], Entry(2, "text", "Another light")])


@pytest.mark.parametrize("more", [[], [Entry(2, "started", {})]], ids=["one statement", "several"])
async def test_a_batch_of_which_one_entry_is_refused_leaves_nothing_behind(
    asked: Answer, another: Answer, sqlite_log: SqliteLog, more: list[Entry]
) -> None:
    assert sqlite_log.store_at_once([(another.pk, [Entry(1, "text", "taken")])])
    gone = Answer(question=asked.question, asked_by=asked.asked_by)

    for refused in [(another.pk, [Entry(1, "text", "too late")]), (gone.pk, [Entry(1, "text", "nowhere")])]:
        assert not sqlite_log.store_at_once([(asked.pk, [Entry(1, "text", "a"), *more]), refused])

    assert await log_of(asked) == []
    with somebody_else() as other:
        other.execute("BEGIN IMMEDIATE")  # no transaction was left open


async def test_a_lock_is_not_waited_for_in_the_loop(asked: Answer, sqlite_log: SqliteLog) -> None:
    batch = [(asked.pk, [Entry(1, "text", "a")])]
    with somebody_else() as other:
        other.execute("BEGIN IMMEDIATE")
        assert not sqlite_log.store_at_once(batch)
        other.execute("ROLLBACK")
        assert sqlite_log.store_at_once(batch)


async def test_a_lock_that_somebody_holds_loses_nothing_keeps_the_order_and_leaves_the_loop_free(
    asked: Answer, another: Answer
) -> None:
    told: list[tuple[object, Entry]] = []
    async with event_log(told) as log:
        writers = [LogWriter(asked.pk), LogWriter(another.pk)]
        log.add(writers[0], "text", "Before. ")
        await log.settled(writers[0])
        with somebody_else() as other:
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()
            turns = 0
            for number in range(30):
                for writer in writers:
                    log.add(writer, "text", f"{number} ")
                await asyncio.sleep(0.005)
                turns += other.in_transaction
            for writer in writers:
                await log.settled(writer)
            assert not other.in_transaction

        assert turns > 3
    for answer, words in [(asked, "Before. "), (another, "")]:
        stored = await log_of(answer)
        assert fold_entries(stored).text == words + "".join(f"{number} " for number in range(30))
        assert [entry for answer_id, entry in told if answer_id == answer.pk] == stored


async def test_a_disk_without_room_loses_nothing_and_says_so_meanwhile(asked: Answer) -> None:
    told: list[tuple[object, Entry]] = []
    async with event_log(told) as log:
        writer = LogWriter(asked.pk)
        with somebody_else() as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        log.add(writer, "text", "Before. ")
        await log.settled(writer)

        resource.setrlimit(resource.RLIMIT_FSIZE, (wal_size(), resource.RLIM_INFINITY))
        try:
            log.add(writer, "text", "Meanwhile. ")
            for _ in range(500):
                if not await log.can_write():
                    break
                await asyncio.sleep(0.01)
            assert not await log.can_write()
            log.add(writer, "text", "Still. ")
            assert len(told) == 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await log.settled(writer)
        assert await log.can_write()

    assert fold_entries(await log_of(asked)).text == "Before. Meanwhile. Still. "
    assert [entry for _, entry in told] == await log_of(asked)


async def test_the_write_ahead_log_begins_anew_though_somebody_reads_at_every_moment(
    asked: Answer, sqlite_log: SqliteLog
) -> None:
    done = threading.Event()

    def read() -> None:
        with somebody_else() as one, somebody_else() as other:
            while not done.is_set():
                for mine, theirs in [(one, other), (other, one)]:
                    mine.execute("BEGIN")
                    mine.execute("SELECT count(*) FROM chat_logentry").fetchone()
                    if theirs.in_transaction:
                        theirs.execute("ROLLBACK")
                    done.wait(0.002)

    reader = threading.Thread(target=read)
    reader.start()
    longest, seq = 0, 0
    try:
        while wal_size() >= longest:
            longest = max(longest, wal_size())
            assert longest < 200_000_000
            for _ in range(20):
                seq += 1
                batch = [(asked.pk, [Entry(seq, "text", "x" * 4000)])]
                if not sqlite_log.store_at_once(batch):
                    await sqlite_log.store(batch)
            await asyncio.sleep(0.01)
    finally:
        done.set()
        reader.join()
    assert longest > 200 * 4096
    assert len(await log_of(asked)) == seq


async def test_the_loops_connection_neither_waits_nor_copies_and_is_otherwise_like_the_others() -> None:
    def said(database: sqlite3.Connection) -> dict[str, int]:
        names = ("busy_timeout", "wal_autocheckpoint", "foreign_keys", "synchronous", "cache_size", "mmap_size")
        return {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    def look() -> tuple[dict[str, int], dict[str, int]]:
        connection.ensure_connection()
        quick = quick_connection()
        assert quick is not None
        try:
            return said(quick), said(connection.connection)
        finally:
            quick.close()

    own, others = await sync_to_async(look)()
    assert own == others | {"busy_timeout": 0, "wal_autocheckpoint": 0}


async def test_a_disk_that_does_not_keep_up_is_left_to_the_thread_for_a_while() -> None:
    pace = Pace()
    for seconds in [0.0001] * 10 + [0.05] + [0.0001] * 10:
        pace.took(seconds)
    assert pace.is_quick()

    for _ in range(10):
        pace.took(0.03)
    assert not pace.is_quick()
