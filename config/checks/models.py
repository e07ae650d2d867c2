"""Warns of settings that name models and presets which are not there, as `config.checks.deployment` does of others."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from chat.catalog import available
from upstream.catalog.agent_prices import PRESETS


@register
def check_models(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is named in vain."""
    found: list[CheckMessage] = []
    if settings.DEFAULT_MODEL and not available.is_known(settings.DEFAULT_MODEL):
        found.append(
            Warning(
                f"DEFAULT_MODEL is “{settings.DEFAULT_MODEL}”, which is not offered, so it has no effect. Use the "
                "name of an offered model, such as sonar-pro, agent:low or agent:perplexity/sonar.",
                id="parley.W040",
            )
        )
    if settings.OPINION_MODEL and not available.is_known(settings.OPINION_MODEL):
        found.append(
            Warning(
                f"OPINION_MODEL is “{settings.OPINION_MODEL}”, which is not offered, so it has no effect. Use the name "
                "of an offered model, such as agent:perplexity/sonar.",
                id="parley.W043",
            )
        )
    found += [
        Warning(
            f"PERPLEXITY_MODELS names “{pattern}”, but there is no such model. If nothing else is named, all "
            "models are offered.",
            id="parley.W042",
        )
        for pattern in available.names_in_vain()
    ]
    found += [
        Warning(
            f"PERPLEXITY_EFFORT_PINS names “{name}”, which is not a preset of the Agent API. The presets are "
            f"{', '.join(PRESETS)}.",
            id="parley.W041",
        )
        for name in settings.PERPLEXITY_EFFORT_PINS
        if name not in PRESETS
    ]
    return found
