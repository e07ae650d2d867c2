"""What the database says of the work that goes on. Every process tells the same.

Each figure comes from an index or from sums that the database keeps, so all of them together take some milliseconds,
however much was ever asked; and whoever asks again within FRESH_FOR seconds gets the same.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Count, Min, Sum
from django.utils import timezone

from accounts.models import SpendingOfDay, Team
from chat.models import Answer
from config.models import BackupSchedule
from core.web.jobs.leases import every_kind
from core.web.outages import outage_of, tell_outage
from imaging.models import GeneratedImage

FRESH_FOR = 5.0  # seconds
MILLIONTHS = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stood `at` that moment. Sizes are in bytes, amounts in US dollars."""

    at: datetime
    running: Mapping[tuple[str, str], int]
    """Answers that wait or are being written, by provider and state."""
    queued: int
    """Answers that wait for their turn, because the service takes no more questions."""
    queued_since: datetime | None
    jobs: Mapping[str, tuple[int, int]]
    """For each kind of job how many wait for a process, and how many a process does."""
    spent: Mapping[tuple[str, str, str], Decimal]
    """This month's spending by kind, provider and basis."""
    reserved: Decimal
    asked: Mapping[tuple[str, str], int]
    """What was asked for this month, by kind and provider."""
    images: Mapping[str, int]
    """Generated images by state."""
    review_since: datetime | None
    """Since when the oldest image waits for review."""
    database_size: int
    backup_at: datetime | None
    backup_failed: bool


class KeptFigures:
    """The figures, looked up again when they are older than `fresh_for` seconds. From any thread."""

    def __init__(self, *, fresh_for: float = FRESH_FOR) -> None:
        self._fresh_for = fresh_for
        self._lock = threading.Lock()
        self._kept: tuple[float, Figures | None] | None = None

    def current(self) -> Figures | None:
        """How things stand; None where the database cannot be asked."""
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] >= self._fresh_for:
                self._kept = time.monotonic(), _read_or_none()
            return self._kept[1]


kept_figures = KeptFigures()


def read_figures() -> Figures:
    """How things stand now. Raises DatabaseError."""
    live = Answer.objects.filter(state__spelled_in=Answer.LIVE).order_by()
    by_provider = live.values("provider", "state").annotate(n=_HOW_MANY)
    running = {(row["provider"], row["state"]): row["n"] for row in by_provider}
    in_line = live.filter(state=Answer.State.WAITING, admitted_at=None).exclude(lane="")
    queue = in_line.aggregate(n=Count("pk"), since=Min("created_at"))
    images = GeneratedImage.objects.order_by().values("state").annotate(n=_HOW_MANY, since=Min("created_at"))
    states: dict[str, Mapping[str, Any]] = {row["state"]: row for row in images}
    schedule = BackupSchedule.objects.filter(pk=BackupSchedule.ONLY).first()
    return Figures(
        at=timezone.now(),
        running=running,
        queued=queue["n"],
        queued_since=queue["since"],
        jobs={leases.kind: leases.count() for leases in every_kind()},
        **_spending(timezone.now().date().replace(day=1)),
        images={state: states[state]["n"] if state in states else 0 for state in GeneratedImage.State.values},
        review_since=states.get(GeneratedImage.State.PENDING, {}).get("since"),
        database_size=database_size(),
        backup_at=schedule.succeeded_at if schedule else None,
        backup_failed=bool(schedule and schedule.error),
    )


def database_size() -> int:
    """Bytes that the database takes. Raises DatabaseError."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


_HOW_MANY = Count("pk")


def _spending(month: date) -> dict[str, Any]:
    """What this month came to. The sums of a month stand together for each team, so the teams are named."""
    rows: Iterable[Mapping[str, Any]] = (
        SpendingOfDay.objects.filter(team_id__in=Team.objects.order_by().values("pk"), month=month)
        .order_by()
        .values("kind", "provider")
        .annotate(*(Sum(name) for name in ("reported", "estimated", "unexplained", "reserved", "requests")))
    )
    spent, asked, reserved = {}, {}, Decimal(0)
    for row in rows:
        kind, provider = row["kind"], row["provider"]
        for basis in ("reported", "estimated", "unexplained"):
            if amount := row[f"{basis}__sum"]:
                spent[kind, provider, basis] = amount / MILLIONTHS
        asked[kind, provider] = int(row["requests__sum"])
        reserved += row["reserved__sum"] / MILLIONTHS
    return {"spent": spent, "asked": asked, "reserved": reserved}


def _read_or_none() -> Figures | None:
    try:
        return read_figures()
    except DatabaseError as fault:
        if not outage_of(fault):
            raise
        tell_outage(fault, during="The figures for /metrics cannot be looked up")
        return None
