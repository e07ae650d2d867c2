"""Notices that a service has ended, and that it is back.

A refused question alone is no proof: something in between may have answered, or the address may be wrong. A service
counts as ended when it refuses an empty request in the same way, which costs nothing, while another one at the same
address takes such a request for what it is.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from chat.catalog import providers
from upstream.errors import Withdrawn
from upstream.events import Event
from upstream.probe import GONE
from upstream.requests import AskRequest

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Read(Protocol):
    """Runs work that uses the database in a thread."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


class Asks(Protocol):
    """Asks services, and finds out which of them take questions."""

    def ask(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The answer. Raises UpstreamError."""
        ...

    async def offers(self, provider: str) -> bool | None:
        """Whether the provider takes questions; None where that cannot be told."""
        ...


async def ask(client: Asks, request: AskRequest, *, read: Read) -> AsyncGenerator[Event, None]:
    """The client's answer; where its service turns out to have ended, that is remembered before the error comes.

    Raises UpstreamError.
    """
    try:
        async with aclosing(client.ask(request)) as events:
            async for event in events:
                yield event
    except Withdrawn as error:
        if error.status is None or error.status not in GONE or not await _has_ended(client, request.provider):
            raise
        status = error.status
        await read(lambda: providers.remember(request.provider, status=status))
        logger.warning("The provider %s has ended (HTTP status %s)", request.provider, error.status)
        message = _("This service has ended: Perplexity no longer answers here. Another model can take the question.")
        raise Withdrawn(message, status=error.status, request_id=error.request_id) from error


async def look_again(client: Asks, *, read: Read) -> None:
    """Ask the services that ended at least a day ago whether they are back."""
    for provider in await read(providers.due):
        is_offered = await client.offers(provider)
        if is_offered:
            logger.info("The provider %s is back", provider)
            await read(lambda: providers.forget(provider))  # noqa: B023 - it runs before the next turn
        elif is_offered is False:
            await read(lambda: providers.remember(provider, status=GONE[0]))  # noqa: B023


async def _has_ended(client: Asks, provider: str) -> bool:
    beside = providers.perplexitys()  # at the same address, so that a wrong one is told from an end
    others = [other for other in beside if other != provider]
    if provider not in beside or not others or await client.offers(provider) is not False:
        return False
    return any([await client.offers(other) for other in others])
