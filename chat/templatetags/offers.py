"""Names of models as readers know them, and who can be asked once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chat.catalog import intents as catalog_intents
from chat.catalog import offers
from chat.catalog import providers as catalog_providers
from chat.models import Answer
from core.web.htmx import htmx
from upstream.providers import can_stop

register = template.Library()


@dataclass(frozen=True, slots=True)
class AskAgainModel:
    """The model that is asked when somebody asks again: another one, `instead_of` the first where that is gone."""

    id: str
    label: str
    instead_of: str = ""


@register.simple_tag(takes_context=True)
def who_may_answer(context: template.Context, answer: Answer) -> AskAgainModel:
    """Who is asked again: the same model, while it is offered. The offers that a page has at hand are used."""
    models: Sequence[offers.Offer] = context.get("models") or offers.offers(answer.question.conversation.team)
    own = offers.offer_id_of(answer.model, answer.provider)
    offer = offers.offer_or_successor(own, models)
    return AskAgainModel(id=offer.id, label=offer.label, instead_of="" if offer.id == own else own)


@register.filter
def answered_by(answer: Answer) -> str:
    """The model's name as readers know it."""
    return offers.model_label(answer.model, answer.provider)


@register.filter
def offer_label(id: str) -> str:
    """What readers know the model of that id by, whether or not it is still made."""
    return offers.offer_label(id)


@register.filter
def model_name(model: str, provider: str) -> str:
    """What readers know a model of that provider by; one that draws has no other name than its own."""
    return offers.model_label(model, provider) if model and provider in catalog_providers.ALL else model


@register.simple_tag(takes_context=True)
def model_list(context: template.Context, models: Sequence[offers.Offer], chosen: str) -> SafeString:
    """What the composer says of its model, and the list for pages without scripts, which pieces of a page are not:
    what htmx brings is read as if there were no scripts. Drawing some eighty entries takes longer than all else in a
    page, and it is the same for everybody who may choose among the same."""
    draw = _draw_list.__wrapped__ if settings.DEBUG else _draw_list
    request = context.get("request")
    return draw(get_language(), tuple(models), chosen, is_page=bool(request and not htmx(request)))


@lru_cache(maxsize=64)
def _draw_list(_language: str | None, models: tuple[offers.Offer, ...], chosen: str, *, is_page: bool) -> SafeString:
    found = catalog_intents.intents(models)
    offer = next((offer for offer in models if offer.id == chosen), None)
    intent = catalog_intents.intent_of(chosen, found)
    context = {"models": models, "chosen": offer, "intent": intent, "intents": found, "is_page": is_page}
    return render_to_string("chat/composer/_models_list.html", context)


@register.simple_tag
def intents(models: Sequence[offers.Offer]) -> list[catalog_intents.Intent]:
    """What these models can do, in a few words."""
    return catalog_intents.intents(models)


@register.simple_tag
def all_models(models: Sequence[offers.Offer]) -> SafeString:
    """Every model by its group, drawn once for everybody who may choose among the same."""
    draw = _draw_all.__wrapped__ if settings.DEBUG else _draw_all
    return draw(get_language(), tuple(models))


@lru_cache(maxsize=16)
def _draw_all(_language: str | None, models: tuple[offers.Offer, ...]) -> SafeString:
    usable = (offer for offer in models if not offer.retired)
    groups = [(title, list(found)) for title, found in groupby(usable, key=lambda offer: offer.group)]
    context = {"groups": groups, "discontinued": [offer for offer in models if offer.retired]}
    return render_to_string("chat/composer/_models_all.html", context)


@register.filter
def stops_when_told(provider: str) -> bool:
    """Whether what this service works on by itself ends when somebody stops it."""
    return can_stop(provider)
