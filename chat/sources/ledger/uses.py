"""Which answers used a page or a site, as far as somebody may read them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.http import Http404

from accounts.models import Membership
from chat import access
from chat.models import CheckedMark, CitationCheck, LedgerSource, Source, SourceUse
from chat.sources import copies
from chat.sources.copies import Version
from chat.sources.ledger.listing import sites_under

PER_PAGE = 30
MOST_COUNTED = 1_000
"""Answers of a site that are counted; a count as high as this means at least so many."""


@dataclass(frozen=True, slots=True)
class Use:
    """An answer with the page among its sources, and the sentences that cite it, as its newest check has them."""

    use: SourceUse
    sentences: list[CheckedMark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UsedPage:
    """A page, by what its reader may read of the answers that used it, and what is kept of the page itself."""

    key: str
    site: str
    title: str
    address: str
    answers: int
    cited: int
    found: int
    partly: int
    missing: int
    first_at: datetime
    last_at: datetime
    uses: list[Use]
    has_next: bool
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Reliance:
    """The answers that cite a site: the newest of them, and how many there are, MOST_COUNTED at most."""

    uses: list[SourceUse]
    count: int

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count >= MOST_COUNTED


def used_page(membership: Membership, key: str, *, page: int = 1) -> UsedPage:
    """The page with this key, and so many of the answers that used it, the newest first. Raises Http404 where the
    member may read none of them."""
    uses = _readable(membership).filter(address_key=key)
    sums = uses.order_by().aggregate(
        n=Count("pk"),
        n_cited=Count("pk", filter=Q(cited=True)),
        n_found=Sum("found"),
        n_partly=Sum("partly"),
        n_missing=Sum("missing"),
        first=Min("used_at"),
        last=Max("used_at"),
    )
    if not sums["n"]:
        raise Http404
    start = (page - 1) * PER_PAGE
    newest = uses.select_related("answer__question", "conversation").order_by("-used_at", "-id")
    some = list(newest[start : start + PER_PAGE + 1])
    first = some[0] if start == 0 else newest[0]
    source = Source.objects.filter(answer=first.answer_id, number=first.number).only("title", "url").first()
    return UsedPage(
        key=key,
        site=first.site,
        title=source.title if source else "",
        address=source.url if source else "",
        answers=sums["n"],
        cited=sums["n_cited"],
        found=sums["n_found"],
        partly=sums["n_partly"],
        missing=sums["n_missing"],
        first_at=sums["first"],
        last_at=sums["last"],
        uses=_with_sentences(membership, key, some[:PER_PAGE]),
        has_next=len(some) > PER_PAGE,
        versions=copies.versions_of(membership.team, key),
    )


def reliance_on(membership: Membership, site: str) -> Reliance:
    """Which answers cite the site, or one that belongs to it, of those that the member may read."""
    there = LedgerSource.objects.filter(team=membership.team_id)
    cited = _readable(membership).filter(site__in=sites_under(there, site), cited=True)
    newest = cited.select_related("answer__question", "conversation").order_by("-used_at", "-id")
    answers: dict[UUID, SourceUse] = {}
    for use in newest[: 2 * PER_PAGE]:
        answers.setdefault(use.answer_id, use)
    count = cited.order_by().values("answer").distinct()[:MOST_COUNTED].count()
    return Reliance(list(answers.values())[:PER_PAGE], count)


def _readable(membership: Membership) -> QuerySet[SourceUse]:
    readable = access.readable_conversations(membership).order_by().values("pk")
    return SourceUse.objects.filter(team=membership.team_id, conversation__in=readable)


def _with_sentences(membership: Membership, key: str, uses: Sequence[SourceUse]) -> list[Use]:
    ids = [use.answer_id for use in uses]
    numbers = _numbers(membership, key, ids)
    finished = CitationCheck.objects.filter(answer__in=ids, state=CitationCheck.State.FINISHED)
    newest = dict(finished.order_by("created_at", "id").values_list("answer_id", "pk"))
    sentences: dict[UUID, list[CheckedMark]] = defaultdict(list)
    marks = CheckedMark.objects.filter(check_of__in=newest.values(), of_document=False).select_related("check_of")
    for mark in marks.order_by("position"):
        if mark.number in numbers[mark.check_of.answer_id]:
            sentences[mark.check_of.answer_id].append(mark)
    return [Use(use, sentences[use.answer_id]) for use in uses]


def _numbers(membership: Membership, key: str, answer_ids: Sequence[UUID]) -> dict[UUID, set[int]]:
    """By which numbers each answer cites the page."""
    rows = Source.objects.filter(answer__in=answer_ids).order_by().values_list("answer_id", "number", "url")
    named = [(answer_id, number, copies.address_key(url)) for answer_id, number, url in rows]
    pages = copies.page_keys(membership.team, {asked for _answer, _number, asked in named})
    found: dict[UUID, set[int]] = defaultdict(set)
    for answer_id, number, asked in named:
        if pages[asked] == key:
            found[answer_id].add(number)
    return found
