"""Telling people that what they verified ends in a week, and that it has ended."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Membership
from chat import access
from chat.models import Verification, Verifications
from chat.sources.verified.service import SOON

MOST_AT_ONCE = 500
MOST_SHOWN = 200


def note_reminders() -> int:
    """Note of whom it is time to remind; returns how many that were. The board of notices tells them.

    Each is told once, whichever process comes first. What ended while nothing was running is told as ended alone.
    """
    today, now = timezone.localdate(), timezone.now()
    standing = Verification.objects.standing()
    over = standing.filter(until__lt=today, ended_at=None)
    soon = standing.filter(until__gte=today, until__lte=today + SOON, reminded_at=None)
    told = over.filter(pk__in=list(over.values_list("pk", flat=True)[:MOST_AT_ONCE])).update(ended_at=now)
    return told + soon.filter(pk__in=list(soon.values_list("pk", flat=True)[:MOST_AT_ONCE])).update(reminded_at=now)


@dataclass(frozen=True, slots=True)
class OwnVerifications:
    """What a person vouches for, or did: what has ended, what ends within a week, and everything else."""

    over: list[Verification]
    soon: list[Verification]
    others: list[Verification]

    def __bool__(self) -> bool:
        return bool(self.over or self.soon or self.others)


def own_verifications(membership: Membership) -> OwnVerifications:
    """The person's standing verifications in the team, of what they may read now: the newest MOST_SHOWN."""
    today = timezone.localdate()
    found = list(_readable(membership)[:MOST_SHOWN])
    by_end = sorted((one for one in found if one.until), key=lambda one: one.until or today)
    over = [one for one in by_end if one.until and one.until < today]
    soon = [one for one in by_end if one.until and today <= one.until <= today + SOON]
    listed = {one.pk for one in (*over, *soon)}
    return OwnVerifications(over, soon, [one for one in found if one.pk not in listed])


def _readable(membership: Membership) -> Verifications:
    readable = access.readable_conversations(membership)
    own = Verification.objects.standing().filter(by=membership.user_id, by_name="", conversation__in=readable)
    return own.select_related("by", "conversation", "answer__question").order_by("-at", "-pk")
