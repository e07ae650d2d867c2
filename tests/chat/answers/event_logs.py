"""An event log for a test, and what it has written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async
from django.db import connection, connections

from chat.answers.event_log import EventLog
from chat.answers.transcript import Entry, entries_after
from chat.models import Answer


@asynccontextmanager
async def event_log(told: list[tuple[object, Entry]], **address: str) -> AsyncIterator[EventLog]:
    """A log that commits every ten milliseconds; `told` collects what it hands on. Another `address` of the database
    (HOST, PORT) is for the log alone, on PostgreSQL."""
    straight = {name: connection.settings_dict[name] for name in address}
    connection.settings_dict.update(address)
    one = EventLog(on_commit=lambda answer_id, entries: told.extend((answer_id, e) for e in entries), pause=0.01)
    connection.settings_dict.update(straight)
    one.open()
    try:
        yield one
    finally:
        await one.close()
        await sync_to_async(connections.close_all)()  # of the thread that opened it


@sync_to_async
def log_of(answer: Answer) -> list[Entry]:
    """What is stored of the answer."""
    return entries_after(answer.pk, 0)
