"""What answers cost, and the limits that hold before a question is sent.

Money is reserved in the transaction that stores the question and settled in the one that ends its answer, so neither
can happen without the other. A limit is a promise about reservations: at no moment do what was spent this month and
what is reserved for answers being written exceed it together. Only the real figure of an answer may turn out higher
than what was reserved for it.

Amounts are US dollars with six places. Months are those of UTC, and an answer belongs to the month in which it was
asked, whenever it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import LimitReached
from accounts.models import Membership, Spending, SpendingOfDay, SpendingOfSpace, Team, User
from accounts.services.teams import lock_team
from core.web import formats
from core.web.money import PLACES, exact_dollars

NOTHING = Decimal(0)
COUNTED = Coalesce("cost", "reserved")
"""What a row counts: its cost, and until that is known what is reserved for it."""
LOOKED_AT = 100  # answers from which one learns what the next will cost
ENOUGH = 10

KEPT = F("reported") + F("estimated") + F("unexplained") + F("reserved")
"""The same of sums that are kept, in millionths."""
REQUESTS: dict[str, Any] = {
    "answers": Sum("requests", filter=Q(kind=Spending.Kind.ANSWER), default=0),
    "images": Sum("requests", filter=Q(kind=Spending.Kind.IMAGE), default=0),
    "opinions": Sum("requests", filter=Q(kind=Spending.Kind.OPINION), default=0),
}
"""How many answers, images and second opinions some of the kept sums are of."""


@dataclass(frozen=True, slots=True)
class Total:
    """What some answers, images and second opinions cost together, and how many there are."""

    cost: Decimal = NOTHING
    answers: int = 0
    images: int = 0
    opinions: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """A monthly limit and how far it is used."""

    limit: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be spent this month."""
        return max(self.limit - self.spent, NOTHING)

    @property
    def is_reached(self) -> bool:
        """Whether nothing may be asked any more."""
        return self.left == 0

    @property
    def percent(self) -> int:
        """How much of it is used, in whole per cent, a hundred at most."""
        return min(100, int(self.spent * 100 / self.limit)) if self.limit else 100


@dataclass(frozen=True, slots=True)
class SpaceBudget:
    """A space, for which what is spent in it counts, and what may be spent there in a month, None for as much as the
    team may."""

    id: UUID
    name: str
    monthly_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class OwnSpending:
    """What one person spent of one team's money in a month, and their own limit there, if they have one."""

    membership: Membership
    total: Total
    limit: Limit | None


def reserve_spending(
    *,
    team: Team,
    user: User,
    answer_id: UUID,
    conversation_id: UUID | None,
    provider: str,
    model: str,
    amount: Decimal,
    kind: Spending.Kind = Spending.Kind.ANSWER,
    space: SpaceBudget | None = None,
) -> None:
    """Set aside what an answer, or an image, may cost, in the caller's transaction, as its last deed: the team's row
    stays locked.

    Raises LimitReached, with a sentence for the person, if that does not fit into the limits of person, space and team.
    """
    # One after the other, so that two questions at once cannot pass a limit together. Without the key: rows that
    # only refer to the team must not wait.
    held = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    now, amount = timezone.now(), amount.quantize(PLACES)
    places = Membership.objects.filter(team=team, user=user).values_list("monthly_limit", "role")
    own_limit, role = places.first() or (None, "")
    need = _Need(amount=amount, month=month_of(now), kind=kind, by_owner=role == Membership.Role.OWNER)
    _keep_within(held, user, own_limit=own_limit, space=space, need=need)
    Spending.objects.create(
        team=team,
        user=user,
        month=month_of(now),
        kind=kind,
        answer_id=answer_id,
        conversation_id=conversation_id,
        space_id=space.id if space else None,
        provider=provider,
        model=model,
        reserved=amount,
        asked_at=now,
    )


def settle_spending(*, answer_id: UUID, cost: Decimal, basis: str) -> bool:
    """Put what the answer, or image, really costs in place of what was reserved. False when that was done before, or
    never reserved; the first figure stands."""
    waiting = Spending.objects.filter(answer_id=answer_id, cost__isnull=True)
    return bool(waiting.update(cost=cost, basis=basis))


