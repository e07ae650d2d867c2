"""Watches as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Membership
from accounts.services import budgets
from chat import access
from chat.catalog import offers
from chat.models import CheckedMark, Watch, WatchFollower, WatchRun
from chat.watches import changes, money
from core.web.money import rounded_dollars

PAGE = 30
RUNS = 30


@dataclass(frozen=True, slots=True)
class WatchCard:
    """A watch in the list, and at the head of its own page. `successor` is the name of the model that can go on where
    the watch's own has ended; `last_change` is what changed last, in words."""

    watch: Watch
    spent: Decimal
    is_own: bool
    may_stop: bool
    follows: bool
    model: str
    successor: str = ""
    last_change: str = ""

    @property
    def spending(self) -> tuple[str, str]:
        """What it spent this month, and its budget."""
        return rounded_dollars(self.spent), rounded_dollars(self.watch.budget)

    @property
    def is_reached(self) -> bool:
        """Whether it may have cost as much as it may."""
        return self.watch.reason == Watch.Reason.BUDGET


@dataclass(frozen=True, slots=True)
class WatchList:
    """A page of the list; `next` is the number of the page after it."""

    cards: Sequence[WatchCard]
    next: int | None


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run as the history of its watch shows it: `change` says in words what changed."""

    run: WatchRun
    change: str
    cost: str


def watch_list(membership: Membership, *, page: int = 1) -> WatchList:
    """The watches that the person may read in the team: their own first, then those that they follow, then the others;
    those that are asked next before the others."""
    mine = WatchFollower.objects.filter(watch=OuterRef("pk"), person=membership.user_id)
    found = access.readable_watches(membership).annotate(is_own=Q(owner=membership.user_id), follows=Exists(mine))
    ordered = found.order_by("-is_own", "-follows", F("next_at").asc(nulls_last=True), "-created_at", "-id")
    begin = (page - 1) * PAGE
    rows = list(ordered.select_related("question__conversation__space", "owner")[begin : begin + PAGE + 1])
    return WatchList(_cards(rows[:PAGE], membership), page + 1 if len(rows) > PAGE else None)


def card_of(watch: Watch, membership: Membership) -> WatchCard:
    """One watch as its own page shows it."""
    return _cards([watch], membership)[0]


def runs_of(watch: Watch, *, page: int = 1) -> tuple[Sequence[ShownRun], int | None]:
    """What came of it each time, the newest first; and the number of the page after it."""
    begin = (page - 1) * RUNS
    rows = list(watch.runs.select_related("answer")[begin : begin + RUNS + 1])
    return [shown_run(run) for run in rows[:RUNS]], page + 1 if len(rows) > RUNS else None


def shown_run(run: WatchRun) -> ShownRun:
    """The run with its words."""
    change = changes.in_words(run.difference) if run.state == WatchRun.State.CHANGED else ""
    cost = run.answer.cost if run.answer else None
    return ShownRun(run, change, rounded_dollars(cost) if cost is not None else "")


def passages_of(run: WatchRun) -> list[tuple[changes.ToldPassage, str]]:
    """What sources say to the sentences that were new, each with the word for what was found."""
    words: dict[str, str] = {state.value: str(state.label) for state in CheckedMark.State}
    return [(passage, words.get(passage["state"], "")) for passage in run.difference.get("passages", [])]


def _cards(watches: Sequence[Watch], membership: Membership) -> list[WatchCard]:
    ids = [watch.pk for watch in watches]
    spent = money.spent_this_month(ids)
    followed = set(
        WatchFollower.objects.filter(watch__in=ids, person=membership.user_id).values_list("watch_id", flat=True)
    )
    told = {
        run.watch_id: changes.in_words(run.difference)
        for run in WatchRun.objects.filter(watch__in=ids, state=WatchRun.State.CHANGED, ended_at=F("watch__changed_at"))
    }
    return [
        WatchCard(
            watch=watch,
            spent=spent.get(watch.pk, budgets.NOTHING),
            is_own=watch.owner_id == membership.user_id,
            may_stop=access.may_stop(membership, watch),
            follows=watch.pk in followed,
            model=offers.model_label(watch.model, watch.provider),
            successor=_successor(watch, membership),
            last_change=told.get(watch.pk, ""),
        )
        for watch in watches
    ]


def _successor(watch: Watch, membership: Membership) -> str:
    if watch.reason != Watch.Reason.MODEL or watch.owner_id != membership.user_id:
        return ""
    name = offers.offer_id_of(watch.model, watch.provider)
    return offers.offer_or_successor(name, offers.offers(watch.question.conversation.team)).label
