"""Refuses settings of the image service that cannot work, as `config.checks.gateway` does for the gateway's."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config.checks.addresses import holds_a_login, is_unencrypted, split_url, web_host

_LONGEST_NAME = 100  # characters of a model's name


@register
def check_images(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is impossible or unwise about the image service's settings."""
    if not settings.IMAGES_BASE_URL:
        return list(_nowhere())
    return [*_address(settings.IMAGES_BASE_URL), *_models()]


def _nowhere() -> Iterator[CheckMessage]:
    alone = ("IMAGES_API_KEY", "IMAGES_MODELS", "IMAGES_RESPONSE_FORMAT", "IMAGES_PRICES")
    if found := [name for name in alone if getattr(settings, name)]:
        yield Error(
            f"{' and '.join(found)} {'is' if len(found) == 1 else 'are'} set, but IMAGES_BASE_URL is not, so there is "
            "no image service. Set IMAGES_BASE_URL, such as https://api.openai.com, or leave the others out too.",
            id="parley.E050",
        )


def _address(base: str) -> Iterator[CheckMessage]:
    url = split_url(base)
    hostname = web_host(url)
    if url is None or not hostname:
        yield Error(
            f"IMAGES_BASE_URL is “{base}”. It must start with https:// or http:// and name a host.",
            id="parley.E051",
        )
    elif holds_a_login(url):
        yield Error(
            "IMAGES_BASE_URL contains a user name or password, which would end up in logs. Remove it and set "
            "IMAGES_API_KEY instead.",
            id="parley.E052",
        )
    elif url.query or url.fragment or url.path.endswith("/images/generations"):
        yield Error(
            f"IMAGES_BASE_URL is “{base}”. It must end with the host, a path, or /v1: Parley appends "
            "/v1/images/generations to it.",
            id="parley.E053",
        )
    elif hostname == "perplexity.ai" or hostname.endswith(".perplexity.ai"):
        yield Error(
            "IMAGES_BASE_URL names Perplexity, which doesn’t draw images. Name an image service, or leave it unset.",
            id="parley.E054",
        )
    elif is_unencrypted(url) and settings.IMAGES_API_KEY:
        yield Warning(
            f"IMAGES_API_KEY and every prompt are sent unencrypted to {hostname}. That may be fine inside your own "
            "network; otherwise use https in IMAGES_BASE_URL.",
            id="parley.W050",
        )


def _models() -> Iterator[CheckMessage]:
    models, prices = settings.IMAGES_MODELS, settings.IMAGES_PRICES
    if not models:
        yield Warning(
            "IMAGES_MODELS names no model, so Parley doesn’t ask for a particular one. Servers that have loaded a "
            "single model use that one; most services need a name, such as gpt-image-1.",
            id="parley.W051",
        )
    for name in models:
        if len(name) > _LONGEST_NAME:
            yield Error(
                f"IMAGES_MODELS contains a name of {len(name)} characters, which is too long for a model.",
                id="parley.E055",
            )
    priced = {what.rpartition("@")[0] or what for what in prices} - {"*"}
    sized = {what.rpartition("@")[0] for what in settings.IMAGES_SIZES} - {""}
    if unknown := sorted(sized - set(models)):
        yield Warning(
            f"IMAGES_SIZES has a size for {', '.join(unknown)}, which IMAGES_MODELS doesn’t name.",
            id="parley.W053",
        )
    if unknown := sorted(priced - set(models)):
        yield Warning(
            f"IMAGES_PRICES has a price for {', '.join(unknown)}, which IMAGES_MODELS doesn’t name.",
            id="parley.W052",
        )
