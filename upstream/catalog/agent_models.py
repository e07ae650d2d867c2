"""The models of the Agent API: what it lists with which prices, how they are called, and a copy for when it cannot be
asked (docs/agent.md, "Models").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

UNIT = "usd_per_1m_tokens"
_MOST = 300  # models
_LONGEST_NAME = 100  # characters
_DEAREST = 10_000  # US dollars for a million tokens; more than that is a mistake
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._:-]*")

_MAKERS: Mapping[str, str] = {
    "perplexity": "Perplexity",
    "anthropic": "Anthropic",
    "openai": "OpenAI",
    "google": "Google",
    "xai": "xAI",
}
_SPELLED: Mapping[str, str] = {"gpt": "GPT", "glm": "GLM", "deepseek": "DeepSeek"}
_WITH_HYPHEN = frozenset({"gpt", "glm", "non", "multi"})  # what follows is not parted from it by a blank


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """US dollars for a million tokens. `cached` is for tokens of the input that the service had read before, `kept` for
    those that it keeps in order to read them sooner the next time."""

    input: Decimal
    output: Decimal
    cached: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model, called `maker/name`. Its price is None where the list has none that can be believed."""

    name: str
    price: TokenPrice | None = None


@dataclass(frozen=True, slots=True, eq=False)
class AgentModels:
    """All models, in the service's order, as the list of the day `as_of` has them. Each list equals itself alone, so
    that what is made of it can be kept with it as the key."""

    listed: Sequence[ListedModel]
    as_of: date

    def names(self) -> list[str]:
        """What is listed, the makers in our order, each with its newest models first."""
        return sorted((model.name for model in self.listed), key=_in_order)

    def price_of(self, name: str) -> TokenPrice | None:
        """What the model costs; of one that is not listed, what it cost when we last knew."""
        found = next((model.price for model in self.listed if model.name == name), None)
        return found or KNOWN_PRICES.get(name)

    def as_json(self) -> dict[str, Any]:
        """The list in the service's own form, with its day, for keeping. `models_in` takes it back."""
        data = [{"id": model.name, "pricing": _pricing(model.price)} for model in self.listed]
        return {"data": data, "as_of": self.as_of.isoformat()}


def models_in(found: Any, *, heard: date | None = None) -> AgentModels | None:
    """The list from what the service answered on the day it was `heard`, or from a kept copy, which has its day.

    None where that is no list of models. Names that no model can have are passed over, and so are repeated ones; a
    price that cannot be believed counts as none.
    """
    items = found.get("data") if isinstance(found, dict) else None
    as_of = heard or _day(found.get("as_of") if isinstance(found, dict) else None)
    if not isinstance(items, list) or as_of is None:
        return None
    models: dict[str, ListedModel] = {}
    for item in items:
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str) and len(name) <= _LONGEST_NAME and _NAME.fullmatch(name):
            models.setdefault(name, ListedModel(name, _price(item.get("pricing"))))
        if len(models) == _MOST:
            break
    return AgentModels(tuple(models.values()), as_of) if models else None


def maker_of(name: str) -> str:
    """Who makes the model, as they write themselves."""
    maker, _slash, _own = name.partition("/")
    return _MAKERS.get(maker) or maker.replace("-", " ").title()


def label_of(name: str) -> str:
    """What people call the model: `openai/gpt-6-luna` is GPT-6 Luna."""
    parts = name.partition("/")[2].split("-")
    said = _spelled(parts[0])
    for before, part in pairwise(parts):
        both_short = before.isdecimal() and part.isdecimal() and len(before) < 3 and len(part) < 3
        between = "." if both_short else "-" if before in _WITH_HYPHEN else " "
        said += between + _spelled(part)
    return said


def family_of(name: str) -> tuple[str, ...]:
    """What a model has in common with those that it follows and that follow it: its maker and the words of its name."""
    return (name.partition("/")[0], *re.findall(r"[a-z]{2,}", name.partition("/")[2]))


def _spelled(part: str) -> str:
    if part in _SPELLED:
        return _SPELLED[part]
    return part.upper() if re.fullmatch(r"[a-z]?\d[a-z\d.]*", part) else part[:1].upper() + part[1:]


def _in_order(name: str) -> tuple[Any, ...]:
    maker, _slash, own = name.partition("/")
    known = list(_MAKERS)
    place = known.index(maker) if maker in known else len(known)
    numbers_and_words = re.findall(r"\d+(?:\.\d+)?|[A-Za-z]+", own)
    parts = [(0, -float(part), "") if part[0].isdecimal() else (1, 0.0, part) for part in numbers_and_words]
    return place, maker, [*parts, (0, 0.0, "")]


def _price(found: Any) -> TokenPrice | None:
    if not isinstance(found, dict) or found.get("unit") != UNIT:
        return None
    asked, answered = _dollars(found.get("input")), _dollars(found.get("output"))
    if asked is None or answered is None:
        return None
    cached, kept = (found.get(name) for name in ("cache_read", "cache_write"))
    return TokenPrice(
        input=asked,
        output=answered,
        cached=asked if _dollars(cached) is None else Decimal(str(cached)),
        kept=asked if _dollars(kept) is None else Decimal(str(kept)),
    )


