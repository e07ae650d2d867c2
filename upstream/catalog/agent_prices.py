"""What the Agent API costs when it does not say. The figures are data: edit them and the date.

US dollars. Token prices are per million tokens, calls of tools per thousand calls. A preset chooses its models by
itself, so nobody can tell beforehand what its tokens cost; the service reports it with the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

AS_OF = date(2026, 3, 1)
_MILLION = Decimal(1_000_000)
_THOUSAND = Decimal(1000)
_BEYOND_BELIEF = 10**9  # tokens or calls of one answer
_ANSWER = (150, 2000)  # tokens of a short and of a long answer
_SEARCHES = (1, 3)  # of one question


@dataclass(frozen=True, slots=True)
class AgentPrice:
    """What one model costs. `cached` is for those tokens of the input that the service had read before."""

    input: Decimal
    output: Decimal
    cached: Decimal


PRICES: Mapping[str, AgentPrice] = {
    "perplexity/sonar": AgentPrice(input=Decimal("0.25"), output=Decimal("2.50"), cached=Decimal("0.0625")),
}
# What a limit sets aside where nobody can tell the price beforehand: our own guesses, on the careful side of what the
# Sonar models cost that the presets follow. The cost that the service reports takes their place.
SET_ASIDE: Mapping[str, Decimal] = {
    "fast": Decimal("0.02"),
    "low": Decimal("0.05"),
    "medium": Decimal("0.30"),
    "high": Decimal("1.50"),
    "xhigh": Decimal("3.00"),
    "": Decimal("0.30"),
}
CALLS: Mapping[str, Decimal] = {"web_search": Decimal(5), "fetch_url": Decimal("0.5")}


def agent_cost(*, model: str, usage: Mapping[str, Any]) -> Decimal | None:
    """The cost of an answer from its `usage`, under the names that it has everywhere; None where it cannot be told."""
    price = PRICES.get(model)
    asked, answered = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if price is None or not (asked or answered):
        return None
    cached = min(_count(_within(usage, "input_tokens_details").get("cache_read_input_tokens")), asked)
    tokens = (asked - cached) * price.input + cached * price.cached + answered * price.output
    calls = _within(usage, "tool_calls_details")
    fees = sum((_count(_within(calls, name).get("invocation")) * fee for name, fee in CALLS.items()), Decimal(0))
    return tokens / _MILLION + fees / _THOUSAND


def expected_agent_cost(*, model: str, options: Mapping[str, Any], tokens: int) -> tuple[Decimal, Decimal] | None:
    """What a question of so many tokens will cost, at least and at most, with these options."""
    price = PRICES.get(model)
    if price is None:
        return None
    short, long = _ANSWER
    most = _count(options.get("max_tokens")) or long
    searches = (0, 0) if options.get("disable_search") else _SEARCHES
    low, high = (
        (tokens * price.input + answer * price.output) / _MILLION + calls * CALLS["web_search"] / _THOUSAND
        for answer, calls in zip((min(short, most), most), searches, strict=True)
    )
    return low, high


def agent_price_line(model: str) -> str:
    """The price in one line."""
    price = PRICES.get(model)
    searches = f"${CALLS['web_search']} per 1,000 searches"
    if price is None:
        return f"{searches}, and what the models behind it cost"
    return f"${price.input} in and ${price.output} out per million tokens, {searches}"


def _within(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _BEYOND_BELIEF else 0
