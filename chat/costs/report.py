"""What a team's answers and images cost, by day, person, model, conversation, space and month: all of it for its
owners, and for everybody their own. `of` names a person, `space` a space in which it was asked, wherever it is now."""

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import Membership, Spending, SpendingOfConversation, SpendingOfDay, SpendingOfSpace, User
from accounts.services import budgets
from chat import access
from chat.costs import charts
from chat.models import Conversation, Space
from core import csv
from core.web import formats
from core.web.money import column_places, in_column

DEAREST = 10  # conversations
MONTHS = 12
MOST_SPACES = 100

_SUMS = {f"all_{name}": Sum(name, default=0) for name in ("reported", "estimated", "reserved", "unknown")}


@dataclass(frozen=True, slots=True)
class Costs:
    """What some answers and images cost, by where the figures come from, and how many that are.

    `reserved` is set aside for what is being written or drawn. Of `unknown` ones nobody said what they cost.
    """

    reported: Decimal = budgets.NOTHING
    estimated: Decimal = budgets.NOTHING
    reserved: Decimal = budgets.NOTHING
    answers: int = 0
    images: int = 0
    opinions: int = 0
    unknown: int = 0

    @property
    def requests(self) -> int:
        """How many answers, images and second opinions."""
        return self.answers + self.images + self.opinions

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.reported + self.estimated + self.reserved

    @property
    def by_kind(self) -> Mapping[str, Decimal]:
        """The amounts as a chart stacks them."""
        return {"reported": self.reported, "estimated": self.estimated, "reserved": self.reserved}


@dataclass(frozen=True, slots=True)
class PersonCosts:
    """What one person spent. `member` is None for somebody who has left the team."""

    user: User
    costs: Costs
    member: Membership | None

    @property
    def limit(self) -> budgets.Limit | None:
        """Their own limit, if they have one."""
        limit = self.member.monthly_limit if self.member else None
        return None if limit is None else budgets.Limit(limit, self.costs.total)


@dataclass(frozen=True, slots=True)
class ConversationCosts:
    """What one conversation cost. Without a `conversation` where the owner may not read it or it is deleted."""

    conversation: Conversation | None
    is_private: bool
    costs: Costs


@dataclass(frozen=True, slots=True)
class SpaceCosts:
    """What was asked in one space cost. Without a `space` where the person may not read it (`is_hidden`) or it is
    deleted."""

    space: Space | None
    is_hidden: bool
    costs: Costs

    @property
    def limit(self) -> budgets.Limit | None:
        """The limit of the space, if it has one."""
        limit = self.space.monthly_limit if self.space else None
        return None if limit is None else budgets.Limit(limit, self.costs.total)


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """One of the last months, with the share of the dearest among them, in per cent."""

    month: date
    costs: Costs
    share: int


def month_costs(membership: Membership, month: date, *, of: UUID | None = None, space: UUID | None = None) -> Costs:
    """What was spent in the month."""
    return _costs(_kept(membership, month, of, space).aggregate(**_SUMS, **budgets.REQUESTS))


def costs_by_person(
    membership: Membership, month: date, *, everybody: bool, space: UUID | None = None
) -> list[PersonCosts]:
    """Who spent how much, the largest sum first. With `everybody` also those on the team who spent nothing."""
    found = {row["user_id"]: _costs(row) for row in _group_by(_kept(membership, month, None, space), "user_id")}
    members = {
        member.user_id: member
        for member in Membership.objects.filter(team=membership.team_id).select_related("user", "team")
        if everybody or member.user_id in found
    }
    people = {user_id: member.user for user_id, member in members.items()} | User.objects.in_bulk(
        found.keys() - members.keys()
    )
    listed = [PersonCosts(user, found.get(pk, Costs()), members.get(pk)) for pk, user in people.items()]
    return sorted(listed, key=lambda person: (-person.costs.total, person.user.display_name))


