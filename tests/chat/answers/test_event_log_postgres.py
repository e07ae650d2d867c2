"""On PostgreSQL the log has one connection of its own, and what breaks in the middle of a commit is stored once."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

from accounts.models import Team, User
from chat.answers.event_log import EventLog, LogWriter
from chat.answers.event_log_postgres import PostgresLog
from chat.answers.notify import CHANNEL
from chat.answers.transcript import Entry, fold_entries
from chat.models import Answer
from chat.questions import service as questions
from core.web.db import is_held_up_by_a_lock
from tests import wishes
from tests.chat.answers.event_logs import event_log, log_of
from tests.faults.database_proxy import DatabaseProxy

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_else() -> psycopg.Connection[tuple[object, ...]]:
    """A connection of another program."""
    settings = connection.get_connection_params()
    return psycopg.connect(**{**settings, "context": None, "cursor_factory": None}, autocommit=True)


@pytest.fixture
def another(harbour: Team, alice: User) -> Answer:
    """A second answer that waits to be written."""
    return questions.ask_in_new_conversation(wishes.wish("And?"), team=harbour, by=alice)


@pytest.fixture
def proxy() -> Iterator[DatabaseProxy]:
    """What the log of the test reaches its database through."""
    here = connection.settings_dict
    proxy = DatabaseProxy(f"postgres://{here['HOST'] or '127.0.0.1'}:{here['PORT'] or 5432}/{here['NAME']}")
    yield proxy
    proxy.close()


async def write(log: EventLog, writers: list[LogWriter], *, pieces: int) -> str:
    """Add pieces to all writers over a while; returns what each of them says then."""
    for number in range(pieces):
        for writer in writers:
            log.add(writer, "text", f"{number} ")
        await asyncio.sleep(0.005)
    for writer in writers:
        await log.settled(writer)
    return "".join(f"{number} " for number in range(pieces))


async def test_a_commit_whose_reply_is_lost_is_neither_repeated_nor_missed(
    proxy: DatabaseProxy, asked: Answer, another: Answer
) -> None:
    told: list[tuple[object, Entry]] = []
    port = str(urlsplit(proxy.url).port)
    async with event_log(told, HOST="127.0.0.1", PORT=port) as log:
        writers = [LogWriter(asked.pk), LogWriter(another.pk)]
        await write(log, writers, pieces=1)
        with proxy.losing_a_commit_of(b"INSERT INTO chat_logentry"):
            words = await write(log, writers, pieces=40)

    for answer in (asked, another):
        stored = await log_of(answer)
        assert fold_entries(stored).text == "0 " + words
        assert [entry.seq for entry in stored] == list(range(1, len(stored) + 1))
        assert [entry for answer_id, entry in told if answer_id == answer.pk] == stored


async def test_a_session_that_is_ended_in_the_middle_is_opened_again_and_nothing_is_lost(asked: Answer) -> None:
    told: list[tuple[object, Entry]] = []
    async with event_log(told) as log:
        writer = LogWriter(asked.pk)

        async def end_sessions() -> None:
            with await asyncio.to_thread(somebody_else) as other:
                for _ in range(10):
                    await asyncio.sleep(0.03)
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND query LIKE %s AND pid <> pg_backend_pid()",
                        ["%INSERT INTO chat_logentry%"],
                    )

        ending = asyncio.create_task(end_sessions())
        words = await write(log, [writer], pieces=100)
        await ending

    stored = await log_of(asked)
    assert fold_entries(stored).text == words
    assert [entry for _, entry in told] == stored


async def test_a_locked_answer_fails_alone_and_leaves_no_transaction_open(asked: Answer, another: Answer) -> None:
    log = PostgresLog()
    await log.connect()
    with await asyncio.to_thread(somebody_else) as other, other.transaction():
        other.execute("SELECT 1 FROM chat_answer WHERE id = %s FOR UPDATE", [asked.pk])
        for entry in (Entry(1, "text", "a"), Entry(1, "started", {"upstream_id": "u"})):
            with pytest.raises(DatabaseError) as refusal:
                await log.store([(another.pk, [Entry(1, "text", "b")]), (asked.pk, [entry])])
            assert is_held_up_by_a_lock(refusal.value)
        assert await log_of(another) == []
        await log.store([(another.pk, [Entry(1, "text", "b")])])
    await log.store([(asked.pk, [Entry(1, "text", "a")])])
    await log.close()

    assert await log_of(asked) == [Entry(1, "text", "a")]
    assert await log_of(another) == [Entry(1, "text", "b")]


async def test_others_are_told_with_the_commit_and_the_log_takes_one_connection(asked: Answer) -> None:
    entries = [
        Entry(1, "started", {"upstream_id": "u"}),
        Entry(2, "text", "The light é \U0001f5fc it's a \\ \" 100%s"),
        Entry(3, "submitted", {"job": "work"}),
    ]
    with await asyncio.to_thread(somebody_else) as other:
        sessions = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        other.execute(f"LISTEN {CHANNEL}")
        before = set(other.execute(sessions))
        log = PostgresLog()
        await log.connect()
        await log.look()
        await log.store([(asked.pk, entries)])
        stored = await log.is_stored(asked.pk, entries)
        opened = set(other.execute(sessions)) - before
        rung = [notification.payload for notification in other.notifies(timeout=5, stop_after=1)]
        await log.close()

    assert stored
    assert len(opened) == 1
    assert rung == [asked.pk.hex]
    assert await log_of(asked) == entries
    await sync_to_async(asked.refresh_from_db)()
    assert (asked.state, asked.job, asked.background) == ("writing", "work", True)


def test_a_session_plans_for_pages_and_not_for_reports() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('max_parallel_workers_per_gather')")
        assert cursor.fetchone() == ("off", "0")