def _dollars(found: Any) -> Decimal | None:
    """The amount; None for what is no amount that anybody would charge."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return Decimal(str(found)) if 0 <= found <= _DEAREST else None


def _pricing(price: TokenPrice | None) -> dict[str, Any] | None:
    if price is None:
        return None
    amounts = {"input": price.input, "output": price.output, "cache_read": price.cached, "cache_write": price.kept}
    return {**{name: float(amount) for name, amount in amounts.items()}, "unit": UNIT}


def _day(found: Any) -> date | None:
    try:
        return date.fromisoformat(found)
    except (TypeError, ValueError):
        return None


def _listed(name: str, prices: str) -> ListedModel:
    """A row of the table: dollars in and out, for tokens read again and, where that costs extra, for tokens kept."""
    asked, answered, cached, *kept = map(Decimal, prices.split())
    return ListedModel(name, TokenPrice(asked, answered, cached, kept[0] if kept else asked))


KNOWN = AgentModels(
    (
        _listed("anthropic/claude-fable-5", "10 50 1 12.5"),
        _listed("anthropic/claude-fable-5-1", "10 50 0.25 12.5"),
        _listed("anthropic/claude-haiku-4-5", "1 5 0.1 1.25"),
        _listed("anthropic/claude-haiku-5-5", "0.1 0.5 0.01 0.125"),
        _listed("anthropic/claude-opus-4-5", "5 25 0.5 6.25"),
        _listed("anthropic/claude-opus-4-6", "5 25 0.5 6.25"),
        _listed("anthropic/claude-opus-4-7", "5 25 0.5 6.25"),
        _listed("anthropic/claude-opus-4-8", "5 25 0.5 6.25"),
        _listed("anthropic/claude-opus-5", "5 25 0.5 6.25"),
        _listed("anthropic/claude-opus-5-5", "4 20 0.2 5"),
        _listed("anthropic/claude-sonnet-4-5", "3 15 0.3 3.75"),
        _listed("anthropic/claude-sonnet-4-6", "3 15 0.3 3.75"),
        _listed("anthropic/claude-sonnet-5", "2 10 0.2 2.5"),
        _listed("anthropic/claude-sonnet-5-5", "2 10 0.2 2.5"),
        _listed("google/gemini-3-flash-preview", "0.5 3 0.05"),
        _listed("google/gemini-3.1-flash-lite", "0.25 1.5 0.025"),
        _listed("google/gemini-3.1-pro-preview", "2 12 0.2"),
        _listed("google/gemini-3.5-flash", "1.5 9 0.15"),
        _listed("google/gemini-3.5-flash-lite", "0.3 2.5 0.03"),
        _listed("google/gemini-3.6-flash", "1.5 7.5 0.15"),
        _listed("google/gemini-3.7-flash", "0.75 3.75 0.075"),
        _listed("google/gemini-3.8-flash", "0.75 3.75 0.075"),
        _listed("openai/gpt-5", "1.25 10 0.125"),
        _listed("openai/gpt-5-mini", "0.25 2 0.025"),
        _listed("openai/gpt-5-nano", "0.05 0.4 0.005"),
        _listed("openai/gpt-5.1", "1.25 10 0.125"),
        _listed("openai/gpt-5.2", "1.75 14 0.175"),
        _listed("openai/gpt-5.3-codex", "3.5 28 0.35"),
        _listed("openai/gpt-5.4", "2.5 15 0.25"),
        _listed("openai/gpt-5.4-mini", "0.75 4.5 0.075"),
        _listed("openai/gpt-5.4-nano", "0.2 1.25 0.02"),
        _listed("openai/gpt-5.5", "5 30 0.5"),
        _listed("openai/gpt-5.6-luna", "0.2 1.2 0.02 0.25"),
        _listed("openai/gpt-5.6-sol", "4 20 0.4 5"),
        _listed("openai/gpt-5.6-terra", "2 12 0.2 2.5"),
        _listed("openai/gpt-6-astra", "10 50 1 12.5"),
        _listed("openai/gpt-6-luna", "0.1 0.5 0.01 0.125"),
        _listed("openai/gpt-6-sol", "2 10 0.2 2.5"),
        _listed("openai/gpt-6.1-sol", "2 10 0.1 2.5"),
        _listed("perplexity/deepseek-v4-pro-0813", "1.32 3.96 0.044"),
        _listed("perplexity/glm-5.3", "1.4 4.4 0.26"),
        _listed("perplexity/glm-5.3-flash", "0.15 0.5 0.03"),
        _listed("perplexity/kimi-k3", "3 15 0.3"),
        _listed("perplexity/nemotron-3-ultra-550b-a55b", "0.25 2.5 0.25"),
        _listed("perplexity/sonar", "0.25 2.5 0.0625"),
        _listed("xai/grok-4.20-multi-agent", "1.25 2.5 0.2"),
        _listed("xai/grok-4.20-non-reasoning", "1.25 2.5 0.2"),
        _listed("xai/grok-4.20-reasoning", "1.25 2.5 0.2"),
        _listed("xai/grok-4.3", "1.25 2.5 0.2"),
        _listed("xai/grok-4.5", "2 6 0.3"),
        _listed("xai/grok-4.6", "2 6 0.5"),
        _listed("xai/grok-4.7", "2 6 0.5 2"),
    ),
    as_of=date(2026, 10, 9),
)
"""The list as it was then."""
KNOWN_PRICES: Mapping[str, TokenPrice] = {model.name: model.price for model in KNOWN.listed if model.price}
