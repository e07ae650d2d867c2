"""The models and presets of the Agent API, as they were in October 2026.

The demo stands for the vendor here, so it has its own copy of the lists: what `GET /v1/models` says of each model, and
what each preset was seen to do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

# The id, then USD per million tokens: input, output, written to the cache (a dash: not charged), read from it.
_LIST = """
anthropic/claude-fable-5 10 50 12.5 1
anthropic/claude-fable-5-1 10 50 12.5 0.25
anthropic/claude-haiku-4-5 1 5 1.25 0.1
anthropic/claude-haiku-5-5 0.1 0.5 0.125 0.01
anthropic/claude-opus-4-5 5 25 6.25 0.5
anthropic/claude-opus-4-6 5 25 6.25 0.5
anthropic/claude-opus-4-7 5 25 6.25 0.5
anthropic/claude-opus-4-8 5 25 6.25 0.5
anthropic/claude-opus-5 5 25 6.25 0.5
anthropic/claude-opus-5-5 4 20 5 0.2
anthropic/claude-sonnet-4-5 3 15 3.75 0.3
anthropic/claude-sonnet-4-6 3 15 3.75 0.3
anthropic/claude-sonnet-5 2 10 2.5 0.2
anthropic/claude-sonnet-5-5 2 10 2.5 0.2
google/gemini-3-flash-preview 0.5 3 - 0.05
google/gemini-3.1-flash-lite 0.25 1.5 - 0.025
google/gemini-3.1-pro-preview 2 12 - 0.2
google/gemini-3.5-flash 1.5 9 - 0.15
google/gemini-3.5-flash-lite 0.3 2.5 - 0.03
google/gemini-3.6-flash 1.5 7.5 - 0.15
google/gemini-3.7-flash 0.75 3.75 - 0.075
google/gemini-3.8-flash 0.75 3.75 - 0.075
openai/gpt-5 1.25 10 - 0.125
openai/gpt-5-mini 0.25 2 - 0.025
openai/gpt-5-nano 0.05 0.4 - 0.005
openai/gpt-5.1 1.25 10 - 0.125
openai/gpt-5.2 1.75 14 - 0.175
openai/gpt-5.3-codex 3.5 28 - 0.35
openai/gpt-5.4 2.5 15 - 0.25
openai/gpt-5.4-mini 0.75 4.5 - 0.075
openai/gpt-5.4-nano 0.2 1.25 - 0.02
openai/gpt-5.5 5 30 - 0.5
openai/gpt-5.6-luna 0.2 1.2 0.25 0.02
openai/gpt-5.6-sol 4 20 5 0.4
openai/gpt-5.6-terra 2 12 2.5 0.2
openai/gpt-6-astra 10 50 12.5 1
openai/gpt-6-luna 0.1 0.5 0.125 0.01
openai/gpt-6-sol 2 10 2.5 0.2
openai/gpt-6.1-sol 2 10 2.5 0.1
perplexity/deepseek-v4-pro-0813 1.32 3.96 - 0.044
perplexity/glm-5.3 1.4 4.4 - 0.26
perplexity/glm-5.3-flash 0.15 0.5 - 0.03
perplexity/kimi-k3 3 15 - 0.3
perplexity/nemotron-3-ultra-550b-a55b 0.25 2.5 - 0.25
perplexity/sonar 0.25 2.5 - 0.0625
xai/grok-4.20-multi-agent 1.25 2.5 - 0.2
xai/grok-4.20-non-reasoning 1.25 2.5 - 0.2
xai/grok-4.20-reasoning 1.25 2.5 - 0.2
xai/grok-4.3 1.25 2.5 - 0.2
xai/grok-4.5 2 6 - 0.3
xai/grok-4.6 2 6 - 0.5
xai/grok-4.7 2 6 2 0.5
"""


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens. Without `cache_write` nothing is ever written to the cache."""

    input: float
    output: float
    cache_write: float | None
    cache_read: float


@dataclass(frozen=True, slots=True)
class Preset:
    """What a preset does: the model that serves it, how many `searches` it does and how many sources it names, the
    `pages` that it reads, the form of its `mark`, and whether it answers at length."""

    served: str
    searches: int
    sources: int
    pages: int
    mark: str = " [web:{}]"
    in_depth: bool = False

    @property
    def tools(self) -> tuple[str, ...]:
        """Its own tools, in the order in which they are named."""
        return ("web_search", "fetch_url") if self.pages else ("web_search",)


def _price(figures: list[str]) -> Price:
    read, written, cache_write, cache_read = (None if figure == "-" else orjson.loads(figure) for figure in figures)
    return Price(read or 0, written or 0, cache_write, cache_read or 0)


PRICES: Mapping[str, Price] = {
    name: _price(figures) for name, *figures in (line.split() for line in _LIST.strip().splitlines())
}
READER = "openai/gpt-5.6-luna"  # reads the pages that are fetched
_LUNA, _SOL = "openai/gpt-6-luna", "openai/gpt-6.1-sol"
_FAST = Preset(_LUNA, searches=1, sources=5, pages=0, mark="[{}]")
_LOW = Preset(_LUNA, searches=1, sources=6, pages=1)
_MEDIUM = Preset(_LUNA, searches=3, sources=9, pages=3, in_depth=True)
_HIGH = Preset(_SOL, searches=5, sources=15, pages=5, in_depth=True)
PRESETS: Mapping[str, Preset] = {
    "fast": _FAST,
    "low": _LOW,
    "medium": _MEDIUM,
    "high": _HIGH,
    "xhigh": _HIGH,
    "fast-search": _FAST,
    "pro-search": _LOW,
    "deep-research": _MEDIUM,
    "advanced-deep-research": _HIGH,
    "wide-research": _HIGH,
}
LEVELS = ("fast", "low", "medium", "high", "xhigh")
PINNED = rf"({'|'.join(LEVELS)})(@\d{{4}}-\d{{2}}-\d{{2}}\.\d+)?"


def preset_of(body: Mapping[str, Any]) -> tuple[str, Preset] | None:
    """The preset that a checked request asks for, and its name there: that of `effort` before that of `preset`."""
    name = body.get("effort") or body.get("preset")
    return (name, PRESETS[re.sub("@.*", "", name)]) if name else None


def listed() -> list[dict[str, Any]]:
    """What `GET /v1/models` lists."""
    return [
        {"id": name, "object": "model", "created": 0, "owned_by": name.partition("/")[0], "pricing": _pricing(price)}
        for name, price in PRICES.items()
    ]


def _pricing(price: Price) -> dict[str, Any]:
    figures = {"input": price.input, "output": price.output}
    written = {} if price.cache_write is None else {"cache_write": price.cache_write}
    return {**figures, **written, "cache_read": price.cache_read, "unit": "usd_per_1m_tokens"}
