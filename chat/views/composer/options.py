"""The composer's options while somebody sets them: for another model, checked before sending, with what to pick from.

These only read. They are posted, because a JSON schema does not fit into an address.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import signed_in
from chat.catalog import intents, offers
from chat.options import OptionsForm, places
from chat.questions import forms
from chat.views.open_page import composer_team
from upstream.catalog.languages import LANGUAGES

LONGEST_ID = 120  # characters of an offer's id


@require_POST
@login_required
def options(request: HttpRequest) -> HttpResponse:
    """The options of the model that was chosen, with what is set as far as that model takes it.

    `remembered` is the id of the model that a draft in the browser was for. It is chosen again where it is still there,
    and the page is told which one is chosen.
    """
    remembered = request.POST.get("remembered", "")[:LONGEST_ID]
    fitted, dropped = _submitted(request, remembered=remembered).fitted()
    stands_in = offers.no_longer_offered(remembered, fitted.offer)
    context = {"options": fitted, "dropped": dropped, "stands_in": stands_in}
    response = render(request, "chat/options/_changed.html", context)
    return (
        trigger_client_event(response, "model-remembered", _as_shown(request, fitted.offer)) if remembered else response
    )


@require_POST
@login_required
def check(request: HttpRequest) -> HttpResponse:
    """What is in force, and what would be refused, for the places in the page that say so."""
    return render(request, "chat/options/_checked.html", {"options": _submitted(request)})


@require_safe
@login_required
@cache_control(private=True, max_age=86_400)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Countries and languages to choose from."""
    spoken = get_language() or settings.LANGUAGE_CODE
    # The services want a language's name in English, whatever the asker speaks.
    languages = [(LANGUAGES[code], name) for code, name in places.languages_in(spoken)]
    context = {"countries": places.countries_in(spoken), "languages": languages}
    return render(request, "chat/options/_suggestions.html", context)


def _submitted(request: HttpRequest, *, remembered: str = "") -> OptionsForm:
    """The options as they stand in the composer, with what they mean for its attachments; for the remembered model
    where that can be chosen."""
    data, team = request.POST.copy(), composer_team(request)
    offer = offers.find_offer(remembered, team) if remembered else None
    if offer and not offer.retired:
        data["model"] = remembered
    form = forms.AskForm(data, team=team, by=signed_in(request), is_being_filled=True)
    form.is_valid()  # which attachments are there is known after that; that there is no question yet is no fault
    return form.options


def _as_shown(request: HttpRequest, offer: offers.Offer) -> dict[str, str]:
    """What a composer shows and sends of its model."""
    return {
        "id": offer.id,
        "label": offer.label,
        "intent": intents.intent_of(offer.id, intents.intents(offers.offers(composer_team(request)))),
        "refusesImage": offer.refuses_image,
        "refusesFile": offer.refuses_file,
    }