def usual_cost(*, provider: str, model: str) -> Decimal | None:
    """What nine of ten answers of the provider's model have cost at most, by the last LOOKED_AT of them that everybody
    here had; None where there are too few to go by."""
    rows = Spending.objects.filter(kind=Spending.Kind.ANSWER, provider=provider, model=model, cost__gt=0)
    costs = sorted(cost or NOTHING for cost in rows.order_by("-id").values_list("cost", flat=True)[:LOOKED_AT])
    return costs[len(costs) * 9 // 10] if len(costs) >= ENOUGH else None


def reserved_before(moment: datetime, *, kind: Spending.Kind = Spending.Kind.ANSWER) -> list[Spending]:
    """What was reserved before the moment and is not settled yet, oldest first, a thousand at most."""
    return list(Spending.objects.filter(kind=kind, cost__isnull=True, asked_at__lt=moment).order_by("pk")[:1000])


@transaction.atomic
def set_team_limit(*, team: Team, by: User, limit: Decimal | None) -> None:
    """Let the team spend so much in a month, None for as much as it likes. Raises PermissionDenied for no owner."""
    lock_team(team=team, by=by)
    Team.objects.filter(pk=team.pk).update(monthly_limit=limit)


@transaction.atomic
def set_member_limit(*, member: Membership, by: User, limit: Decimal | None) -> None:
    """Let one person spend so much of the team's money in a month, None for as much as the team may."""
    lock_team(team=member.team, by=by)
    Membership.objects.filter(pk=member.pk).update(monthly_limit=limit)


def month_of(moment: datetime) -> date:
    """The first day of the moment's month, in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def this_month() -> date:
    """The first day of the current month, in UTC."""
    return month_of(timezone.now())


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def spending_of_month(team_id: UUID, month: date) -> QuerySet[Spending]:
    """What the team spent and reserved in the month, answer by answer and image by image."""
    return Spending.objects.filter(team=team_id, month=month).order_by()


def own_spending(memberships: Sequence[Membership], month: date) -> list[OwnSpending]:
    """What the person with these memberships spent in the month, in each of the teams; one query for all."""
    user_ids = {membership.user_id for membership in memberships}
    team_ids = {membership.team_id for membership in memberships}
    sums = SpendingOfDay.objects.filter(team_id__in=team_ids, month=month, user_id__in=user_ids)
    rows: Any = sums.values("team_id").annotate(kept=Sum(KEPT), **REQUESTS)
    found = {
        row["team_id"]: Total(
            cost=in_dollars(row["kept"]), answers=row["answers"], images=row["images"], opinions=row["opinions"]
        )
        for row in rows
    }
    totals = [(membership, found.get(membership.team_id, Total())) for membership in memberships]
    return [
        OwnSpending(mine, spent, None if mine.monthly_limit is None else Limit(mine.monthly_limit, spent.cost))
        for mine, spent in totals
    ]


def spent_in_space(*, team_id: UUID, space_id: UUID, month: date) -> Decimal:
    """What was asked in the space in the month has cost so far, reservations included."""
    kept = SpendingOfSpace.objects.filter(team_id=team_id, month=month, space_id=space_id)
    return in_dollars(kept.aggregate(whole=Sum(KEPT))["whole"])


def conversation_total(conversation_id: UUID) -> Total:
    """What the answers of a conversation have cost so far, reservations included."""
    return total_of(Spending.objects.filter(conversation_id=conversation_id).order_by())


def total_of(rows: QuerySet[Spending]) -> Total:
    """What the rows come to."""
    kinds = {f"{kind}s": Count("pk", filter=Q(kind=kind)) for kind in Spending.Kind}
    sums = rows.aggregate(cost=Sum(COUNTED), **kinds)
    return Total(
        cost=exact_sum(sums["cost"]), answers=sums["answers"], images=sums["images"], opinions=sums["opinions"]
    )


def in_dollars(kept: int | None) -> Decimal:
    """An amount of kept sums, which are millionths, as dollars with six places."""
    return Decimal(kept or 0).scaleb(-6)


def exact_sum(found: Any) -> Decimal:
    """A sum as the database gives it, with exactly six places: SQLite adds up in binary."""
    return Decimal(found or 0).quantize(PLACES)


@dataclass(frozen=True, slots=True)
class _Need:
    """What shall be reserved in which month, and whether an owner of the team asks for it."""

    amount: Decimal
    month: date
    kind: Spending.Kind
    by_owner: bool


def _keep_within(team: Team, user: User, *, own_limit: Decimal | None, space: SpaceBudget | None, need: _Need) -> None:
    """Raises LimitReached if the amount does not fit into what is left; without limits nothing is added up."""
    if space:
        _keep_within_space(team, space, need)
    if team.monthly_limit is None and own_limit is None:
        return
    own, all_of_it = _spent_in_month(team, user, need.month)
    if own_limit is not None and not _fits(need.amount, own_limit - own):
        raise LimitReached(
            _("Your monthly limit is %(limit)s.") % {"limit": exact_dollars(own_limit)}
            + _way_out(need, own_limit - own)
        )
    if team.monthly_limit is not None and not _fits(need.amount, team.monthly_limit - all_of_it):
        raise LimitReached(
            _("The monthly limit of the team %(team)s is %(limit)s.")
            % {"team": team.name, "limit": exact_dollars(team.monthly_limit)}
            + _way_out(need, team.monthly_limit - all_of_it)
        )


def _keep_within_space(team: Team, space: SpaceBudget, need: _Need) -> None:
    if space.monthly_limit is None:
        return
    left = space.monthly_limit - spent_in_space(team_id=team.pk, space_id=space.id, month=need.month)
    if not _fits(need.amount, left):
        raise LimitReached(
            _("The monthly limit of the space %(space)s is %(limit)s.")
            % {"space": space.name, "limit": exact_dollars(space.monthly_limit)}
            + _way_out(need, left)
        )


def _spent_in_month(team: Team, user: User, month: date) -> tuple[Decimal, Decimal]:
    """What the person and what the whole team has spent and reserved in the month."""
    kept = SpendingOfDay.objects.filter(team_id=team.pk, month=month)
    sums = kept.aggregate(own=Sum(KEPT, filter=Q(user_id=user.pk)), whole=Sum(KEPT))
    return in_dollars(sums["own"]), in_dollars(sums["whole"])


def _fits(amount: Decimal, left: Decimal) -> bool:
    """Whether the amount may be reserved. Where nothing is left nothing may be asked, whatever it costs."""
    return left > 0 and amount <= left


def _way_out(need: _Need, left: Decimal) -> str:
    """What is left until when, and what to do: an owner raises the limit, everybody else asks one to."""
    facts = {
        "left": exact_dollars(max(left, NOTHING)),
        "amount": exact_dollars(need.amount),
        "day": formats.day(month_after(need.month)),
    }
    if left <= 0:
        said = _("It has been reached and resets on %(day)s (UTC).")
        todo = _("You can raise it.") if need.by_owner else _("A team owner can raise it.")
    elif need.kind == Spending.Kind.IMAGE:
        said = _("%(left)s is left until it resets on %(day)s (UTC), and an image of this kind costs %(amount)s.")
        todo = (
            _("Draw fewer or smaller images, choose a cheaper model, or raise the limit.")
            if need.by_owner
            else _("Draw fewer or smaller images, or choose a cheaper model. A team owner can raise the limit.")
        )
    elif need.kind == Spending.Kind.OPINION:
        said = _("%(left)s is left until it resets on %(day)s (UTC), and the second opinion may cost up to %(amount)s.")
        todo = (
            _("Ask about fewer citations, or raise the limit.")
            if need.by_owner
            else _("Ask about fewer citations. A team owner can raise the limit.")
        )
    else:
        said = _("%(left)s is left until it resets on %(day)s (UTC), and this question may cost up to %(amount)s.")
        todo = (
            _("Choose a cheaper model, ask a shorter question, or raise the limit.")
            if need.by_owner
            else _("Choose a cheaper model or ask a shorter question. A team owner can raise the limit.")
        )
    return f" {said % facts} {todo}"
