"""The figures of an answer under the names that they have in all of Parley (docs/agent.md, "Usage and cost").

| ours | theirs |
|---|---|
| `prompt_tokens`, `completion_tokens`, `total_tokens` | `input_tokens`, `output_tokens`, `total_tokens` |
| `cached_tokens` | `input_tokens_details.cached_tokens`, or `.cache_read_input_tokens` |
| `reasoning_tokens` | `output_tokens_details.reasoning_tokens` |
| `num_search_queries` | the calls of `search_web` |
| `num_pages_read` | the calls of `fetch_url` |
| `input_tokens_details`, `output_tokens_details`, `tool_calls_details` | the same, as they came |
| `cost` | the same, with `input_tokens_cost` and `output_tokens_cost` for `input_cost` and `output_cost` |

What is nothing is left out, as the service leaves it out.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from upstream.translation import fields

_TOKENS = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "total_tokens": "total_tokens"}
_COSTS = {"input_cost": "input_tokens_cost", "output_cost": "output_tokens_cost"}
_DETAILS = ("input_tokens_details", "output_tokens_details", "tool_calls_details")
_CALLS = {"search_web": "num_search_queries", "fetch_url": "num_pages_read"}
_MOST_EXPENSIVE = 1_000_000  # dollars


def usage_of(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that came, under our names."""
    found: dict[str, Any] = {ours: usage[theirs] for theirs, ours in _TOKENS.items() if _count(usage.get(theirs))}
    asked, answered, calls = (fields.mapping(usage.get(name)) for name in _DETAILS)
    counts = {
        "cached_tokens": asked.get("cached_tokens") or asked.get("cache_read_input_tokens"),
        "reasoning_tokens": answered.get("reasoning_tokens"),
        **{ours: fields.mapping(calls.get(theirs)).get("invocation") for theirs, ours in _CALLS.items()},
    }
    found |= {name: count for name, value in counts.items() if (count := _count(value))}
    found |= {name: usage[name] for name in _DETAILS if fields.mapping(usage.get(name))}
    cost = fields.mapping(usage.get("cost"))
    if cost_of(usage) is not None:
        found["cost"] = {_COSTS.get(name, name): value for name, value in cost.items() if name != "currency"}
    return found


def cost_of(usage: Mapping[str, Any]) -> Decimal | None:
    """The reported cost in US dollars, six places; 0 is a cost too. None where there is none."""
    total = fields.mapping(usage.get("cost")).get("total_cost")
    if isinstance(total, bool) or not isinstance(total, int | float) or not 0 <= total < _MOST_EXPENSIVE:
        return None
    return Decimal(str(total)).quantize(fields.PLACES)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
