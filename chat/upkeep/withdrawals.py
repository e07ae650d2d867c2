"""Notices that a service has ended, and that it is back.

Sonar says in so many words that it has ended, and is believed. A refusal without such words is no proof: something in
between may have answered, or the address may be wrong. It counts when the service refuses an empty request in the
same way, which costs nothing, while another one at the same address takes such a request for what it is.
"""

import logging
from functools import partial
from typing import Protocol

from chat.catalog import providers
from core.web.db import RunInThread
from upstream.errors import ServiceEnded, Withdrawn
from upstream.probe import GONE

logger = logging.getLogger(__name__)

_SAYS_SO = "sonar"  # the words are about it, whoever says them (docs/sonar.md, "The end of Sonar")


class Probes(Protocol):
    """Finds out which services take questions."""

    async def offers(self, provider: str) -> bool | None:
        """Whether the provider takes questions; None where that cannot be told."""
        ...


async def examine(refusal: Withdrawn, *, provider: str, client: Probes, run: RunInThread) -> Withdrawn:
    """What to tell of a question that was refused so: where the service turns out to have ended, that is remembered
    before anybody is told."""
    status = refusal.status or 0
    said = isinstance(refusal, ServiceEnded)
    if not (said and provider == _SAYS_SO) and (not (said or status in GONE) or not await _has_ended(client, provider)):
        return Withdrawn(status=status, request_id=refusal.request_id) if said else refusal
    if provider in providers.perplexity_providers():
        await run(lambda: providers.record_withdrawal(provider, status=status))
        logger.warning("The provider %s has ended (HTTP status %s)", provider, status)
    return ServiceEnded(status=status, request_id=refusal.request_id)


async def look_again(client: Probes, *, run: RunInThread) -> None:
    """Ask the services that are said or known to have ended whether they answer, each once a day."""
    for provider in await run(providers.providers_to_recheck):
        is_offered = await client.offers(provider)
        if is_offered:
            logger.info("The provider %s answers", provider)
            await run(partial(providers.record_return, provider))
        elif is_offered is False:
            await run(partial(providers.record_withdrawal, provider, status=GONE[0]))


async def _has_ended(client: Probes, provider: str) -> bool:
    beside = providers.perplexity_providers()  # at the same address, so that a wrong one is told from an end
    others = [other for other in beside if other != provider]
    if provider not in beside or not others or await client.offers(provider) is not False:
        return False
    return any([await client.offers(other) for other in others])
