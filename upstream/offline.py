"""Whether anything is connected at all. Where nothing is, the demo answers and draws."""

from typing import Any


def is_offline(settings: Any) -> bool:
    """Whether the operator's settings (those of Django, whose names these are) connect no service."""
    return not (settings.PERPLEXITY_API_KEY or settings.PERPLEXITY_BASE_URL or settings.GATEWAY_BASE_URL)