def costs_by_model(
    membership: Membership, month: date, *, of: UUID | None = None, space: UUID | None = None
) -> list[tuple[str, str, Costs]]:
    """What each model cost: its name, its provider, the sums; the dearest first."""
    rows = _group_by(_kept(membership, month, of, space), "model", "provider")
    listed = [(row["model"], row["provider"], _costs(row)) for row in rows]
    return sorted(listed, key=lambda one: (-one[2].total, one[0], one[1]))


def dearest_conversations(membership: Membership, month: date) -> list[ConversationCosts]:
    """The conversations that cost most. Those that the person may not read have no title here either."""
    sums = SpendingOfConversation.objects.filter(team_id=membership.team_id, month=month)
    found = {one.conversation_id: _costs_of_conversation(one) for one in sums.order_by(budgets.KEPT.desc())[:DEAREST]}
    return _with_titles(membership, found)


def own_dearest_conversations(
    membership: Membership, month: date, *, space: UUID | None = None
) -> list[ConversationCosts]:
    """The conversations in which the person's own questions cost most."""
    own = budgets.spending_of_month(membership.team_id, month).filter(user=membership.user_id)
    return _dearest(membership, own.filter(space_id=space) if space else own)


def dearest_conversations_in(membership: Membership, month: date, *, space: UUID) -> list[ConversationCosts]:
    """The conversations in which questions asked in the space cost most."""
    return _dearest(membership, budgets.spending_of_month(membership.team_id, month).filter(space_id=space))


def _dearest(membership: Membership, spent: QuerySet[Spending]) -> list[ConversationCosts]:
    rows: Any = spent.exclude(conversation_id=None).values("conversation_id")
    sums = rows.annotate(cost=Sum(budgets.COUNTED), answers=Count("pk")).order_by("-cost")[:DEAREST]
    found = {
        row["conversation_id"]: Costs(reported=budgets.exact_sum(row["cost"]), answers=row["answers"]) for row in sums
    }
    return _with_titles(membership, found)


def _with_titles(membership: Membership, found: Mapping[UUID, Costs]) -> list[ConversationCosts]:
    readable = access.readable_conversations(membership).in_bulk(found)
    hidden = Conversation.objects.filter(pk__in=found.keys() - readable.keys(), deleted_at=None)
    private = set(hidden.values_list("pk", flat=True))
    return [
        ConversationCosts(readable.get(conversation_id), conversation_id in private, costs)
        for conversation_id, costs in found.items()
    ]


def costs_by_space(membership: Membership, month: date, *, of: UUID | None = None) -> list[SpaceCosts]:
    """What was asked in each space cost, the dearest first, MOST_SPACES at most. Those that the person may not read
    have no name here either; those with a limit that they may read are listed though nothing was asked in them."""
    sums = _of_person(SpendingOfSpace.objects.filter(team_id=membership.team_id, month=month), of)
    found = {row["space_id"]: _costs(row) for row in _group_by(sums, "space_id")}
    readable = access.readable_spaces(membership)
    wanted = Q(pk__in=found) if of else Q(pk__in=found) | Q(monthly_limit__isnull=False, archived=False)
    named = readable.filter(wanted).in_bulk()
    hidden = Space.objects.filter(pk__in=found.keys() - named.keys(), deleted_at=None)
    there = set(hidden.values_list("pk", flat=True))
    listed = [SpaceCosts(named.get(pk), pk in there, found.get(pk, Costs())) for pk in found.keys() | named.keys()]
    return sorted(listed, key=lambda one: (-one.costs.total, one.space.name if one.space else ""))[:MOST_SPACES]


def costs_by_day(
    membership: Membership, month: date, *, of: UUID | None = None, space: UUID | None = None
) -> list[tuple[date, Costs]]:
    """What each day of the month cost (UTC), those on which nothing was asked too."""
    found = {row["day"]: _costs(row) for row in _group_by(_kept(membership, month, of, space), "day")}
    days = calendar.monthrange(month.year, month.month)[1]
    return [(day, found.get(day, Costs())) for day in (month + timedelta(days=n) for n in range(days))]


