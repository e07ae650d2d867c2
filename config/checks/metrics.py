"""Warns of a token for /metrics that somebody could guess."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

SHORTEST = 16  # characters


@register
def check_metrics(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with METRICS_TOKEN."""
    if not 0 < len(settings.METRICS_TOKEN) < SHORTEST:
        return []
    words = f"METRICS_TOKEN is shorter than {SHORTEST} characters, so it can be guessed. Use a longer random one."
    return [Warning(words, id="parley.W100")]
