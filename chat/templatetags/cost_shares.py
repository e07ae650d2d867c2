"""What an answer took and what its cost consists of, and what a research will probably cost."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.utils.translation import gettext_lazy as _

from chat.answers import instructions
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
    "cache_read_cost": (_("Cached input"), ""),
    "cache_creation_cost": (_("Cache writes"), ""),
    "output_tokens_cost": (_("Answer"), "completion_tokens"),
    "output_cost": (_("Answer"), "completion_tokens"),
    "reasoning_tokens_cost": (_("Reasoning"), "reasoning_tokens"),
    "citation_tokens_cost": (_("Citations"), "citation_tokens"),
    "search_queries_cost": (_("Searches"), "num_search_queries"),
    "request_cost": (_("Fee per question"), ""),
    "tool_calls_cost": (_("Tools"), ""),
}
# By the names in `usage.tool_calls_details`, and in the cost of the tools: what is counted there.
TOOLS = {
    "search_web": _("Searches"),
    "search_people": _("People searches"),
    "finance_search": _("Financial data lookups"),
    "fetch_url": _("Pages read"),
    "image_search": _("Image searches"),
    "search_images": _("Image searches"),
    "sandbox": _("Sandbox sessions"),
}
# What is counted, the part of the cost that tells it too, and where the count stands: under our name, or where other
# servers put it.
FIGURES: tuple[tuple[Any, Any, tuple[tuple[str, ...], ...]], ...] = (
    (
        _("Reasoning tokens"),
        _("Reasoning"),
        (("reasoning_tokens",), ("completion_tokens_details", "reasoning_tokens")),
    ),
    (_("Citation tokens"), _("Citations"), (("citation_tokens",),)),
    (_("Cached tokens"), "", (("cached_tokens",), ("prompt_tokens_details", "cached_tokens"))),
    (_("Searches"), _("Searches"), (("num_search_queries",),)),
    (_("Pages read"), _("Pages read"), (("num_pages_read",),)),
)


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
    shares = [_share(name, cost, answer.usage) for name, cost in shown if cost]
    tools = _tool_shares(found.get("tool_calls_cost_details"), answer.usage)
    if tools:
        shares = [share for share in shares if share.label != str(PARTS["tool_calls_cost"][0])]
    return [*shares, *tools]


class UsageFigure(NamedTuple):
    """How many of something an answer took."""

    label: str
    amount: int


@register.filter
def usage_figures(answer: Answer) -> list[UsageFigure]:
    """The figures beside those of question and answer, which no part of the cost tells already."""
    told = {share.label for share in cost_shares(answer) if share.of}
    counts: dict[str, int] = {}
    for label, share, paths in FIGURES:
        if str(share) not in told:
            counts[str(label)] = next(filter(None, (_count_at(answer.usage, path) for path in paths)), 0)
    tools = answer.usage.get("tool_calls_details")
    for name in tools if isinstance(tools, Mapping) else ():
        if (label := _tool_label(name)) not in told:
            counts[label] = counts.get(label) or _count_at(answer.usage, ("tool_calls_details", name, "invocation"))
    return [UsageFigure(label, count) for label, count in counts.items() if count]


@register.simple_tag(takes_context=True)
def forecast(context: Context, offer: Any, options: Mapping[str, Any]) -> Forecast | None:
    """What a question to this model will probably cost with these options and the instructions that go with it; None
    where that is little or not known."""
    characters = _instructed(context) + len(options.get("instructions") or "")
    found = prices.forecast(
        model=offer.model,
        options=options,
        characters=characters,
        provider=offer.provider,
        listed=agent.listed_models(),
    )
    return found if found and (found.typical or found.high >= WORTH_SAYING) else None


def _instructed(context: Context) -> int:
    """The length of the standing instructions of whoever looks at the page, which a page with a composer asks for."""
    membership, of_the_page = context.get("membership"), context.get("standing")
    if membership is None:
        return 0
    if callable(of_the_page):
        standing = of_the_page()
    else:
        standing = instructions.standing_instructions(team_id=membership.team_id, user=membership.user)
    return sum(len(version.text) for version in (standing.team, standing.space, standing.person) if version)


def _tool_shares(costs: Any, usage: Mapping[str, Any]) -> list[CostShare]:
    """What each tool has cost; none where only the sum of them is known."""
    found = ((name, _money(cost)) for name, cost in costs.items()) if isinstance(costs, Mapping) else ()
    return [
        CostShare(_tool_label(name), cost, _count_at(usage, ("tool_calls_details", name, "invocation")))
        for name, cost in found
        if cost
    ]


def _tool_label(name: str) -> str:
    return str(TOOLS.get(name) or name.replace("_", " ").capitalize())


def _count_at(usage: Any, path: Sequence[str]) -> int:
    """The count that stands under these names, one within the other; 0 where there is none."""
    for name in path:
        usage = usage.get(name) if isinstance(usage, Mapping) else None
    return usage if isinstance(usage, int) and not isinstance(usage, bool) and usage > 0 else 0


def _share(name: str, cost: Decimal, usage: Mapping[str, Any]) -> CostShare:
    label, figure = PARTS[name]
    return CostShare(str(label), cost, _count_at(usage, (figure,)))


def _money(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return Decimal(str(value)).quantize(prices.PLACES)
    except InvalidOperation:
        return None
