"""The services that can answer by the operator's settings, and which of them have ended.

There are Perplexity's own, and the gateway, which is another service with another key. The demo stands for all of
them where nothing is connected.

A service is a provider at an address. That one has ended is remembered for all processes and for good, until it is
found to be back (`chat.withdrawals` looks once a day) or the operator deletes the record in the administration. Another
address is another service.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from chat.models import Withdrawal
from upstream.endpoints import PERPLEXITY, Endpoint
from upstream.offline import is_offline

AUTO = "auto"
GATEWAY = "gateway"
LOOK_AGAIN_AFTER = timedelta(days=1)


def providers() -> tuple[str, ...]:
    """Who can be asked, the first choice first."""
    own = perplexity_providers() if is_perplexity_connected() or is_demo() else ()
    return (*own, GATEWAY) if is_gateway_connected() or is_demo() else own


def perplexity_providers() -> tuple[str, ...]:
    """Perplexity's own services: at Perplexity, and in the demo, both; elsewhere what is pinned."""
    if settings.PERPLEXITY_PROVIDER != AUTO:
        return (settings.PERPLEXITY_PROVIDER,)
    return ("sonar", "agent") if is_perplexity() else ("sonar",)


def is_perplexity() -> bool:
    """Whether Perplexity answers, or the demo that stands for it; of other servers nobody knows."""
    if not settings.PERPLEXITY_BASE_URL:
        return True
    host = urlsplit(settings.PERPLEXITY_BASE_URL).hostname or ""
    return host == "perplexity.ai" or host.endswith(".perplexity.ai")


def is_perplexity_connected() -> bool:
    """Whether Perplexity, or another server that speaks as it does, can be asked."""
    return bool(settings.PERPLEXITY_API_KEY or settings.PERPLEXITY_BASE_URL)


def is_gateway_connected() -> bool:
    """Whether there is a gateway."""
    return bool(settings.GATEWAY_BASE_URL)


def is_demo() -> bool:
    """Whether nothing is connected, so that the demo answers."""
    return is_offline(settings)


def withdrawn_providers() -> frozenset[str]:
    """The providers that have ended at the address at which they are asked now."""
    names = {_name(provider): provider for provider in providers()}
    found = Withdrawal.objects.filter(pk__in=names).values_list("pk", flat=True)
    return frozenset(names[name] for name in found)


def record_withdrawal(provider: str, *, status: int) -> None:
    """Keep that the provider has ended at its address, and that this was seen now."""
    known = {"status": status, "seen_at": timezone.now()}
    Withdrawal.objects.update_or_create(pk=_name(provider), defaults=known)


def clear_withdrawal(provider: str) -> None:
    """The provider is back at its address."""
    Withdrawal.objects.filter(pk=_name(provider)).delete()


def withdrawals_to_recheck() -> list[str]:
    """The withdrawn providers that nobody has looked at for a day."""
    names = {_name(provider): provider for provider in providers()}
    long_ago = timezone.now() - LOOK_AGAIN_AFTER
    found = Withdrawal.objects.filter(pk__in=names, seen_at__lt=long_ago).values_list("pk", flat=True)
    return [names[name] for name in found]


def _name(provider: str) -> str:
    if provider == GATEWAY:
        return f"{provider} {settings.GATEWAY_BASE_URL or 'demo:'}"[:300]
    base = "demo:" if is_demo() else settings.PERPLEXITY_BASE_URL or PERPLEXITY
    endpoint = Endpoint(base, settings.PERPLEXITY_CHAT_PATH, agent_path=settings.PERPLEXITY_AGENT_PATH)
    return f"{provider} {endpoint.url_of(provider)}"[:300]
