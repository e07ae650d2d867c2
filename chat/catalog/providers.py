"""The services that can answer by the operator's settings, and which of them have ended.

There are Perplexity's own, and the gateway, which is another service with another key. The demo stands for all of
them where nothing is connected.

A service is a provider at an address. That one has ended is remembered for all processes and for good, until it is
found to be back (`chat.upkeep.withdrawals` looks once a day) or the operator deletes the record in the administration.
Another address is another service. Sonar has ended at Perplexity itself, so there it counts as ended until it is found
to answer (docs/sonar.md, "The end of Sonar").

Pages ask several times each which services have ended, and it hardly ever changes. So a process remembers what the
database says: what it writes itself holds at once, what another process writes after LOOKED_UP_EVERY seconds at most.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chat.connection import stored_key
from chat.models import Withdrawal
from upstream.endpoints import PERPLEXITY, Endpoint, is_offline

AUTO = "auto"
BOTH = "both"
GATEWAY = "gateway"
ALL = ("agent", "sonar", GATEWAY)
LOOK_AGAIN_AFTER = timedelta(days=1)
LOOKED_UP_EVERY = 1.0  # seconds


class _RememberedEnds:
    """What is on record of the services of these names, whether they have ended, read from the database once in
    LOOKED_UP_EVERY seconds. From any thread."""

    def __init__(self) -> None:
        self._changes = 0
        self._known: tuple[frozenset[str], float, Mapping[str, bool]] | None = None

    def of(self, names: frozenset[str]) -> Mapping[str, bool]:
        """By name, of those that there is a record of."""
        known, changes = self._known, self._changes
        if known and known[0] == names and time.monotonic() < known[1]:
            return known[2]
        until = time.monotonic() + LOOKED_UP_EVERY
        found = dict(Withdrawal.objects.filter(pk__in=names).values_list("pk", "ended"))
        if changes == self._changes:  # else this may be from before the change
            self._known = (names, until, found)
        return found

    def forget(self) -> None:
        """Read anew the next time."""
        self._changes += 1
        self._known = None


_remembered = _RememberedEnds()


def forget_withdrawals() -> None:
    """Look at the database again the next time somebody asks."""
    _remembered.forget()


def note_change(**_signal: Any) -> None:
    """Hear that a record was written or deleted: look again now, and when others can see it."""
    forget_withdrawals()
    transaction.on_commit(forget_withdrawals)


def providers() -> tuple[str, ...]:
    """Who can be asked, the first choice first."""
    own = perplexity_providers() if is_perplexity_connected() or is_demo() else ()
    return (*own, GATEWAY) if is_gateway_connected() or is_demo() else own


def perplexity_providers() -> tuple[str, ...]:
    """Perplexity's own services, the first choice first: at Perplexity, and in the demo, both; elsewhere what is
    pinned."""
    if settings.PERPLEXITY_PROVIDER not in (AUTO, BOTH):
        return (settings.PERPLEXITY_PROVIDER,)
    return ("agent", "sonar") if is_perplexity() else ("sonar",)


def is_perplexity() -> bool:
    """Whether Perplexity answers, or the demo that stands for it, or a server of which the operator says that it stands
    in front of Perplexity; of other servers nobody knows."""
    if settings.PERPLEXITY_PROVIDER == BOTH or not settings.PERPLEXITY_BASE_URL:
        return True
    host = urlsplit(settings.PERPLEXITY_BASE_URL).hostname or ""
    return host == "perplexity.ai" or host.endswith(".perplexity.ai")


def is_perplexity_connected() -> bool:
    """Whether Perplexity, or another server that speaks as it does, can be asked. With a stored key that cannot be read
    any more it counts as connected: nobody is to take the demo for it."""
    return bool(stored_key.api_key() or settings.PERPLEXITY_BASE_URL or stored_key.needs_reentry())


def service_host(provider: str) -> str:
    """The host, with its port where the operator named one, to which questions for this provider go now."""
    address = settings.GATEWAY_BASE_URL if provider == GATEWAY else settings.PERPLEXITY_BASE_URL or PERPLEXITY
    return urlsplit(address).netloc.rpartition("@")[2]


def is_gateway_connected() -> bool:
    """Whether there is a gateway."""
    return bool(settings.GATEWAY_BASE_URL)


def is_demo() -> bool:
    """Whether nothing is connected, so that the demo answers."""
    return is_offline(settings) and not is_perplexity_connected()


def withdrawn_providers() -> frozenset[str]:
    """The providers that have ended at the address at which they are asked now."""
    names = {provider: _name(provider) for provider in providers()}
    found = _remembered.of(frozenset(names.values()))
    return frozenset(provider for provider, name in names.items() if found.get(name, _is_known_to_have_ended(provider)))


def record_withdrawal(provider: str, *, status: int) -> None:
    """Keep that the provider has ended at its address, and that this was seen now."""
    known = {"ended": True, "status": status, "seen_at": timezone.now()}
    Withdrawal.objects.update_or_create(pk=_name(provider), defaults=known)


def record_return(provider: str) -> None:
    """Keep that the provider answers at its address, and that this was seen now."""
    if not _is_known_to_have_ended(provider):
        Withdrawal.objects.filter(pk=_name(provider)).delete()
        return
    known = {"ended": False, "status": 0, "seen_at": timezone.now()}
    Withdrawal.objects.update_or_create(pk=_name(provider), defaults=known)


def providers_to_recheck() -> list[str]:
    """The providers that are said or known to have ended and that nobody has looked at for a day."""
    names = {provider: _name(provider) for provider in providers()}
    seen = dict(Withdrawal.objects.filter(pk__in=names.values()).values_list("pk", "seen_at"))
    long_ago = timezone.now() - LOOK_AGAIN_AFTER
    return [
        provider
        for provider, name in names.items()
        if (seen[name] < long_ago if name in seen else _is_known_to_have_ended(provider))
    ]


def _is_known_to_have_ended(provider: str) -> bool:
    """Whether the provider counts as ended before anybody has asked it. One that is pinned is for the operator to
    judge."""
    if provider != "sonar" or settings.PERPLEXITY_PROVIDER == "sonar" or not is_perplexity():
        return False
    return settings.DEMO_SONAR != "answers" if is_demo() else True


def _name(provider: str) -> str:
    if provider == GATEWAY:
        return f"{provider} {settings.GATEWAY_BASE_URL or 'demo:'}"[:300]
    base = "demo:" if is_demo() else settings.PERPLEXITY_BASE_URL or PERPLEXITY
    endpoint = Endpoint(base, settings.PERPLEXITY_CHAT_PATH, agent_path=settings.PERPLEXITY_AGENT_PATH)
    return f"{provider} {endpoint.url_of(provider)}"[:300]
