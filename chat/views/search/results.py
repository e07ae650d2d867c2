"""Searching the team's conversations, as one types and as a page."""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, replace_url

from accounts.access import member_required
from accounts.models import Membership
from chat import access
from chat import search as chat_search
from chat.models import SavedSearch
from chat.search import MOST_PLACES, ResultPage, SearchCursor, SearchFilters
from chat.search.find import PLACES
from chat.search.forms import AskedSearch, read_search
from chat.search.operators import LONGEST_TYPED
from chat.search.saved import MOST as MOST_SAVED
from chat.search.saved import saved_searches
from chat.search.suggestions import operators_said
from chat.views.sidebar import sidebar
from core.web.htmx import htmx
from core.web.params import uuid_in
from core.web.search_providers import OtherHits, SearchWish, other_hits
from core.web.statement_limit import StatementTooLong

_IN_PLACE = {"words", "search-form", "search-fields"}
"""The ids of what asks for results from the page that searches, which stays with what is typed in it."""


@require_safe
@never_cache
@member_required
def search(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was found with the words and operators at `?q=` and the filters beside it: the page, its main part for htmx,
    or the next results after `?page=`. With `?within=` all places of one conversation, for htmx alone.

    Raises Http404 for a place that is none.
    """
    place, within = _cursor(request), uuid_in(request.GET.get("within"))
    asked = read_search(request.GET, membership)
    results: ResultPage | None = ResultPage([])
    if asked.form.is_valid():
        try:
            results = chat_search.search(
                membership,
                words=asked.meaning.words,
                filters=asked.filters(within),
                order=asked.order,
                after=place,
                places=MOST_PLACES if within else PLACES,
            )
        except StatementTooLong:
            results = None
    context: dict[str, Any] = {
        "q": asked.text,
        "asked": asked,
        "form": asked.form,
        "query": asked.query(),
        "orders": [(asked.query(sort=value), label, asked.order == value) for value, label in asked.form.ORDERS],
        "within": within,
        "results": results,
        "place": place,
        "takes_too_long": results is None,
    }
    if htmx(request) and (place or within):
        return render(request, "chat/search/_results.html", context)
    context |= {
        "others": [] if within or place or results is None else _others(membership, asked),
        "operators": operators_said(),
        "longest": LONGEST_TYPED,
        **_saved(request, membership, asked),
    }
    if htmx(request).trigger in _IN_PLACE:
        page = render(request, "chat/search/_in_place.html", context | {"keeps": htmx(request).trigger})
        return _at_its_address(request, page, context["query"])
    if htmx(request):
        return _at_its_address(request, render(request, "chat/search/_search.html", context), context["query"])
    return render(request, "chat/search/search.html", context | sidebar(request, membership))


def _others(membership: Membership, asked: AskedSearch) -> list[OtherHits]:
    """What others found, who know of nothing but words, people and days."""
    filters = asked.meaning.filters
    known = SearchFilters(
        people=filters.people, since=filters.since, until=filters.until, kinds=filters.kinds, spaces=filters.spaces
    )
    if filters != known or not asked.meaning.words.strip() or asked.form.errors:
        return []
    wish = SearchWish(
        membership=membership,
        words=asked.meaning.words[: chat_search.LONGEST],
        kinds={kind.value for kind in filters.kinds},
        people=filters.people,
        since=filters.since,
        until=filters.until,
        spaces=filters.spaces,
    )
    return other_hits(wish)


def _saved(request: HttpRequest, membership: Membership, asked: AskedSearch) -> dict[str, Any]:
    """The person's saved searches, the one that is shown, and one that was just deleted."""
    kept = saved_searches(membership.user, membership.team)
    deleted: SavedSearch | None = None
    if gone := uuid_in(request.GET.get("deleted")):
        with suppress(Http404):
            deleted = access.own_search(membership.user, gone, deleted=True)
    text = asked.text.strip()
    shown = next((one for one in kept if one.query == text), None)
    return {
        "saved": kept,
        "shown_searches": [shown] if shown else kept,
        "open_search": shown,
        "deleted_search": deleted,
        "may_save": bool(text) and len(kept) < MOST_SAVED,
    }


def _at_its_address(request: HttpRequest, response: HttpResponse, query: str) -> HttpResponse:
    """Let the browser's address be that of the search, in one entry of its history however much is typed."""
    address = f"{request.path}?{query}" if query else request.path
    searched_before = (htmx(request).current_url_abs_path or "").startswith(request.path)
    return replace_url(response, address) if searched_before else push_url(response, address)


def _cursor(request: HttpRequest) -> SearchCursor | None:
    text = request.GET.get("page", "")
    try:
        return SearchCursor.parse(text) if text else None
    except ValueError as wrong:
        raise Http404 from wrong
