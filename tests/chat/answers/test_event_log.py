"""The event log commits what the writers hold, in order, and tells only what is committed."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts.models import Team, User
from chat.answers import finalize
from chat.answers.event_log import EventLog, Fenced, LogWriter
from chat.answers.transcript import Entry, fold_entries
from chat.models import Answer
from chat.questions import service as questions
from tests import wishes
from tests.chat.answers.event_logs import event_log, log_of

pytestmark = pytest.mark.django_db(transaction=True)


async def test_what_was_added_is_committed_in_order_and_then_told(asked: Answer) -> None:
    told: list[tuple[object, Entry]] = []
    async with event_log(told) as one:
        writer = LogWriter(asked.pk)
        for number in range(200):
            one.add(writer, "text", f"{number} ")
            if number % 17 == 0:
                await asyncio.sleep(0.001)
        await one.settled(writer)

    stored = await log_of(asked)
    assert fold_entries(stored).text == "".join(f"{number} " for number in range(200))
    assert [entry.seq for entry in stored] == list(range(1, len(stored) + 1))
    assert [entry for _, entry in told] == stored
    assert len(stored) < 50


async def test_text_that_waits_grows_into_one_entry_but_not_across_others(asked: Answer) -> None:
    async with event_log([]) as one:
        writer = LogWriter(asked.pk)
        for kind, data in [("text", "a"), ("text", "b"), ("sources", []), ("text", "c"), ("text", "d")]:
            one.add(writer, kind, data)
        await one.settled(writer)

    assert [(e.kind, e.data) for e in await log_of(asked)] == [("text", "ab"), ("sources", []), ("text", "cd")]


async def test_whoever_writes_on_after_the_end_is_fenced_and_the_others_are_not(
    asked: Answer, harbour: Team, alice: User
) -> None:
    other = await sync_to_async(questions.ask_in_new_conversation)(wishes.wish("And?"), team=harbour, by=alice)
    async with event_log([]) as one:
        fenced, free = LogWriter(asked.pk), LogWriter(other.pk)
        one.add(fenced, "text", "before")
        await one.settled(fenced)
        await sync_to_async(finalize.end_answer)(answer_id=asked.pk, state=Answer.State.STOPPED)

        one.add(fenced, "text", "after")
        one.add(free, "text", "undisturbed")
        with pytest.raises(Fenced):
            await one.settled(fenced)
        await one.settled(free)
        with pytest.raises(Fenced):
            one.add(fenced, "text", "again")

    assert fold_entries(await log_of(asked)).text == "before"
    assert fold_entries(await log_of(other)).text == "undisturbed"


async def test_the_first_entry_makes_the_answer_a_written_one(asked: Answer) -> None:
    async with event_log([]) as one:
        writer = LogWriter(asked.pk)
        one.add(writer, "started", {"upstream_id": "u"})
        await one.settled(writer)
    await sync_to_async(asked.refresh_from_db)()
    assert asked.state == "writing"


async def test_an_upstream_is_held_back_while_nothing_can_be_committed(asked: Answer) -> None:
    async with event_log([]) as one:
        writer = LogWriter(asked.pk)
        one.add(writer, "text", "x" * (EventLog.MOST_UNCOMMITTED + 1))
        await one.room_for(writer)
        assert writer.size == 0
