"""What an answer counts and costs: four characters are a token, prices as the vendor's list had them in 2025.

The demo stands for the vendor here, so it has its own copy of the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

CHARACTERS_PER_TOKEN = 4

# USD: input and output per million tokens, then the fee per thousand requests by search context size.
_PRICES: Mapping[str, tuple[float, float, Mapping[str, float]]] = {
    "sonar": (1, 1, {"low": 5, "medium": 8, "high": 12}),
    "sonar-pro": (3, 15, {"low": 6, "medium": 10, "high": 14}),
    "sonar-pro/pro": (3, 15, {"low": 14, "medium": 18, "high": 22}),
    "sonar-reasoning": (1, 5, {"low": 5, "medium": 8, "high": 14}),
    "sonar-reasoning-pro": (2, 8, {"low": 6, "medium": 10, "high": 14}),
    "sonar-deep-research": (2, 8, {}),
}
_CITATION, _REASONING, _SEARCH = 2, 3, 5000  # USD for a million

Cost = Literal["real", "zero", "none"]


def tokens(text: str | int) -> int:
    """The tokens of a text, or of a number of characters."""
    return -(-(text if isinstance(text, int) else len(text)) // CHARACTERS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Usage:
    """The figures of one answer. The last three belong to deep research and are None elsewhere."""

    model: str
    prompt: int
    completion: int
    context_size: str
    in_depth: bool = False
    citation: int | None = None
    searches: int | None = None
    reasoning: int | None = None

    def as_dict(self, cost: Cost = "real", *, completion: int | None = None) -> dict[str, Any]:
        """The wire's `usage`; `completion` overrides the tokens of the answer for an interim chunk."""
        written = self.completion if completion is None else completion
        figures: dict[str, Any] = {
            "prompt_tokens": self.prompt,
            "completion_tokens": written,
            "total_tokens": self.prompt + written,
            "search_context_size": self.context_size,
        }
        if self.citation is not None:
            counts = {"citation_tokens": self.citation, "num_search_queries": self.searches}
            figures |= {**counts, "reasoning_tokens": self.reasoning}
        if cost != "none":
            zero = dict.fromkeys(("input_tokens_cost", "output_tokens_cost", "total_cost"), 0.0)
            figures["cost"] = rounded(zero if cost == "zero" else self._costs())
        return figures

    def _costs(self) -> dict[str, float]:
        name = f"{self.model}/pro" if self.in_depth else self.model
        per_input, per_output, fees = _PRICES.get(name, _PRICES["sonar"])
        costs = {"input_tokens_cost": self.prompt * per_input, "output_tokens_cost": self.completion * per_output}
        if self.citation is not None:
            costs["reasoning_tokens_cost"] = (self.reasoning or 0) * _REASONING
            costs["citation_tokens_cost"] = self.citation * _CITATION
            costs["search_queries_cost"] = (self.searches or 0) * _SEARCH
        if fees:
            costs["request_cost"] = fees[self.context_size] * 1000
        costs = {name: cost / 1e6 for name, cost in costs.items()}
        return {**costs, "total_cost": sum(costs.values())}


def rounded(costs: Mapping[str, float]) -> dict[str, orjson.Fragment]:
    """Five decimals, written out (0.00001, not 1e-5)."""
    texts = {name: f"{cost:.5f}".rstrip("0") for name, cost in costs.items()}
    return {name: orjson.Fragment(text + "0" if text.endswith(".") else text) for name, text in texts.items()}
