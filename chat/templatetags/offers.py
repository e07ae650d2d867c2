"""Names of models as readers know them, and who can be asked once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from chat.catalog import offers
from chat.models import Answer

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
def has_several_groups(models: Any) -> bool:
    """Whether the offers belong to more than one service."""
    return len({offer.group for offer in models}) > 1
