"""What an answer costs when the upstream does not say. The figures are data: edit them and the date.

They come from docs/sonar.md, "Usage and cost". All are US dollars. Token prices are per million tokens, search fees per
thousand questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.sentences import Dollars, sentence
from upstream.catalog import agent_prices
from upstream.catalog.agent_models import KNOWN, AgentModels

AS_OF = date(2026, 3, 1)
PLACES = Decimal("0.000001")
_MILLION = Decimal(1_000_000)
_THOUSAND = Decimal(1000)
_BEYOND_BELIEF = 10**9  # tokens or searches of one answer


@dataclass(frozen=True, slots=True)
class Price:
    """What one model costs. `fees` and `pro_fees` are by search context size; the latter for `search_type` pro."""

    input: Decimal
    output: Decimal
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    pro_fees: Mapping[str, Decimal] = field(default_factory=dict)
    citation: Decimal = Decimal(0)
    reasoning: Decimal = Decimal(0)
    searches: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A cost in US dollars, rounded to six places, and the date of the price list behind it."""

    cost: Decimal
    as_of: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an answer will probably cost, in US dollars with six places, by the price list of `as_of`.

    It seldom costs less than `low` or more than `high`. `typical` is what the vendor names as an example, None where
    it names none.
    """

    low: Decimal
    high: Decimal
    as_of: date
    typical: Decimal | None = None


def _fees(low: int, medium: int, high: int) -> Mapping[str, Decimal]:
    return {"low": Decimal(low), "medium": Decimal(medium), "high": Decimal(high)}


PRICES: Mapping[str, Price] = {
    "sonar": Price(input=Decimal(1), output=Decimal(1), fees=_fees(5, 8, 12)),
    "sonar-pro": Price(input=Decimal(3), output=Decimal(15), fees=_fees(6, 10, 14), pro_fees=_fees(14, 18, 22)),
    "sonar-reasoning": Price(input=Decimal(1), output=Decimal(5), fees=_fees(5, 8, 14)),
    "sonar-reasoning-pro": Price(input=Decimal(2), output=Decimal(8), fees=_fees(6, 10, 14)),
    "sonar-deep-research": Price(
        input=Decimal(2), output=Decimal(8), citation=Decimal(2), reasoning=Decimal(3), searches=Decimal(5)
    ),
}

# The vendor's own examples of a deep research by its effort, and how far others lie from them. It gives no example of
# the least effort, which is not dearer than little.
RESEARCH: Mapping[str, Decimal] = {
    "minimal": Decimal("0.41"),
    "low": Decimal("0.41"),
    "medium": Decimal("1.19"),
    "high": Decimal("1.32"),
}
_LEAST_RESEARCH, _MOST_RESEARCH = Decimal("0.5"), Decimal("1.5")

# Tokens of a short and of a long answer, reasoning included; those of a model not listed are the last ones.
ANSWERS: Mapping[str, tuple[int, int]] = {
    "sonar": (150, 1500),
    "sonar-pro": (300, 3000),
    "sonar-reasoning": (600, 4000),
    "sonar-reasoning-pro": (600, 4000),
    "": (300, 4000),
}
CHARACTERS_PER_TOKEN = 4


def estimate(
    *,
    model: str,
    usage: Mapping[str, Any],
    options: Mapping[str, Any],
    provider: str = "sonar",
    served: str = "",
    listed: AgentModels = KNOWN,
) -> Estimate | None:
    """The cost of an answer from its `usage` and the `options` it was asked with, both as on Sonar's wire.

    `served` is the model that answered in the end, if the service named one, and `listed` what the Agent API lists.
    None when the model has no known price, or when the upstream reported no tokens to count.
    """
    if provider == "agent":
        total = agent_prices.agent_cost(model=model, served=served, usage=usage, options=options, models=listed)
        return None if total is None else Estimate(cost=_rounded(total), as_of=listed.as_of)
    if provider != "sonar":
        return None
    found = cost_shares(model=model, usage=usage, options=options)
    return Estimate(cost=_rounded(sum(found.values(), Decimal(0))), as_of=AS_OF) if found else None


def cost_shares(
    *, model: str, usage: Mapping[str, Any], options: Mapping[str, Any], provider: str = "sonar"
) -> Mapping[str, Decimal]:
    """What an estimate consists of, by the names that `usage.cost` gives to the same; empty where there is no estimate,
    or only one of the whole."""
    price = PRICES.get(model) if provider == "sonar" else None
    if price is None or not any(_count(usage, name) for name in ("prompt_tokens", "completion_tokens")):
        return {}
    return {
        "input_tokens_cost": _count(usage, "prompt_tokens") * price.input / _MILLION,
        "output_tokens_cost": _count(usage, "completion_tokens") * price.output / _MILLION,
        "citation_tokens_cost": _count(usage, "citation_tokens") * price.citation / _MILLION,
        "reasoning_tokens_cost": _count(usage, "reasoning_tokens") * price.reasoning / _MILLION,
        "search_queries_cost": _count(usage, "num_search_queries") * price.searches / _THOUSAND,
        "request_cost": _search_fee(price, usage=usage, options=options) / _THOUSAND,
    }


def forecast(
    *,
    model: str,
    options: Mapping[str, Any],
    characters: int = 0,
    provider: str = "sonar",
    listed: AgentModels = KNOWN,
) -> Forecast | None:
    """What a question will cost, before it is asked with these `options`, which are as on Sonar's wire.

    `characters` are those of the question and of the conversation that goes with it. None when the model has no known
    price.
    """
    if provider == "agent":
        tokens = _tokens(characters)
        expected = agent_prices.expected_agent_cost(model=model, options=options, tokens=tokens, models=listed)
        if expected is None:
            return None
        return Forecast(low=_rounded(expected[0]), high=_rounded(expected[1]), as_of=listed.as_of)
    price = PRICES.get(model) if provider == "sonar" else None
    if price is None:
        return None
    asked = _tokens(characters) * price.input / _MILLION
    if price.searches and not price.fees:
        typical = RESEARCH[_effort(options)]
        low, high = typical * _LEAST_RESEARCH + asked, typical * _MOST_RESEARCH + asked
        return Forecast(low=_rounded(low), high=_rounded(high), as_of=AS_OF, typical=typical)
    short, long = ANSWERS.get(model, ANSWERS[""])
    most = _count(options, "max_tokens") or long
    low, high = (
        asked + tokens * price.output / _MILLION + fee / _THOUSAND
        for tokens, fee in zip((min(short, most), most), _possible_fees(price, options), strict=True)
    )
    return Forecast(low=_rounded(low), high=_rounded(high), as_of=AS_OF)


def amount_to_reserve(
    *,
    model: str,
    options: Mapping[str, Any],
    characters: int = 0,
    provider: str = "sonar",
    listed: AgentModels = KNOWN,
    usual: Decimal | None = None,
) -> Decimal:
    """What a limit sets aside for a question before it is asked.

    That is `usual`, what nearly all earlier answers of the model have cost here, though never less than the least that
    `forecast` expects of this question; where there are too few such answers the most that it expects; a careful guess
    where the service charges a price that nobody knows; and nothing where nothing is charged that we know of.
    """
    expected = forecast(model=model, options=options, characters=characters, provider=provider, listed=listed)
    if usual is not None:
        return max(usual, expected.low) if expected else usual
    if expected is not None:
        return expected.high
    return agent_prices.UNKNOWN if provider == "agent" else Decimal(0)


def price_line(model: str, *, provider: str = "sonar", listed: AgentModels = KNOWN) -> str:
    """The price of the provider's model in one line, empty when it is not known."""
    if provider == "agent":
        return agent_prices.agent_price_line(model, listed)
    price = PRICES.get(model) if provider == "sonar" else None
    if price is None:
        return ""
    tokens = sentence(
        "%(input)s in and %(output)s out per million tokens", input=Dollars(price.input), output=Dollars(price.output)
    )
    if price.fees:
        low, high = min(price.fees.values()), max([*price.fees.values(), *price.pro_fees.values()])
        return sentence(
            "%(tokens)s, %(low)s to %(high)s per 1,000 questions", tokens=tokens, low=Dollars(low), high=Dollars(high)
        )
    return sentence(
        "%(tokens)s, %(fee)s per 1,000 searches, plus reading and reasoning: usually %(low)s to %(high)s per question",
        tokens=tokens,
        fee=Dollars(price.searches),
        low=Dollars(min(RESEARCH.values())),
        high=Dollars(max(RESEARCH.values())),
    )


