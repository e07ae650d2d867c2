"""Refuses what cannot work where a proxy stands in front of Parley."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

_PART_OF_A_PATH = re.compile(r"(?!\.{1,2}$)[\w.~-]+", re.ASCII)


@register
def check_proxies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the path of SITE_URL, and with whom TRUSTED_PROXIES names."""
    return [*_path(), *_trusted()]


def _path() -> Iterator[CheckMessage]:
    parts = settings.SITE_PATH.strip("/").split("/")
    if parts == [""]:
        return
    if not all(map(_PART_OF_A_PATH.fullmatch, parts)):
        yield Error(
            f"The path in SITE_URL is {settings.SITE_PATH}. It must consist of letters, digits, hyphens, dots and "
            "underscores, such as https://example.org/parley.",
            id="parley.E070",
        )
    elif parts[0] in {"static", *_first_parts(import_string("config.urls.addresses"))}:
        yield Error(
            f"The path in SITE_URL starts with /{parts[0]}/, where Parley has its own pages, so it couldn’t tell "
            "whether a proxy has removed it. Choose another path, such as https://example.org/parley.",
            id="parley.E071",
        )


def _first_parts(patterns: Sequence[Any]) -> set[str]:
    """How the addresses of Parley's pages begin."""
    found: set[str] = set()
    for pattern in patterns:
        first = str(pattern.pattern).partition("/")[0]
        found |= {first} if first else _first_parts(getattr(pattern, "url_patterns", []))
    return found


def _trusted() -> Iterator[CheckMessage]:
    everybody = next((str(network) for network in settings.TRUSTED_PROXIES if not network.prefixlen), "")
    if everybody:
        yield Error(
            f"TRUSTED_PROXIES includes {everybody}, which means everyone: someone guessing passwords could claim a "
            "new address with each guess. Name only your proxy or its network.",
            id="parley.E072",
        )
