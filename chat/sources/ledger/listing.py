"""A ledger as its page shows it: some rows of it, in an order, and all of them as a table for other programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from chat.models import LedgerSource, SiteMark
from chat.sources.ledger.audiences import TEAM, Ledger
from chat.sources.ledger.sums import folded
from chat.sources.marks import marks_in_force

PER_PAGE = 50
MOST_COUNTED = 10_000  # to count all of a large ledger takes longer than all else on its page
MOST_ROWS = 50_000  # in the table for other programs
LONGEST_WORDS = 200
_MOST_WORDS = 6
_MOST_SUBDOMAINS = 300
_FEW = 2_000
"""Sources with the words that are found first and then put in order; where there are more, one meets them soon in any
order."""


class Show(models.TextChoices):
    """Which sources are listed."""

    ALL = "all", pgettext_lazy("sources", "All")
    CITED = "cited", pgettext_lazy("sources", "Cited")
    MISSING = "missing", pgettext_lazy("sources", "Not found by a check")
    GONE = "gone", pgettext_lazy("sources", "Gone")
    MOVED = "moved", pgettext_lazy("sources", "Moved")
    CHANGED = "changed", pgettext_lazy("sources", "Changed")
    NEWER = "newer", pgettext_lazy("sources", "Newer version or retracted")
    TRUSTED = "trusted", pgettext_lazy("sources", "Trusted")
    DOUBTFUL = "doubtful", pgettext_lazy("sources", "Doubtful")
    BLOCKED = "blocked", pgettext_lazy("sources", "Blocked")


class Sort(models.TextChoices):
    """In which order."""

    RECENT = "recent", _("Last used")
    ANSWERS = "answers", _("Most answers")
    CITED = "cited", _("Most cited")
    SITE = "site", _("Site")


_CONDITIONS = {
    Show.ALL: Q(),
    Show.CITED: Q(cited__gt=0),
    Show.MISSING: Q(missing__gt=0),
    Show.GONE: Q(gone=True),
    Show.MOVED: Q(moved=True),
    Show.CHANGED: Q(changed=True),
    Show.NEWER: ~Q(newer=""),
    **{Show(mark): Q(mark=mark) & ~Q(mark="") for mark in SiteMark.Mark.values if mark},
}
_ORDERS = {
    Sort.RECENT: ("-last_at", "-id"),
    Sort.ANSWERS: ("-answers", "-id"),
    Sort.CITED: ("-cited", "-id"),
    Sort.SITE: ("site", "-id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerWish:
    """What somebody looks for in a ledger. `site` stands for its subdomains too; pages count from 1."""

    words: str = ""
    site: str = ""
    show: Show = Show.ALL
    sort: Sort = Sort.RECENT
    page: int = 1

    def address_query(self, ledger: Ledger) -> str:
        """What follows the question mark in the address of this page of the ledger."""
        said = {
            "in": "" if ledger.value == TEAM else ledger.value,
            "q": self.words,
            "site": self.site,
            "show": "" if self.show == Show.ALL else self.show.value,
            "sort": "" if self.sort == Sort.RECENT else self.sort.value,
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    def on_page(self, page: int) -> "LedgerWish":
        """The same on another page."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A source in the list. `mark` is what the team says of its site now, and `reason` why."""

    source: LedgerSource
    mark: str
    mark_label: str
    reason: str

    @property
    def last_used(self) -> datetime:
        """When an answer last had it."""
        return self.source.last_at


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The rows on a page of the list. `total` is how many there are on all pages, None where that was not counted;
    `is_more` says that there are more, and nobody went on counting."""

    rows: list[LedgerRow]
    has_next: bool
    total: int | None
    is_more: bool = False


def ledger_page(ledger: Ledger, wish: LedgerWish, *, team: Team) -> LedgerPage:
    """A page of the ledger. What is looked for by words is not counted, for that would mean to look at all of it."""
    found = _found(ledger, wish, team=team)
    start = (wish.page - 1) * PER_PAGE
    # An index leads to a page far behind without the rows on the way there.
    ids = list(found.values_list("pk", flat=True)[start : start + PER_PAGE + 1])
    sources = LedgerSource.objects.in_bulk(ids[:PER_PAGE])
    marks = marks_in_force(team.pk)
    rows = []
    for source in (sources[pk] for pk in ids[:PER_PAGE] if pk in sources):
        said = marks.of(source.site)
        rows.append(
            LedgerRow(
                source,
                said.mark if said else "",
                str(said.get_mark_display()) if said else "",
                said.reason if said else "",
            )
        )
    if wish.words:
        return LedgerPage(rows, len(ids) > PER_PAGE, None)
    total = found.order_by()[: MOST_COUNTED + 1].count()
    return LedgerPage(rows, len(ids) > PER_PAGE, min(total, MOST_COUNTED), total > MOST_COUNTED)


def ledger_table(ledger: Ledger, wish: LedgerWish, *, team: Team) -> Iterator[LedgerSource]:
    """All rows of it, MOST_ROWS at most, read as they are needed."""
    return _found(ledger, wish, team=team)[:MOST_ROWS].iterator(2_000)


def sites_under(found: QuerySet[LedgerSource], site: str) -> list[str]:
    """Those of the sources' sites that are this one or belong to it."""
    of_it = found.filter(Q(site=site) | Q(site__endswith=f".{site}")).order_by()
    return list(of_it.values_list("site", flat=True).distinct()[:_MOST_SUBDOMAINS])


def _found(ledger: Ledger, wish: LedgerWish, *, team: Team) -> QuerySet[LedgerSource]:
    there = LedgerSource.objects.filter(audience=ledger.audience)
    if wish.site:
        there = there.filter(site__in=sites_under(there, wish.site))
    if wish.show == Show.NEWER:
        there = there.filter(team=team)
    if wish.words:
        there = _with_words(there, folded(wish.words).split()[:_MOST_WORDS])
    return there.filter(_CONDITIONS[wish.show]).order_by(*_ORDERS[wish.sort])


def _with_words(there: QuerySet[LedgerSource], words: Sequence[str]) -> QuerySet[LedgerSource]:
    """Those that have all the words. An index has nothing but what is looked through, so that the few that have a rare
    word are found without reading all the rest."""
    for word in words:
        there = there.filter(folded__contains=word)
    ids = list(there.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return there if len(ids) > _FEW else LedgerSource.objects.filter(pk__in=ids)
