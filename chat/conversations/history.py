"""What the sidebar shows: a team's conversations, newest first, in groups by the reader's days."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from chat import access
from chat.models import Answer, Conversation
from core.web.paging import Cursor

PAGE = 40
MOST = 400


class HistoryFilter(TextChoices):
    """Which conversations a history shows. All but *Archived* leave out the archived ones."""

    EVERYONE = "everyone", _("Everyone")
    MINE = "mine", _("Mine")
    PINNED = "pinned", pgettext_lazy("several", "Pinned")
    ARCHIVED = "archived", pgettext_lazy("several", "Archived")


class HistoryDay(TextChoices):
    """How long ago a conversation was last asked in, in days of the reader."""

    TODAY = "today", _("Today")
    YESTERDAY = "yesterday", _("Yesterday")
    WEEK = "week", _("Previous 7 days")
    OLDER = "older", _("Older")


@dataclass(frozen=True)
class HistoryRow:
    """A conversation in the list, and whether an answer is being written in it."""

    conversation: Conversation
    is_writing: bool
    day: HistoryDay

    @property
    def is_private(self) -> bool:
        """Whether its owner alone sees it."""
        return self.conversation.visibility == Conversation.Visibility.PRIVATE

    @property
    def version(self) -> int:
        """A number that changes when anything does that the row shows."""
        shown = self.conversation
        facts = (shown.pk, shown.title, shown.visibility, shown.pinned, shown.last_asked_at, self.is_writing, self.day)
        return int.from_bytes(hashlib.blake2b(repr(facts).encode(), digest_size=8).digest())


@dataclass(frozen=True)
class HistoryGroup:
    """Rows of the same age. A group that goes on from the page before has no heading of its own."""

    day: HistoryDay
    rows: list[HistoryRow]
    goes_on: bool


@dataclass(frozen=True)
class HistoryPage:
    """A stretch of the list, the place where it ends, and the place from which it goes on if it does."""

    filter: HistoryFilter
    groups: list[HistoryGroup]
    end: Cursor | None
    next: Cursor | None

    @property
    def version(self) -> int:
        """A number that changes when anything does that the stretch shows.

        The versions of two stretches that follow each other combine by `^` into that of both, so that a list that
        has grown while somebody scrolled is compared without reading what was loaded before.
        """
        combined = 0
        for group in self.groups:
            for row in group.rows:
                combined ^= row.version
        return combined


def history_page(
    membership: Membership, *, filter: HistoryFilter, before: Cursor | None = None, limit: int = PAGE
) -> HistoryPage:
    """The next conversations of the list, from its head or after a place, with two queries."""
    found = list(_conversations(membership, filter, before.after("last_asked_at") if before else Q())[: limit + 1])
    shown = found[:limit]
    end = _place_of(shown[-1]) if shown else before
    return HistoryPage(
        filter=filter,
        groups=_groups(membership, shown, goes_on=day_of(before.at, now=timezone.now()) if before else None),
        end=end,
        next=end if len(found) > limit else None,
    )


def refreshed_history_page(membership: Membership, *, filter: HistoryFilter, until: Cursor) -> HistoryPage | None:
    """The list from its head through a place, as it is now; None when that is more than MOST rows."""
    shown = list(_conversations(membership, filter, until.through("last_asked_at"))[: MOST + 1])
    if len(shown) > MOST:
        return None
    more = _conversations(membership, filter, until.after("last_asked_at")).exists()
    return HistoryPage(
        filter=filter, groups=_groups(membership, shown, goes_on=None), end=until, next=until if more else None
    )


def _conversations(membership: Membership, filter: HistoryFilter, place: Q) -> QuerySet[Conversation]:
    found = access.readable_conversations(membership).filter(place, archived=filter == HistoryFilter.ARCHIVED)
    if filter == HistoryFilter.MINE:
        found = found.filter(owner=membership.user_id)
    if filter == HistoryFilter.PINNED:
        found = found.filter(pinned=True)
    return found.select_related("owner").order_by("-last_asked_at", "-id")


def _groups(
    membership: Membership, conversations: list[Conversation], *, goes_on: HistoryDay | None
) -> list[HistoryGroup]:
    writing, now = _being_written(membership) if conversations else set(), timezone.now()
    rows = [HistoryRow(shown, shown.pk in writing, day_of(shown.last_asked_at, now=now)) for shown in conversations]
    return [
        HistoryGroup(day, list(members), goes_on=day == goes_on and number == 0)
        for number, (day, members) in enumerate(groupby(rows, key=lambda row: row.day))
    ]


def _being_written(membership: Membership) -> set[UUID]:
    """The team's conversations with a live answer: few, and found by the index of answers being written."""
    live = Answer.objects.filter(state__in=Answer.LIVE, question__conversation__team=membership.team_id)
    return set(live.order_by().values_list("question__conversation", flat=True))


def _place_of(conversation: Conversation) -> Cursor:
    return Cursor(at=conversation.last_asked_at, id=conversation.pk)


def day_of(moment: datetime, *, now: datetime) -> HistoryDay:
    """How long ago the moment is, by the days of the time zone in force."""
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if days <= 0:
        return HistoryDay.TODAY
    if days == 1:
        return HistoryDay.YESTERDAY
    return HistoryDay.WEEK if days <= 7 else HistoryDay.OLDER
