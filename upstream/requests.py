"""What is asked of an upstream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation as the upstream shall see it."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with the conversation before it.

    `turns` ends with the question. `options` holds only what the person set: names, values and nesting as on the wire
    (contract A4), such as `{"web_search_options": {"search_context_size": "high"}}`.
    """

    model: str
    turns: Sequence[Turn]
    provider: str = "sonar"
    options: Mapping[str, Any] = field(default_factory=dict)
