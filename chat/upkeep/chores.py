"""What the worker of answers does by the clock, beside the answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

from chat.catalog import agent, gateway
from chat.sources.ledger import settling
from chat.upkeep import maintenance, withdrawals
from chat.watches.chore import look_after_watches
from core.web.db import RunInThread
from upstream.registry import Services

TIDY_UP_EVERY = 1800.0  # seconds
LOOK_AT_MODELS_EVERY = 60.0  # seconds
NOTE_SOURCES_EVERY = 2.0  # seconds until a page that an answer used is in the ledger
NOTE_PAGES_EVERY = 30.0  # seconds until it says there that a page is gone, or says something else than before
BETWEEN_RENEWALS = 0.1  # seconds
NOTE_FACTS_EVERY = 1.0  # seconds until a search by what is known of an answer, such as its sites, finds it
WATCHES_EVERY = 2.0  # seconds until what came of a watch is told
DUE_WITHIN = 10.0  # seconds until a watch that is due is asked
LOOKS_WITHIN = 60.0  # seconds until what waits for a commit is done though none was noticed


class Chore(NamedTuple):
    """Work that is done every so many seconds, the first time at once or after that time.

    Work that only looks for what was committed has a `longest` time after which it is done though nothing was.
    """

    seconds: float
    work: Callable[[], Awaitable[None]]
    at_once: bool
    longest: float = 0.0


def chores(services: Services, *, run: RunInThread) -> Iterator[Chore]:
    """All that has to be done as long as the process lives; `run` does in a thread what needs the database."""

    async def tidy_up() -> None:
        await run(maintenance.tidy_chat)

    taking_turns = asyncio.Lock()

    async def little_by_little(work: Callable[[], int]) -> None:
        """Do all that waits, which after an update or an import is a lot, and leave two thirds of the time to others:
        SQLite has one writer at a time, and lets whoever asks first have it, not whoever has waited longest."""
        while True:
            async with taking_turns:
                began = time.monotonic()
                if not await run(work):
                    return
                await asyncio.sleep(max(BETWEEN_RENEWALS, 2 * (time.monotonic() - began)))

    async def renew_search() -> None:
        """After an update."""
        await little_by_little(maintenance.renew_search)

    async def note_facts() -> None:
        """Of what was written since, and of all that was stored by an earlier version."""
        await little_by_little(maintenance.note_facts)

    async def note_sources() -> None:
        """Of answers that ended or were checked, and of all that an earlier version stored."""
        await little_by_little(settling.settle_news)

    async def note_pages() -> None:
        await run(settling.note_pages)

    async def look_at_services() -> None:
        await withdrawals.look_again(services, run=run)

    async def look_at_models() -> None:
        if services.gateway:
            await gateway.gateway_model_list().refresh(services.gateway.models)
        if services.client and agent.has_a_list():
            await agent.agent_model_list().refresh(services.client.models)

    async def look_after() -> None:
        await look_after_watches(run)

    yield Chore(WATCHES_EVERY, look_after, at_once=False, longest=DUE_WITHIN)
    yield Chore(TIDY_UP_EVERY, tidy_up, at_once=False)
    yield Chore(TIDY_UP_EVERY, renew_search, at_once=True)
    yield Chore(NOTE_FACTS_EVERY, note_facts, at_once=True, longest=LOOKS_WITHIN)
    yield Chore(NOTE_SOURCES_EVERY, note_sources, at_once=True, longest=LOOKS_WITHIN)
    yield Chore(NOTE_PAGES_EVERY, note_pages, at_once=False, longest=LOOKS_WITHIN)
    yield Chore(TIDY_UP_EVERY, look_at_services, at_once=True)
    yield Chore(LOOK_AT_MODELS_EVERY, look_at_models, at_once=True)
