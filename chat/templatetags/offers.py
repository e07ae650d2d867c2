"""Names of models as readers know them, and who can be asked once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chat.catalog import offers
from chat.models import Answer
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


@register.simple_tag
def model_list(models: Sequence[offers.Offer], chosen: str) -> SafeString:
    """The list in which one of the models is chosen. Drawing some eighty entries takes longer than all else in a page,
    and it is the same for everybody who may choose among the same."""
    draw = _draw_list.__wrapped__ if settings.DEBUG else _draw_list
    return draw(get_language(), tuple(models), chosen)


@lru_cache(maxsize=64)
def _draw_list(_language: str | None, models: tuple[offers.Offer, ...], chosen: str) -> SafeString:
    return render_to_string("chat/composer/_models_list.html", {"models": models, "chosen": chosen})


@register.filter
def stops_when_told(provider: str) -> bool:
    """Whether what this service works on by itself ends when somebody stops it."""
    return can_stop(provider)


@register.filter
def has_several_groups(models: Any) -> bool:
    """Whether the offers belong to more than one service."""
    return len({offer.group for offer in models}) > 1
