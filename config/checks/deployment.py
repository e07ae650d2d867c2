"""Refuses settings that contradict each other, with a sentence that says what to change."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.http.request import validate_host

from config.checks.addresses import holds_a_login, is_unencrypted, split_url, web_host
from upstream.catalog.rules import MODELS
from upstream.endpoints import is_local

SHORTEST_SECRET = 32


@register
def check_deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that Parley itself knows to be impossible or unwise about its settings."""
    return [*_address(), *_upstream(), *_files(), *_secret(), *_review()]


def _address() -> Iterator[CheckMessage]:
    url = split_url(settings.SITE_URL)
    hostname = web_host(url)
    if url is None or not hostname or url.query or url.fragment:
        yield Error(
            f"SITE_URL is “{settings.SITE_URL}”. It must be the address where people open Parley, such as "
            "https://parley.example or https://example.org/parley.",
            id="parley.E001",
        )
        return
    host = f"[{hostname}]" if ":" in hostname else hostname
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"SITE_URL says that people open Parley at {hostname}, but ALLOWED_HOSTS doesn’t include it, so every "
            "page would be refused. Set both, or neither.",
            id="parley.E002",
        )
    if settings.DEBUG and not is_local(hostname):
        yield Error(
            f"DEBUG is on while SITE_URL is {settings.SITE_URL}. Error pages would show settings and code to "
            "everyone: turn DEBUG off, or leave SITE_URL at its default.",
            id="parley.E003",
        )
    public = sorted(name for name in settings.ALLOWED_HOSTS if not is_local(name.strip("[]")))
    if public and is_local(hostname):
        yield Error(
            f"ALLOWED_HOSTS includes {public[0]}, but SITE_URL is {settings.SITE_URL}, so the links in invitations "
            "would lead nowhere. Set SITE_URL to the address where people open Parley.",
            id="parley.E004",
        )
    elif is_unencrypted(url) and not settings.DEBUG:
        yield Warning(
            f"SITE_URL is {settings.SITE_URL}, without https: passwords and answers can be read in transit. Put "
            "Parley behind a proxy that supports HTTPS (README.md shows one).",
            id="parley.W001",
        )
    if settings.SECURE_HSTS_PRELOAD and not settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        yield Error(
            "HSTS_PRELOAD is on, but HSTS_INCLUDE_SUBDOMAINS is not: browsers accept a host into their lists only "
            "together with all its subdomains. Set both if all of them use HTTPS and always will; otherwise set "
            "neither.",
            id="parley.E012",
        )


def _upstream() -> Iterator[CheckMessage]:
    base = settings.PERPLEXITY_BASE_URL
    url = split_url(base)
    if base and not web_host(url):
        yield Error(
            f"PERPLEXITY_BASE_URL is “{base}”. It must start with https:// or http:// and name a host.",
            id="parley.E005",
        )
    elif url is not None and holds_a_login(url):
        yield Error(
            "PERPLEXITY_BASE_URL contains a user name or password, which would end up in logs. Remove it and set "
            "PERPLEXITY_API_KEY instead.",
            id="parley.E006",
        )
    elif url is not None and is_unencrypted(url) and settings.PERPLEXITY_API_KEY:
        yield Error(
            f"PERPLEXITY_API_KEY would be sent unencrypted to {url.hostname}. Use https in PERPLEXITY_BASE_URL.",
            id="parley.E007",
        )
    for name in ("PERPLEXITY_CHAT_PATH", "PERPLEXITY_AGENT_PATH"):
        path = getattr(settings, name)
        if not path.startswith("/"):
            yield Error(f"{name} is “{path}”. It must start with a slash.", id="parley.E008")
    foreign = [name for name in settings.PERPLEXITY_MODELS if name in MODELS]
    if foreign and settings.PERPLEXITY_PROVIDER == "agent":
        yield Error(
            f"PERPLEXITY_MODELS names {foreign[0]}, which the Agent API doesn’t have, but PERPLEXITY_PROVIDER is "
            "agent. Name models such as perplexity/sonar or presets such as low, or leave PERPLEXITY_MODELS unset.",
            id="parley.E011",
        )
    if settings.PERPLEXITY_MODELS and not (base or settings.PERPLEXITY_API_KEY):
        yield Warning(
            "PERPLEXITY_MODELS has no effect unless a key is saved on the page Connect Perplexity: neither "
            "PERPLEXITY_API_KEY nor PERPLEXITY_BASE_URL is set, and the demo has its own models.",
            id="parley.W002",
        )


def _files() -> Iterator[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        yield Error(
            f"DATA_DIR is {folder}, and Parley can’t write to it. Create that folder, and make sure that it "
            "belongs to the user that runs Parley.",
            id="parley.E009",
        )


def _secret() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Error(
            f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters, so sessions could be forged. Leave it unset: "
            "Parley then creates one and keeps it in the data folder.",
            id="parley.E010",
        )


def _review() -> Iterator[CheckMessage]:
    if settings.REVIEW_OWN_IMAGES:
        yield Info(
            "REVIEW_OWN_IMAGES is on: reviewers can approve images that they requested themselves. Turn it off as "
            "soon as someone else can review them.",
            id="parley.I001",
        )
