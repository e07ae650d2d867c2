"""The product's own search, with its operators."""

from dataclasses import replace
from html import unescape
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import strip_tags

from accounts.models import Membership
from api.addresses import address_of
from api.auth import Caller, api_view
from api.errors import ApiError
from api.models import Scope
from api.reading import shapes
from api.reading.parameters import limit_in, said, wrong
from api.reading.responses import json_response
from chat import search as chat_search
from chat.search import FoundConversation, ResultPage, SearchCursor
from chat.search.find import Place
from chat.search.forms import read_search
from chat.search.ranking import SearchOrder
from core.web.statement_limit import StatementTooLong

MOST = 25  # conversations of one response
PLACES = 3  # of each conversation
SORTS = ("best", "newest")


@api_view(Scope.READ, ("GET", "HEAD"))
def search(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Conversations with the words at `?q=`, which may have operators, each with its best places."""
    text, after = said(request, "q"), said(request, "cursor")
    if not text:
        raise wrong("q", "Say what to look for: ?q=…")
    sort = said(request, "sort") or "best"
    if sort not in SORTS:
        raise wrong("sort", "“sort” is best or newest.")
    try:
        place = SearchCursor.parse(after) if after else None
    except ValueError:
        raise wrong("cursor", "“cursor” is what a response said under “next”.") from None
    found = find(caller.membership, text, newest=sort == "newest", after=place, limit=min(limit_in(request), MOST))
    return json_response(request, shapes.page([result(one) for one in found.conversations], found.next))


def find(
    membership: Membership,
    text: str,
    *,
    newest: bool = False,
    after: SearchCursor | None = None,
    limit: int = 10,
    space: UUID | None = None,
) -> ResultPage:
    """What the search finds for what somebody types into it, in one space if one is named.

    Raises ApiError for words that stand in too much.
    """
    typed = QueryDict(mutable=True)
    typed["q"] = text
    typed["sort"] = SearchOrder.NEWEST.value if newest else ""
    asked = read_search(typed, membership)
    filters = replace(asked.filters(), spaces=(space,)) if space else asked.filters()
    try:
        return chat_search.search(
            membership,
            words=asked.meaning.words,
            filters=filters,
            order=asked.order,
            after=after,
            limit=limit,
            places=PLACES,
        )
    except StatementTooLong:
        message = "These words stand in too much to find the best in time. Add others."
        raise ApiError(422, message, code="search_too_broad", param="q") from None


def result(found: FoundConversation) -> shapes.Shape:
    """A conversation that was found."""
    return {
        "conversation": str(found.conversation.pk),
        "title": found.conversation.title,
        "last_asked_at": shapes.moment(found.conversation.last_asked_at),
        "url": address_of("chat:conversation", found.conversation.pk),
        "places": [_place(place) for place in found.places],
        "more_places": found.more,
    }


def _place(place: Place) -> shapes.Shape:
    return {
        "kind": place.kind.value,
        "question": str(place.question.pk),
        "answer": str(place.answer.pk) if place.answer else None,
        "author": shapes.person(place.author),
        "at": shapes.moment(place.at),
        "snippet": plain(place.snippet),
        "source": plain(place.source) if place.source else None,
        "site": place.site or None,
        "verified": place.is_verified,
        "url": f"{settings.SITE_ORIGIN}{place.address}",
    }


def plain(html: str) -> str:
    """The text of a snippet, without the marks at the words."""
    return unescape(strip_tags(html)).strip()