def places_for(costs: Iterable[Costs]) -> int:
    """The decimal places in which all of these are written below each other."""
    return column_places(amount for one in costs for amount in (one.reported, one.estimated, one.total))


def daily_chart(days: Sequence[tuple[date, Costs]], *, places: int) -> charts.Chart:
    """The days as a chart; every seventh has its number below."""
    return charts.draw_chart(
        [
            charts.Column(
                label=str(day.day) if day.day % 7 == 1 else "",
                title=_("%(day)s: %(cost)s")
                % {"day": formats.day_of_year(day), "cost": in_column(costs.total, places)},
                amounts=costs.by_kind,
            )
            for day, costs in days
        ]
    )


def scale_places(chart: charts.Chart) -> int:
    """The decimal places of the amounts beside a chart, which are round: none of them is cut."""
    return max(2, *(-int(line.amount.normalize().as_tuple().exponent) for line in chart.lines))


def last_months(membership: Membership, *, of: UUID | None = None, space: UUID | None = None) -> list[MonthCosts]:
    """Those of the last twelve months in which something was asked, and the current one, which is first."""
    months = [budgets.this_month()]
    while len(months) < MONTHS:
        months.append(budgets.month_before(months[-1]))
    sums = _sums(membership, of, space).filter(month__gte=months[-1])
    found = {row["month"]: _costs(row) for row in _group_by(sums, "month")}
    most = max((costs.total for costs in found.values()), default=budgets.NOTHING) or Decimal(1)
    return [
        MonthCosts(month, costs, round(costs.total * 100 / most))
        for month, costs in ((month, found.get(month, Costs())) for month in months)
        if costs.requests or month == months[0]
    ]


def spending_rows(
    membership: Membership, month: date, *, of: UUID | None = None, space: UUID | None = None
) -> Iterator[Spending]:
    """Every answer and image of the month with its person, oldest first, read piece by piece."""
    rows = budgets.spending_of_month(membership.team_id, month).select_related("user").order_by("pk")
    rows = rows.filter(user=of) if of else rows
    rows = rows.filter(space_id=space) if space else rows
    last = 0
    while piece := list(rows.filter(pk__gt=last)[: csv.AT_ONCE]):
        yield from piece
        last = piece[-1].pk


def _kept(membership: Membership, month: date, of: UUID | None = None, space: UUID | None = None) -> QuerySet[Any]:
    return _sums(membership, of, space).filter(month=month)


def _sums(membership: Membership, of: UUID | None, space: UUID | None) -> QuerySet[Any]:
    if space:
        return _of_person(SpendingOfSpace.objects.filter(team_id=membership.team_id, space_id=space), of)
    return _of_person(SpendingOfDay.objects.filter(team_id=membership.team_id), of)


def _of_person(sums: QuerySet[Any], person: UUID | None) -> QuerySet[Any]:
    return sums.filter(user_id=person) if person else sums


def _group_by(sums: QuerySet[Any], *by: str) -> Any:
    return sums.values(*by).annotate(**_SUMS, **budgets.REQUESTS)


def _costs(row: Mapping[str, Any]) -> Costs:
    return Costs(
        reported=budgets.in_dollars(row["all_reported"]),
        estimated=budgets.in_dollars(row["all_estimated"]),
        reserved=budgets.in_dollars(row["all_reserved"]),
        answers=row["answers"],
        images=row["images"],
        opinions=row["opinions"],
        unknown=row["all_unknown"],
    )


def _costs_of_conversation(kept: SpendingOfConversation) -> Costs:
    return Costs(
        reported=budgets.in_dollars(kept.reported),
        estimated=budgets.in_dollars(kept.estimated),
        reserved=budgets.in_dollars(kept.reserved),
        answers=kept.requests,
        unknown=kept.unknown,
    )
