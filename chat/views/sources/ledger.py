"""The ledgers of sources that somebody may read, as a page and as a table; and one page of the web in them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat.models import LedgerSource
from chat.sources.ledger import settling
from chat.sources.ledger.audiences import ledger_named, readable_ledgers
from chat.sources.ledger.listing import (
    LONGEST_WORDS,
    LedgerWish,
    Show,
    Sort,
    ledger_page,
    ledger_table,
)
from chat.sources.ledger.marking import site_named
from chat.sources.ledger.uses import used_page
from chat.sources.marks import marks_in_force
from chat.views.sidebar import sidebar
from core import csv
from core.web.params import whole_number_in

COLUMNS = (
    "address",
    "title",
    "site",
    "answers",
    "cited_in",
    "citations_found",
    "citations_partly",
    "citations_not_found",
    "first_used",
    "last_used",
    "state",
    "mark",
)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@require_safe
@never_cache
@member_required
def sources(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The sources of the ledger at `?in=`, the team's where none is named; `?q=`, `?site=`, `?show=`, `?sort=` and
    `?page=` say which and in which order. Raises Http404 for a ledger that is not there for this person."""
    ledger, wish = ledger_named(membership, request.GET.get("in", "")), _wish_in(request)
    is_settled = settling.settle_moves(membership.team)
    page = ledger_page(ledger, wish, team=membership.team) if is_settled else None
    context = {
        "ledger": ledger,
        "ledgers": readable_ledgers(membership),
        "wish": wish,
        "shows": Show.choices,
        "sorts": Sort.choices,
        "page": page,
        "is_whole": settling.is_whole(),
        "query": wish.on_page(1).address_query(ledger),
        "next": wish.on_page(wish.page + 1).address_query(ledger) if page and page.has_next else "",
        "previous": wish.on_page(wish.page - 1).address_query(ledger) if wish.page > 1 else "",
        "is_narrowed": bool(wish.words or wish.site or wish.show != Show.ALL),
    }
    return render(request, "chat/sources/ledger/sources.html", context | sidebar(request, membership))


@require_safe
@never_cache
@member_required
def sources_table(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """The same sources as a table for other programs, without its pages and sent as it is read."""
    ledger, wish = ledger_named(membership, request.GET.get("in", "")), _wish_in(request)
    is_settled = settling.settle_moves(membership.team)
    rows = ledger_table(ledger, wish, team=membership.team) if is_settled else ()
    return StreamingHttpResponse(
        csv.lines(COLUMNS, map(_cells, rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="parley-sources.csv"'},
    )


@require_safe
@never_cache
@member_required
def source(request: HttpRequest, membership: Membership, page_key: str) -> HttpResponse:
    """A page of the web: the answers that used it, the sentences that cite it, its copies. Raises Http404 where the
    person may read none of these answers."""
    if not _KEY.fullmatch(page_key):
        raise Http404
    number = whole_number_in(request.GET.get("page"), digits=4) or 1
    page = used_page(membership, page_key, page=number)
    context = {
        "page": page,
        "mark": marks_in_force(membership.team_id).of(page.site),
        "number": number,
    }
    return render(request, "chat/sources/ledger/source.html", context | sidebar(request, membership))


def _wish_in(request: HttpRequest) -> LedgerWish:
    """What the address says, as far as it says something that is known."""
    asked = request.GET
    show, sort = asked.get("show", ""), asked.get("sort", "")
    return LedgerWish(
        words=" ".join(asked.get("q", "")[:LONGEST_WORDS].replace("\0", "").split()),
        site=site_named(asked.get("site", "")),
        show=Show(show) if show in Show.values else Show.ALL,
        sort=Sort(sort) if sort in Sort.values else Sort.RECENT,
        page=max(1, whole_number_in(asked.get("page"), digits=5) or 1),
    )


def _cells(row: LedgerSource) -> Sequence[str]:
    states = {"gone": row.gone, "moved": row.moved, "changed": row.changed, row.newer: bool(row.newer)}
    return [
        row.address,
        row.title,
        row.site,
        *(str(count) for count in (row.answers, row.cited, row.found, row.partly, row.missing)),
        _written(row.first_at),
        _written(row.last_at),
        " ".join(name for name, holds in states.items() if holds),
        row.mark,
    ]


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
