"""The list of models to choose from, and the marks that a person sets in it.

Fetched when somebody first wants to choose: neither the composer nor an answer brings it along.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Membership
from chat.catalog import favourites, offers
from chat.views.open_page import composer_membership
from core.web.htmx import htmx

LONGEST_ID = 120  # characters of an offer's id


@require_safe
@never_cache
@member_required
def models(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What the team may ask: what each wish comes to, the person's own choice, and everything."""
    place = composer_membership(request, membership)
    found = offers.offers(place.team)
    context = {
        "models": found,
        "favourites": favourites.favourites_of(place.user, found),
        "recent": favourites.recent_models(place, found),
    }
    return render(request, "chat/composer/_models_picker.html", context)


@require_POST
@member_required
def mark(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep a model among the person's favourites."""
    favourites.add_favourite(model=_offered(request), by=membership.user)
    return _favourites(request, membership)


@require_POST
@member_required
def unmark(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take a model out of the person's favourites."""
    favourites.remove_favourite(model=_offered(request), by=membership.user)
    return _favourites(request, membership)


def _offered(request: HttpRequest) -> str:
    """The id of the model that is meant. Raises Http404 where there is no such model."""
    name = request.POST.get("model", "")
    if not name or len(name) > LONGEST_ID or offers.find_offer(name) is None:
        raise Http404
    return name


def _favourites(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The person's favourites as they are now; without htmx, the page on which one asks."""
    if not htmx(request):
        return redirect("chat:home")
    place = composer_membership(request, membership)
    found = favourites.favourites_of(place.user, offers.offers(place.team))
    return render(request, "chat/composer/_models_favourites.html", {"favourites": found})
