"""What the Agent API costs when it does not say, and what it will probably cost (docs/agent.md, "Prices and cost").

US dollars. Token prices are those of the models (`upstream.catalog.agent_models`); the figures here are data too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.sentences import Dollars, sentence
from upstream.catalog.agent_models import KNOWN_PRICES, AgentModels, TokenPrice
from upstream.catalog.agent_names import is_preset

_MILLION = Decimal(1_000_000)
_BEYOND_BELIEF = 10**9  # tokens or calls of one answer

SEARCH = Decimal("0.0025")
QUICK_SEARCH = Decimal("0.001")  # of the fast kind, and whatever a preset searches
PAGE = Decimal("0.0035")  # a page that is read, where nobody says how many tokens of which model that took
IMAGE_SEARCH = Decimal("0.0025")
# A call of a tool, by the names in `usage`; what a page costs besides is told there with it.
_CALLS: Mapping[str, Decimal] = {
    "search_images": IMAGE_SEARCH,
    "image_search": IMAGE_SEARCH,
    "search_people": Decimal("0.005"),
    "people_search": Decimal("0.005"),
    "finance_search": Decimal("0.005"),
    "sandbox": Decimal("0.03"),
}
_SEARCHES = ("search_web", "web_search")
# What a tool that a question switches on will probably add, by the option.
_ADDED: Mapping[str, Decimal] = {
    "return_images": IMAGE_SEARCH,
    "fetch_url": 3 * PAGE,
    "people_search": Decimal("0.01"),
    "finance_search": Decimal("0.015"),
    "sandbox": Decimal("0.03"),
}
_FETCH = Decimal("0.0005")


@dataclass(frozen=True, slots=True)
class PresetPrice:
    """What a question to a preset costs, at least and at most, and what a million tokens of the conversation before it
    add, which a preset reads once in each of its steps."""

    least: Decimal
    most: Decimal
    history: Decimal


# Measured for the first three; guessed from the vendor's own comparison for the others.
PRESETS: Mapping[str, PresetPrice] = {
    "fast": PresetPrice(Decimal("0.001"), Decimal("0.002"), Decimal("0.15")),
    "low": PresetPrice(Decimal("0.004"), Decimal("0.02"), Decimal("0.5")),
    "medium": PresetPrice(Decimal("0.015"), Decimal("0.05"), Decimal(1)),
    "high": PresetPrice(Decimal("0.4"), Decimal("0.9"), Decimal(10)),
    "xhigh": PresetPrice(Decimal("0.9"), Decimal("2.5"), Decimal(20)),
    "wide-research": PresetPrice(Decimal("0.9"), Decimal("2.5"), Decimal(20)),
}
BEHIND_PRESETS = "openai/gpt-6-luna"
"""The model that the presets ran on when they were measured."""
UNKNOWN = Decimal("0.05")
"""What a limit sets aside for a question to a model whose price nobody knows."""

_QUESTION = 100  # tokens
_ANSWER = (150, 2000)  # tokens of a short and of a long answer
_FOUND = {"low": (500, 4000), "medium": (1500, 10_000), "high": (4000, 40_000)}  # tokens of what a search brings


def agent_cost(
    *, model: str, served: str, usage: Mapping[str, Any], options: Mapping[str, Any], models: AgentModels
) -> Decimal | None:
    """The cost of an answer from its `usage`, under the names that it has everywhere; None where it cannot be told.

    `served` is the model that answered in the end, if the service named one.
    """
    price = models.price_of(served) or models.price_of(BEHIND_PRESETS if is_preset(model) else model)
    asked, answered = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if price is None or not (asked or answered):
        return None
    tokens = _token_cost(price, asked, answered, _within(usage, "input_tokens_details"))
    return tokens + sum(_tool_costs(usage, _search_fee(model, options), models), Decimal(0))


def expected_agent_cost(
    *, model: str, options: Mapping[str, Any], tokens: int, models: AgentModels
) -> tuple[Decimal, Decimal] | None:
    """What a question of so many tokens will cost, at least and at most, with these options; None where its price is
    not known."""
    tools = sum((added for option, added in _ADDED.items() if options.get(option)), Decimal(0))
    if preset := PRESETS.get(model):
        history = tokens * preset.history / _MILLION
        return preset.least + history, preset.most + history + tools
    price = models.price_of(model)
    if price is None:
        return None
    short, long = _ANSWER
    most = _count(options.get("max_tokens")) or long
    size = _within(options, "web_search_options").get("search_context_size")
    found = _FOUND.get(size if isinstance(size, str) else "", _FOUND["medium"])
    searches = (0, 0) if options.get("disable_search") else (1, 2)
    fee = _search_fee(model, options)
    low, high = (
        ((tokens + bool(calls) * read) * price.input + answer * price.output) / _MILLION + calls * fee
        for read, answer, calls in zip(found, (min(short, most), most), searches, strict=True)
    )
    return low, high + tools


def agent_price_line(model: str, models: AgentModels) -> str:
    """The price in one line."""
    if preset := PRESETS.get(model):
        least, most = Dollars(preset.least), Dollars(preset.most)
        return sentence("Usually %(least)s to %(most)s per question", least=least, most=most)
    price = models.price_of(model)
    searches = sentence("%(fee)s per 1,000 searches", fee=Dollars(SEARCH * 1000))
    if price is None:
        return sentence("%(searches)s; token price not listed", searches=searches)
    tokens = sentence(
        "%(input)s in and %(output)s out per million tokens, %(searches)s",
        input=Dollars(price.input),
        output=Dollars(price.output),
        searches=searches,
    )
    expected = expected_agent_cost(model=model, options={}, tokens=_QUESTION, models=models)
    if not expected:
        return tokens
    low, high = map(_roughly, expected)
    return sentence("%(tokens)s: about %(low)s to %(high)s per question", tokens=tokens, low=low, high=high)


def _token_cost(price: TokenPrice, asked: int, answered: int, details: Mapping[str, Any]) -> Decimal:
    """What the tokens cost. Those read from the cache and those kept in it are parts of what was asked."""
    cached = min(_count(details.get("cache_read_input_tokens") or details.get("cached_tokens")), asked)
    kept = min(_count(details.get("cache_creation_input_tokens")), asked - cached)
    tokens = (asked - cached - kept) * price.input + cached * price.cached + kept * price.kept
    return (tokens + answered * price.output) / _MILLION


def _tool_costs(usage: Mapping[str, Any], search: Decimal, models: AgentModels) -> Iterator[Decimal]:
    details = _within(usage, "tool_calls_details")
    for name in details:
        called = _within(details, name)
        calls = _count(called.get("invocation"))
        if name in _SEARCHES:
            yield calls * search
        elif name == "fetch_url":
            yield _reading_cost(calls, called.get("token_usage"), models)
        else:
            yield calls * _CALLS.get(name, Decimal(0))


def _reading_cost(pages: int, token_usage: Any, models: AgentModels) -> Decimal:
    """A page is read by a model, whose tokens are charged at its own price."""
    read = [entry for entry in token_usage if isinstance(entry, Mapping)] if isinstance(token_usage, list) else []
    if not read:
        return pages * PAGE
    reading = (
        _token_cost(
            models.price_of(str(entry.get("model"))) or KNOWN_PRICES[BEHIND_PRESETS],
            _count(entry.get("input_tokens")),
            _count(entry.get("output_tokens")),
            _within(entry, "input_tokens_details"),
        )
        for entry in read[:100]
    )
    return pages * _FETCH + sum(reading, Decimal(0))


def _search_fee(model: str, options: Mapping[str, Any]) -> Decimal:
    quick = _within(options, "web_search_options").get("search_type") == "fast"
    return QUICK_SEARCH if quick or is_preset(model) else SEARCH


def _roughly(amount: Decimal) -> Dollars:
    return Dollars(Decimal(f"{amount:.1g}"))


def _within(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _BEYOND_BELIEF else 0
