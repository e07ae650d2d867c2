"""`GET /metrics`: figures in the text format of Prometheus, for whoever has the token or asks from a network of ours.

docs/operating.md says what they mean. They name providers, states and kinds, and never people, teams or words.
"""

import hmac
import ipaddress
import platform
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from config.operations.figures import Figures, kept_figures
from config.operations.shared_counts import counted_by_all
from core.version import parley_version


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures. Raises Http404 for everybody who is not to see them: nobody learns that there are any."""
    if not (_has_token(request) or _asks_from_network(request)):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Everything())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_token(request: HttpRequest) -> bool:
    scheme, _blank, said = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and hmac.compare_digest(said.strip().encode(), wanted.encode())


def _asks_from_network(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_ADDRESSES)


class _Everything(Collector):
    """What the processes counted, and what the database says."""

    def collect(self) -> Iterator[Metric]:
        """All figures."""
        yield from counted_by_all()
        yield _gauge(
            "parley_build_info",
            "The versions of what runs here.",
            {
                (
                    ("database", connection.vendor),
                    ("django", django.get_version()),
                    ("python", platform.python_version()),
                    ("version", parley_version()),
                ): 1
            },
        )
        figures = kept_figures.current()
        yield _gauge("parley_database_up", "Whether the database answers.", {(): figures is not None})
        if figures:
            yield from _of_database(figures)


def _of_database(figures: Figures) -> Iterable[Metric]:
    yield _gauge(
        "parley_answers_running",
        "Answers that wait or are being written.",
        {(("provider", provider), ("state", state)): n for (provider, state), n in figures.running.items()},
        "provider",
        "state",
    )
    yield _gauge("parley_queue_length", "Answers that wait for their turn at the service.", {(): figures.queued})
    yield _age("parley_queue_oldest_seconds", "How long the first of them waits.", figures.queued_since)
    waiting_or_running = {
        (("kind", kind), ("state", state)): n
        for kind, counts in figures.jobs.items()
        for state, n in zip(("waiting", "running"), counts, strict=True)
    }
    yield _gauge("parley_jobs", "Jobs by what becomes of them.", waiting_or_running, "kind", "state")
    yield _gauge(
        "parley_spending_usd",
        "US dollars spent this month (UTC), by who said how much it was.",
        {
            (("basis", basis), ("kind", kind), ("provider", provider)): float(amount)
            for (kind, provider, basis), amount in figures.spent.items()
        },
        "basis",
        "kind",
        "provider",
    )
    yield _gauge("parley_reserved_usd", "US dollars reserved for what is being made.", {(): float(figures.reserved)})
    yield _gauge(
        "parley_requests_month",
        "Answers, images and second opinions that were asked for this month (UTC).",
        {(("kind", kind), ("provider", provider)): n for (kind, provider), n in figures.asked.items()},
        "kind",
        "provider",
    )
    images = {(("state", state),): n for state, n in figures.images.items()}
    yield _gauge("parley_images", "Generated images.", images, "state")
    yield _age("parley_review_oldest_seconds", "How long the oldest image waits for review.", figures.review_since)
    yield _gauge("parley_database_bytes", "The size of the database.", {(): figures.database_size})
    if figures.backup_at:
        last = {(): figures.backup_at.timestamp()}
        yield _gauge("parley_backup_timestamp_seconds", "When the last good automatic backup was begun.", last)
    yield _gauge("parley_backup_failed", "Whether the last automatic backup failed.", {(): figures.backup_failed})


Labelled = Mapping[Any, float]
"""Figures by their labels, each of these a tuple of pairs."""


def _gauge(name: str, what: str, values: Labelled, *labels: str) -> Metric:
    metric = GaugeMetricFamily(name, what, labels=labels)
    for said, value in values.items():
        metric.add_sample(name, dict(said), float(value))
    return metric


def _age(name: str, what: str, since: datetime | None) -> Metric:
    """Seconds since then, 0 where nothing waits."""
    return _gauge(name, what, {(): max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0})
