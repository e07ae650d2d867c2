"""What the sidebar shows: the pinned conversations of a team, then the others by the reader's days, newest first."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from chat import access
from chat.models import Answer, Conversation, Space, Verification
from chat.notifications.read_marks import unread_by
from core.web.paging import Cursor

PAGE = 40
MOST = 400
EVERYTHING = Q()
MOST_PINNED = 12
"""Pinned conversations above the others; *Pinned* shows all of them."""


class HistoryFilter(TextChoices):
    """Which conversations a history shows. All but *Archived* leave out the archived ones."""

    EVERYONE = "everyone", _("Everyone")
    MINE = "mine", _("Mine")
    PINNED = "pinned", pgettext_lazy("several", "Pinned")
    ARCHIVED = "archived", pgettext_lazy("several", "Archived")

    @property
    def has_pinned_above(self) -> bool:
        """Whether the pinned ones stand above the others."""
        return self in {HistoryFilter.EVERYONE, HistoryFilter.MINE}


class HistoryDay(TextChoices):
    """How long ago a conversation was last asked in, in days of the reader."""

    TODAY = "today", _("Today")
    YESTERDAY = "yesterday", _("Yesterday")
    WEEK = "week", _("Previous 7 days")
    OLDER = "older", _("Older")


@dataclass(frozen=True)
class HistoryRow:
    """A conversation in the list, whether an answer is being written in it, whether one has ended that the reader has
    not seen, and whether somebody vouches for one; with its space, as far as they may read it."""

    conversation: Conversation
    is_writing: bool
    is_unread: bool
    day: HistoryDay
    space: Space | None = None
    is_verified: bool = False

    @property
    def is_private(self) -> bool:
        """Whether its owner alone sees it."""
        return self.conversation.is_private

    @property
    def version(self) -> int:
        """A number that changes when anything does that the row shows."""
        shown = self.conversation
        space = self.space and (self.space.name, self.space.colour)
        marks = (shown.visibility, space, shown.pinned, self.is_writing, self.is_unread, self.is_verified)
        facts = (shown.pk, shown.title, shown.last_asked_at, self.day, *marks)
        return int.from_bytes(hashlib.blake2b(repr(facts).encode(), digest_size=8).digest())


@dataclass(frozen=True)
class HistoryGroup:
    """Rows of the same age, or with no `day` the pinned ones. A group that goes on from the page before has no heading
    of its own; of pinned ones with `has_more`, only the newest are here."""

    day: HistoryDay | None
    rows: list[HistoryRow]
    goes_on: bool
    has_more: bool = False

    @property
    def label(self) -> str:
        """The heading."""
        return str(HistoryFilter.PINNED.label if self.day is None else self.day.label)


@dataclass(frozen=True)
class HistoryPage:
    """A stretch of the list, the place where it ends, and the place from which it goes on if it does."""

    filter: HistoryFilter
    groups: list[HistoryGroup]
    end: Cursor | None
    next: Cursor | None
    space: Space | None = None

    @property
    def query(self) -> str:
        """What an address says so that it is this list."""
        of_space = f"&space={self.space.pk}" if self.space else ""
        return f"filter={self.filter.value}{of_space}"

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
    membership: Membership,
    *,
    filter: HistoryFilter,
    before: Cursor | None = None,
    limit: int = PAGE,
    condition: Q = EVERYTHING,
    space: Space | None = None,
) -> HistoryPage:
    """The next conversations of the list, from its head or after a place, with two queries, one more for the pinned
    ones at the head and one for the spaces. With a `condition`, those that meet it; with a `space`, those in it."""
    condition &= _in_space(space)
    place = condition & before.after("last_asked_at") if before else condition
    found = list(_conversations(membership, filter, place)[: limit + 1])
    shown = found[:limit]
    end = _place_of(shown[-1]) if shown else before
    return HistoryPage(
        filter=filter,
        groups=_groups(
            membership,
            pinned=[] if before else _pinned(membership, filter, condition),
            others=shown,
            goes_on=day_of(before.at, now=timezone.now()) if before else None,
        ),
        end=end,
        next=end if len(found) > limit else None,
        space=space,
    )


def refreshed_history_page(
    membership: Membership, *, filter: HistoryFilter, until: Cursor, space: Space | None = None
) -> HistoryPage | None:
    """The list from its head through a place, as it is now; None when that is more than MOST rows."""
    condition = _in_space(space)
    shown = list(_conversations(membership, filter, condition & until.through("last_asked_at"))[: MOST + 1])
    if len(shown) > MOST:
        return None
    more = _conversations(membership, filter, condition & until.after("last_asked_at")).exists()
    return HistoryPage(
        filter=filter,
        groups=_groups(membership, pinned=_pinned(membership, filter, condition), others=shown, goes_on=None),
        end=until,
        next=until if more else None,
        space=space,
    )


def _in_space(space: Space | None) -> Q:
    return Q(space=space) if space else EVERYTHING


def _conversations(membership: Membership, filter: HistoryFilter, place: Q) -> QuerySet[Conversation]:
    """Those of the filter without the ones that stand above them as pinned."""
    found = filtered_conversations(membership, filter).filter(place)
    return found.filter(pinned=False) if filter.has_pinned_above else found


def _pinned(membership: Membership, filter: HistoryFilter, condition: Q) -> list[Conversation]:
    """The pinned ones above the others, one more than are shown if there are more."""
    if not filter.has_pinned_above:
        return []
    return list(filtered_conversations(membership, filter).filter(condition, pinned=True)[: MOST_PINNED + 1])


def filtered_conversations(membership: Membership, filter: HistoryFilter) -> QuerySet[Conversation]:
    """All that the filter shows, the one asked in last first."""
    found = access.readable_conversations(membership).filter(archived=filter == HistoryFilter.ARCHIVED)
    if filter == HistoryFilter.MINE:
        found = found.filter(owner=membership.user_id)
    if filter == HistoryFilter.PINNED:
        found = found.filter(pinned=True)
    verified = Verification.objects.in_force(timezone.localdate()).filter(conversation=OuterRef("pk"))
    found = found.annotate(is_unread=unread_by(membership.user_id), is_verified=Exists(verified))
    return found.select_related("owner").order_by("-last_asked_at", "-id")


def _groups(
    membership: Membership, *, pinned: list[Conversation], others: list[Conversation], goes_on: HistoryDay | None
) -> list[HistoryGroup]:
    writing, now = _being_written(membership) if pinned or others else set(), timezone.now()
    spaces = spaces_of(membership, [*pinned, *others])

    def rows(conversations: list[Conversation]) -> list[HistoryRow]:
        return [
            HistoryRow(
                conversation=one,
                is_writing=one.pk in writing,
                is_unread=getattr(one, "is_unread", False),
                day=day_of(one.last_asked_at, now=now),
                space=spaces.get(one.space_id) if one.space_id else None,
                is_verified=getattr(one, "is_verified", False),
            )
            for one in conversations
        ]

    groups = [
        HistoryGroup(day, list(members), goes_on=day == goes_on and number == 0)
        for number, (day, members) in enumerate(groupby(rows(others), key=lambda row: row.day))
    ]
    if not pinned:
        return groups
    above = HistoryGroup(None, rows(pinned[:MOST_PINNED]), goes_on=False, has_more=len(pinned) > MOST_PINNED)
    return [above, *groups]


def spaces_of(membership: Membership, conversations: Iterable[Conversation]) -> dict[UUID, Space]:
    """The spaces of the conversations, as far as the person may read them. A private conversation can be in a space
    that its owner has left."""
    ids = {one.space_id for one in conversations if one.space_id}
    return access.readable_spaces(membership).only("name", "colour").in_bulk(ids) if ids else {}


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
