"""What the cost of an answer consists of, and what a research will probably cost."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext_lazy as _

from chat.catalog import agent
from chat.models import Answer
from upstream.catalog import prices
from upstream.catalog.prices import Forecast

register = template.Library()

WORTH_SAYING = Decimal("0.10")  # US dollars that a question may cost before people are told next to it

# By the names in `usage.cost` of either provider: what it is for, and the figure in `usage` that it goes by.
PARTS = {
    "input_tokens_cost": (_("Question"), "prompt_tokens"),
    "input_cost": (_("Question"), "prompt_tokens"),
    "cache_read_cost": (_("Read from memory"), ""),
    "cache_creation_cost": (_("Kept in memory"), ""),
    "output_tokens_cost": (_("Answer"), "completion_tokens"),
    "output_cost": (_("Answer"), "completion_tokens"),
    "reasoning_tokens_cost": (_("Reasoning"), "reasoning_tokens"),
    "citation_tokens_cost": (_("Citations"), "citation_tokens"),
    "search_queries_cost": (_("Searches"), "num_search_queries"),
    "request_cost": (_("Fee per question"), ""),
    "tool_calls_cost": (_("Tools"), ""),
}


class CostShare(NamedTuple):
    """One part of a cost: what for, how much in US dollars, and `of` how many tokens or searches, 0 where that is not
    known."""

    label: str
    cost: Decimal
    of: int


@register.filter
def cost_shares(answer: Answer) -> list[CostShare]:
    """The parts of the answer's cost that are not nothing: as reported, or as the estimate has them."""
    found: Mapping[str, Any] = {}
    if answer.cost_source == Answer.CostSource.REPORTED:
        reported = answer.usage.get("cost")
        found = reported if isinstance(reported, Mapping) else {}
    elif answer.cost_source == Answer.CostSource.ESTIMATED and answer.price_date == prices.AS_OF:
        found = prices.cost_shares(
            model=answer.model,
            usage=answer.usage,
            options=answer.request.get("options", {}),
            provider=answer.provider,
        )
    shown = ((name, _money(found.get(name))) for name in PARTS)
    return [_share(name, cost, answer.usage) for name, cost in shown if cost]


@register.filter
def forecast(offer: Any, options: Mapping[str, Any]) -> Forecast | None:
    """What a question to this model will probably cost with these options; None where that is little or not known."""
    found = prices.forecast(model=offer.model, options=options, provider=offer.provider, listed=agent.listed_models())
    return found if found and (found.typical or found.high >= WORTH_SAYING) else None


def _share(name: str, cost: Decimal, usage: Mapping[str, Any]) -> CostShare:
    label, figure = PARTS[name]
    count = usage.get(figure)
    return CostShare(str(label), cost, count if isinstance(count, int) and not isinstance(count, bool) else 0)


def _money(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return Decimal(str(value)).quantize(prices.PLACES)
    except InvalidOperation:
        return None
