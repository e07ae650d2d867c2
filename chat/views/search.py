"""Searching the team's conversations, as one types and as a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, replace_url

from accounts.access import member_required
from accounts.models import Membership
from chat import search as chat_search
from chat.search import SearchCursor
from chat.views.sidebar import sidebar
from core.web.htmx import htmx
from core.web.statement_limit import StatementTooLong


@require_safe
@never_cache
@member_required
def search(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was found with the words at `?q=`: the page, its main part for htmx, or the next results after `?page=`.

    Raises Http404 for a place that is none.
    """
    words = request.GET.get("q", "")
    place = _cursor(request)
    try:
        results = chat_search.search(membership, words=words, after=place)
    except StatementTooLong:
        results = None
    context = {"q": words, "results": results, "place": place, "takes_too_long": results is None}
    if htmx(request) and place:
        return render(request, "chat/search/_results.html", context)
    if htmx(request):
        return _at_its_address(request, render(request, "chat/search/_search.html", context))
    return render(request, "chat/search/search.html", context | sidebar(request, membership))


def _at_its_address(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser's address be that of the search, in one entry of its history however much is typed."""
    address = request.get_full_path()
    searched_before = (htmx(request).current_url_abs_path or "").startswith(request.path)
    return replace_url(response, address) if searched_before else push_url(response, address)


def _cursor(request: HttpRequest) -> SearchCursor | None:
    text = request.GET.get("page", "")
    try:
        return SearchCursor.parse(text) if text else None
    except ValueError as wrong:
        raise Http404 from wrong
