"""What a run counts and costs. Each figure of the cost has five decimals, and the total is the sum of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upstream.demo.agent.models import PRICES, READER, Price
from upstream.demo.sonar.usage import tokens
from upstream.demo.switches import Switches

_FEWEST_CACHED = 1024  # tokens; shorter requests are not kept in the cache
_NEW = 3  # tokens that never come from the cache
_PAGE = 0.0005
_CALLS = {  # USD for a call; an image search is charged where it finds something
    "search_web": 0.0025,
    "search_people": 0.005,
    "finance_search": 0.005,
    "image_search": 0.0025,
    "sandbox": 0.03,
}
FAST_SEARCH = 0.001  # USD, also for the searches of presets


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: the tokens that it has, and those of what was kept of it."""

    read: int
    kept: int


def usage_of(
    model: str,
    *,
    asked: int,
    kept: int,
    written: int,
    reasoning: int,
    calls: Mapping[str, int],
    pages: Sequence[Page],
    fast: bool,
    switches: Switches,
) -> dict[str, Any] | None:
    """The usage of a finished run.

    In tokens: `asked` are new, `kept` are a preset's own and in the cache already, `written` are the answer's, and
    `reasoning` comes on top of these. `calls` has the number of calls by the names of the wire; `fast`: whether
    searches are of the fast kind.
    """
    if "null_usage" in switches:
        return None
    price, total = PRICES.get(model, PRICES["perplexity/sonar"]), asked + kept
    created = asked - _NEW if price.cache_write is not None and total >= _FEWEST_CACHED else 0
    cached = kept if total >= _FEWEST_CACHED else 0
    details = {"cached_tokens": cached}
    if total >= _FEWEST_CACHED and price.cache_write is not None:
        details |= {"cache_creation_input_tokens": created, "cache_read_input_tokens": cached}
    told, charged = _tools(calls, pages, FAST_SEARCH if fast else _CALLS["search_web"])
    costs = _tokens_cost(price, total, created, cached, written + reasoning)
    if charged:
        costs["tool_calls_cost"] = sum(charged.values())
    costs = {name: _rounded(cost) for name, cost in costs.items()}
    found: dict[str, Any] = {
        "input_tokens": total,
        "input_tokens_details": details,
        "output_tokens": written + reasoning,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": total + written + reasoning,
    }
    if told:
        found["tool_calls_details"] = told
    if "no_cost" in switches:
        return found
    cost = {"currency": "USD", **costs, "total_cost": _rounded(sum(costs.values()))}
    return {**found, "cost": {**cost, **({"tool_calls_cost_details": charged} if charged else {})}}


def _tokens_cost(price: Price, total: int, created: int, cached: int, written: int) -> dict[str, float]:
    """USD, with more decimals than are told; what was not kept in or read from the cache is left out."""
    fresh = total - created - cached
    costs = {"input_cost": fresh * price.input / 1e6, "output_cost": written * price.output / 1e6}
    kept = {"cache_creation_cost": created * (price.cache_write or 0), "cache_read_cost": cached * price.cache_read}
    return {**costs, **{name: cost / 1e6 for name, cost in kept.items() if cost}}


def _tools(
    calls: Mapping[str, int], pages: Sequence[Page], search: float
) -> tuple[dict[str, dict[str, Any]], dict[str, float]]:
    """What is told of each tool that was used, and what it costs."""
    prices = {**_CALLS, "search_web": search}
    charged = {name: _rounded(prices[name] * count) for name, count in calls.items() if count}
    told: dict[str, dict[str, Any]] = {name: {"invocation": calls[name], "cost_usd": charged[name]} for name in charged}
    if "finance_search" in told:
        del told["finance_search"]["cost_usd"]  # as in its recordings
    if pages:
        reader = PRICES[READER]
        costs = (_PAGE + sum(_tokens_cost(reader, one.read + _NEW, one.read, 0, one.kept).values()) for one in pages)
        charged["fetch_url"] = _rounded(sum(costs))
        used = [_reading(page) for page in pages]
        told["fetch_url"] = {"invocation": len(pages), "cost_usd": charged["fetch_url"], "token_usage": used}
    return told, charged


def _reading(page: Page) -> dict[str, Any]:
    return {
        "model": READER,
        "input_tokens": page.read + _NEW,
        "input_tokens_details": {"cache_creation_input_tokens": page.read, "cached_tokens": 0},
        "output_tokens": page.kept,
        "output_tokens_details": {"reasoning_tokens": 0},
    }


def page_of(text: str, snippet: str) -> Page:
    """The figures of a page with this text."""
    return Page(tokens(text), tokens(snippet))


def _rounded(cost: float) -> float:
    return round(cost, 5) or 0
