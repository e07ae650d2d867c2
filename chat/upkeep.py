"""What the worker of answers does by the clock, beside the answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

from chat import maintenance, withdrawals
from chat.catalog import agent, gateway
from core.web.db import RunInThread
from upstream.registry import Services

TIDY_UP_EVERY = 1800.0  # seconds
LOOK_AT_MODELS_EVERY = 60.0  # seconds
BETWEEN_RENEWALS = 0.1  # seconds


class Chore(NamedTuple):
    """Work that is done every so many seconds, the first time at once or after that time."""

    seconds: float
    work: Callable[[], Awaitable[None]]
    at_once: bool


def chores(services: Services, *, run: RunInThread) -> Iterator[Chore]:
    """All that has to be done as long as the process lives; `run` does in a thread what needs the database."""

    async def tidy_up() -> None:
        await run(maintenance.tidy_chat)

    async def renew_search() -> None:
        """After an update: a little at a time, for a large history takes long and people are served meanwhile."""
        renewed = 1
        while renewed:
            renewed = await run(maintenance.renew_search)
            await asyncio.sleep(BETWEEN_RENEWALS)

    async def look_at_services() -> None:
        await withdrawals.look_again(services, run=run)

    async def look_at_models() -> None:
        if services.gateway:
            await gateway.gateway_model_list().refresh(services.gateway.models)
        if services.client and agent.has_a_list():
            await agent.agent_model_list().refresh(services.client.models)

    yield Chore(TIDY_UP_EVERY, tidy_up, at_once=False)
    yield Chore(TIDY_UP_EVERY, renew_search, at_once=True)
    yield Chore(TIDY_UP_EVERY, look_at_services, at_once=True)
    yield Chore(LOOK_AT_MODELS_EVERY, look_at_models, at_once=True)
