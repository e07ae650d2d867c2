"""What review achieves: how much waits, how long a decision takes, and who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

from accounts.models import User
from imaging.access import reviewed_by
from imaging.models import Decision
from imaging.review import queue

Verdict = Decision.Verdict
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class VerdictShare:
    """How often one reviewer has decided."""

    reviewer: User
    approved: int
    rejected: int
    undone: int

    @property
    def decided(self) -> int:
        """Decisions, those that were taken back later included."""
        return self.approved + self.rejected


@dataclass(frozen=True, slots=True)
class Figures:
    """The last `LATELY`, and the queue as it is now. `median` is None where nothing was decided."""

    waiting: int
    oldest: datetime | None
    decided: int
    median: timedelta | None
    shares: Sequence[VerdictShare]

    @property
    def median_in_words(self) -> str:
        """Such as *2 hours, 5 minutes*; empty where nothing was decided."""
        if self.median is None:
            return ""
        if self.median < timedelta(minutes=1):
            return ngettext("%(n)d second", "%(n)d seconds", self.median.seconds) % {"n": self.median.seconds}
        now = timezone.now()
        return timesince(now - self.median, now)


def review_figures(user: User) -> Figures:
    """The figures of the teams whose images this person reviews."""
    waiting, oldest = queue.count_and_oldest(user)
    since, within_reach = timezone.now() - LATELY, Decision.objects.filter(reviewed_by(user, "image__team"))
    durations = _durations(within_reach, since)
    return Figures(
        waiting=waiting,
        oldest=oldest,
        decided=len(durations),
        median=timedelta(seconds=median(durations)) if durations else None,
        shares=_shares(within_reach, since),
    )


def _durations(within_reach: QuerySet[Decision], since: datetime) -> list[float]:
    """Seconds from each image to its first decision, for the images that got theirs since then."""
    decisions = Decision.objects.exclude(verdict=Verdict.UNDONE).order_by()
    earlier = decisions.filter(image=OuterRef("image"), pk__lt=OuterRef("pk"))
    firsts = within_reach.exclude(verdict=Verdict.UNDONE).order_by().filter(~Exists(earlier), at__gte=since)
    return [
        max(0.0, (at - (drawn_at or created_at)).total_seconds())
        for at, drawn_at, created_at in firsts.values_list("at", "image__drawn_at", "image__created_at")
    ]


def _shares(within_reach: QuerySet[Decision], since: datetime) -> list[VerdictShare]:
    counted = list(
        within_reach.filter(at__gte=since)
        .order_by()
        .values("by")
        .annotate(
            approved=Count("pk", filter=Q(verdict=Verdict.APPROVED)),
            rejected=Count("pk", filter=Q(verdict=Verdict.REJECTED)),
            undone=Count("pk", filter=Q(verdict=Verdict.UNDONE)),
        )
    )
    people = User.objects.in_bulk([row["by"] for row in counted])
    shares = [VerdictShare(people[row["by"]], row["approved"], row["rejected"], row["undone"]) for row in counted]
    return sorted(shares, key=lambda share: (-share.decided, share.reviewer.display_name))