def search_fees(model: str, *, provider: str = "sonar") -> Mapping[str, tuple[Decimal, Decimal]]:
    """What a thousand questions cost for searching, by the search context size: at least and, with a search in several
    steps, at most. Empty where nothing depends on the size, or nobody knows.
    """
    price = PRICES.get(model) if provider == "sonar" else None
    if price is None:
        return {}
    return {size: (fee, price.pro_fees.get(size, fee)) for size, fee in price.fees.items()}


def _search_fee(price: Price, *, usage: Mapping[str, Any], options: Mapping[str, Any]) -> Decimal:
    """Per thousand questions. It is charged for a question without a search, too."""
    asked = options.get("web_search_options")
    asked = asked if isinstance(asked, Mapping) else {}
    kind = asked.get("search_type")
    if kind == "auto":
        kind = usage.get("search_type_used")
    fees = price.pro_fees if kind == "pro" and price.pro_fees else price.fees
    for size in (usage.get("search_context_size"), asked.get("search_context_size"), "low"):
        if isinstance(size, str) and size in fees:
            return fees[size]
    return Decimal(0)


def _possible_fees(price: Price, options: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """The lowest and the highest fee per thousand questions that these options may lead to."""
    found = [_search_fee(price, usage={"search_type_used": kind}, options=options) for kind in ("fast", "pro")]
    return min(found), max(found)


def _effort(options: Mapping[str, Any]) -> str:
    effort = options.get("reasoning_effort")
    return effort if isinstance(effort, str) and effort in RESEARCH else "medium"


def _tokens(characters: int) -> int:
    return -(-max(characters, 0) // CHARACTERS_PER_TOKEN)


def _rounded(cost: Decimal) -> Decimal:
    return cost.quantize(PLACES)


def _count(usage: Mapping[str, Any], name: str) -> int:
    value = usage.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _BEYOND_BELIEF else 0
