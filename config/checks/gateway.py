"""Refuses settings of the gateway that cannot work, as `config.checks.deployment` does for all others."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config.checks.addresses import holds_a_login, is_unencrypted, split_url, web_host


@register
def check_gateway(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is impossible or unwise about the gateway's settings."""
    if not settings.GATEWAY_BASE_URL:
        return list(_nowhere())
    return list(_address(settings.GATEWAY_BASE_URL))


def _nowhere() -> Iterator[CheckMessage]:
    if settings.GATEWAY_API_KEY:
        yield Error(
            "GATEWAY_API_KEY is set, but GATEWAY_BASE_URL is not, so there is no gateway to use the key with. Set "
            "both, or neither.",
            id="parley.E030",
        )


def _address(base: str) -> Iterator[CheckMessage]:
    url = split_url(base)
    hostname = web_host(url)
    if url is None or not hostname:
        yield Error(
            f"GATEWAY_BASE_URL is “{base}”. It must start with https:// or http:// and name a host.",
            id="parley.E031",
        )
    elif holds_a_login(url):
        yield Error(
            "GATEWAY_BASE_URL contains a user name or password, which would end up in logs. Remove it and set "
            "GATEWAY_API_KEY instead.",
            id="parley.E032",
        )
    elif url.query or url.fragment:
        yield Error(
            f"GATEWAY_BASE_URL is “{base}”. It must end with the host or a path, without ? or #.",
            id="parley.E033",
        )
    elif hostname == "perplexity.ai" or hostname.endswith(".perplexity.ai"):
        yield Error(
            "GATEWAY_BASE_URL names Perplexity itself. The gateway is a separate program (README.md says which); "
            "for Perplexity, set PERPLEXITY_API_KEY.",
            id="parley.E034",
        )
    elif is_unencrypted(url) and settings.GATEWAY_API_KEY:
        yield Warning(
            f"GATEWAY_API_KEY and every question are sent unencrypted to {hostname}. That may be fine inside your "
            "own network; otherwise use https in GATEWAY_BASE_URL.",
            id="parley.W030",
        )
