"""The models of the gateway: what it lists, and a copy for when it cannot be asked (contract B4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upstream.providers import parts

_MOST = 200  # models of one kind
_LONGEST = 200  # characters of a description


@dataclass(frozen=True, slots=True)
class GatewayModel:
    """One model of one mode, as the gateway describes it."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class GatewayModels:
    """All models, in the gateway's order. `research` is one mode with one model that nobody chooses."""

    search: Sequence[GatewayModel]
    reason: Sequence[GatewayModel] = ()
    research: GatewayModel | None = None
    default_search: str = ""
    default_reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The list in the gateway's own form, for keeping. `read` takes it back."""
        research = self.research
        return {
            "search": [{"name": model.name, "description": model.description} for model in self.search],
            "reason": [{"name": model.name, "description": model.description} for model in self.reason],
            "research": {"name": research.name, "description": research.description} if research else None,
            "defaults": {"search": self.default_search, "reason": self.default_reason},
        }


def read(found: Any) -> GatewayModels | None:
    """The list from what the gateway answered; None where that is no list of models."""
    values = parts.mapping(found)
    search = _models(values.get("search"))
    if not search:
        return None
    defaults = parts.mapping(values.get("defaults"))
    return GatewayModels(
        search=search,
        reason=_models(values.get("reason")),
        research=next(iter(_models([values.get("research")])), None),
        default_search=_default(defaults, "search"),
        default_reason=_default(defaults, "reason"),
    )


def _models(found: Any) -> tuple[GatewayModel, ...]:
    models: dict[str, GatewayModel] = {}
    for item in parts.items(found)[:_MOST]:
        values: Mapping[str, Any] = {"name": item} if isinstance(item, str) else parts.mapping(item)
        name = parts.string(values.get("name")).strip()
        # A name that is cut off would be another one.
        if name and name.isprintable() and parts.name(name) == name:
            models.setdefault(name, GatewayModel(name, parts.string(values.get("description"))[:_LONGEST].strip()))
    return tuple(models.values())


def _default(defaults: Mapping[str, Any], mode: str) -> str:
    return parts.name(defaults.get(mode)).strip()


KNOWN = GatewayModels(
    search=(
        GatewayModel("turbo", "Default free model"),
        GatewayModel("sonar", "Sonar model"),
        GatewayModel("sonar-pro", "Sonar pro model"),
        GatewayModel("gemini-3-flash", "Gemini 3.0 Flash"),
        GatewayModel("gpt-5.4", "GPT-5.4"),
        GatewayModel("gpt-5.2", "GPT-5.2"),
        GatewayModel("claude-4.6-sonnet", "Claude 4.6 Sonnet"),
        GatewayModel("grok-4.1", "Grok 4.1"),
    ),
    reason=(
        GatewayModel("sonar-reasoning", "Default reasoning model"),
        GatewayModel("gemini-3-flash-thinking", "Gemini 3.0 Flash with thinking"),
        GatewayModel("gemini-3.1-pro", "Gemini 3.1 Pro"),
        GatewayModel("nemotron-3-super-thinking", "Nemotron 3 Super with thinking"),
        GatewayModel("gpt-5.4-thinking", "GPT-5.4 with thinking"),
        GatewayModel("gpt-5.2-thinking", "GPT-5.2 with thinking"),
        GatewayModel("claude-4.6-sonnet-thinking", "Claude 4.6 Sonnet with thinking"),
        GatewayModel("grok-4.1-reasoning", "Grok 4.1 with reasoning"),
        GatewayModel("kimi-k2.5-thinking", "Kimi K2.5 with thinking"),
    ),
    research=GatewayModel("pplx_alpha", "Fixed deep research mode"),
    default_search="sonar",
    default_reason="sonar-reasoning",
)
"""The list as it was in March 2026."""
