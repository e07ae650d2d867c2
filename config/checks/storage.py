"""Refuses settings of a storage that speaks S3 that cannot work, as `config.checks.deployment` does for all others."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config.checks.addresses import holds_a_login, is_unencrypted, split_url, web_host

NAMES = ("S3_ACCESS_KEY_ID", "S3_ENDPOINT_URL", "S3_PREFIX", "S3_REGION", "S3_SECRET_ACCESS_KEY")


@register
def check_storage(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is impossible or unwise about where files are kept."""
    if not settings.S3_BUCKET:
        return list(_nowhere())
    return [*_keys(), *_address(settings.S3_ENDPOINT_URL), *_prefix(settings.S3_PREFIX)]


def _nowhere() -> Iterator[CheckMessage]:
    stray = [name for name in NAMES if getattr(settings, name)]
    if stray:
        yield Error(
            f"{stray[0]} is set, but S3_BUCKET is not, so files would stay in the data folder. "
            "Set S3_BUCKET too, or none of them.",
            id="parley.E040",
        )


def _keys() -> Iterator[CheckMessage]:
    both = {name: getattr(settings, name) for name in ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")}
    absent = [name for name, value in both.items() if not value]
    if len(absent) == 1:
        yield Error(
            f"{absent[0]} is not set, but the other half of the key is. Set both; with neither, Parley uses the "
            "credentials that the machine provides for S3.",
            id="parley.E041",
        )


def _address(endpoint: str) -> Iterator[CheckMessage]:
    url = split_url(endpoint)
    if not endpoint:
        return
    hostname = web_host(url)
    if url is None or not hostname:
        yield Error(
            f"S3_ENDPOINT_URL is “{endpoint}”. It must start with https:// or http:// and name a host.",
            id="parley.E042",
        )
    elif holds_a_login(url):
        yield Error(
            "S3_ENDPOINT_URL contains a user name or password, which would end up in logs. Remove it and set "
            "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY instead.",
            id="parley.E043",
        )
    elif is_unencrypted(url):
        yield Warning(
            f"Files are sent unencrypted to {hostname}. That may be fine inside your own network; "
            "otherwise use https in S3_ENDPOINT_URL.",
            id="parley.W040",
        )


def _prefix(prefix: str) -> Iterator[CheckMessage]:
    if prefix and any(part in {"", ".", ".."} for part in prefix.strip("/").split("/")):
        yield Error(
            f"S3_PREFIX is “{prefix}”. It must be the name of a folder, such as parley or teams/parley.",
            id="parley.E044",
        )
