"""The models of the gateway: what it lists, and a copy for when it cannot be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_MOST = 200  # models of one kind
_LONGEST = 200  # characters of a description
_LONGEST_NAME = 80  # characters


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

    def by_mode(self) -> Mapping[str, str]:
        """The descriptions of all models by what we call them: mode and name, the default of each mode first."""
        found: dict[str, str] = {}
        for mode, models, default in (
            ("search", self.search, self.default_search),
            ("reason", self.reason, self.default_reason),
            ("research", [self.research] if self.research else [], ""),
        ):
            ordered = sorted(models, key=lambda model: model.name != default)
            found |= {f"{mode}/{model.name}": model.description for model in ordered}
        return found

    def as_json(self) -> dict[str, Any]:
        """The list in the gateway's own form, for keeping. `read` takes it back."""
        research = self.research
        return {
            "search": [{"name": model.name, "description": model.description} for model in self.search],
            "reason": [{"name": model.name, "description": model.description} for model in self.reason],
            "research": {"name": research.name, "description": research.description} if research else None,
            "defaults": {"search": self.default_search, "reason": self.default_reason},
        }


def models_in(found: Any) -> GatewayModels | None:
    """The list from what the gateway answered; None where that is no list of models."""
    if not isinstance(found, dict):
        return None
    search = _models(found.get("search"))
    if not search:
        return None
    defaults = found.get("defaults")
    return GatewayModels(
        search=search,
        reason=_models(found.get("reason")),
        research=next(iter(_models([found.get("research")])), None),
        default_search=_text(defaults, "search"),
        default_reason=_text(defaults, "reason"),
    )


def _models(found: Any) -> tuple[GatewayModel, ...]:
    models: dict[str, GatewayModel] = {}
    for item in found[:_MOST] if isinstance(found, list) else ():
        name = item if isinstance(item, str) else _text(item, "name")
        if name and name.isprintable() and len(name) <= _LONGEST_NAME:  # a name that is cut off would be another one
            models.setdefault(name, GatewayModel(name, _text(item, "description")[:_LONGEST]))
    return tuple(models.values())


def _text(values: Any, name: str) -> str:
    found = values.get(name) if isinstance(values, dict) else None
    return found.strip() if isinstance(found, str) else ""


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
