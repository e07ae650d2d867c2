"""The ledgers of sources that the token's person may read."""

from django.http import HttpRequest, HttpResponse

from accounts.models import Membership
from api.auth import Caller, api_view, unavailable
from api.models import Scope
from api.reading import shapes
from api.reading.parameters import number_in, said, wrong
from api.reading.responses import json_response
from chat.sources.ledger import settling
from chat.sources.ledger.audiences import ledger_named
from chat.sources.ledger.listing import LONGEST_WORDS, LedgerWish, Show, Sort, ledger_page
from chat.sources.ledger.marking import site_named


@api_view(Scope.READ, ("GET", "HEAD"))
def sources(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The sources of the ledger at `?in=`, the team's where none is named."""
    show, sort = said(request, "show") or Show.ALL, said(request, "sort") or Sort.RECENT
    if show not in Show.values:
        raise wrong("show", f"“show” is one of {', '.join(Show.values)}.")
    if sort not in Sort.values:
        raise wrong("sort", f"“sort” is one of {', '.join(Sort.values)}.")
    wish = LedgerWish(
        words=said(request, "q")[:LONGEST_WORDS],
        site=site_named(said(request, "site")),
        show=Show(show),
        sort=Sort(sort),
        page=max(1, number_in(request, "cursor")),
    )
    return json_response(request, listed_sources(caller.membership, wish, ledger=said(request, "in")))


def listed_sources(membership: Membership, wish: LedgerWish, *, ledger: str = "") -> shapes.Shape:
    """A page of the ledger of that name. Raises Http404 for one that is not the member's to read, and ApiError while it
    cannot be told who may read what."""
    there = ledger_named(membership, ledger)
    if not settling.settle_moves(membership.team):
        raise unavailable()
    page = ledger_page(there, wish, team=membership.team)
    rows = [shapes.ledger_source(row.source, mark=row.mark) for row in page.rows]
    return shapes.page(rows, wish.page + 1 if page.has_next else None)
