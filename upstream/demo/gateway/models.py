"""The gateway's models (contract B4)."""

from collections.abc import Mapping
from typing import Any

from upstream.demo.gateway.replies import INVALID, INVALID_MODEL, Refused

MODES = ("search", "reason", "research")
SEARCH: Mapping[str, str] = {
    "turbo": "Default free model",
    "sonar": "Sonar model",
    "sonar-pro": "Sonar pro model",
    "gemini-3-flash": "Gemini 3.0 Flash",
    "gpt-5.4": "GPT-5.4",
    "gpt-5.2": "GPT-5.2",
    "claude-4.6-sonnet": "Claude 4.6 Sonnet",
    "grok-4.1": "Grok 4.1",
}
REASON: Mapping[str, str] = {
    "sonar-reasoning": "Default reasoning model",
    "gemini-3-flash-thinking": "Gemini 3.0 Flash with thinking",
    "gemini-3.1-pro": "Gemini 3.1 Pro",
    "nemotron-3-super-thinking": "Nemotron 3 Super with thinking",
    "gpt-5.4-thinking": "GPT-5.4 with thinking",
    "gpt-5.2-thinking": "GPT-5.2 with thinking",
    "claude-4.6-sonnet-thinking": "Claude 4.6 Sonnet with thinking",
    "grok-4.1-reasoning": "Grok 4.1 with reasoning",
    "kimi-k2.5-thinking": "Kimi K2.5 with thinking",
}
RESEARCH = "pplx_alpha"
BY_MODE = {"search": SEARCH, "reason": REASON}


def listed(*, search: str, reason: str) -> dict[str, Any]:
    """What `GET /v1/models` answers; `search` and `reason` are the defaults."""
    return {
        "search": [{"name": name, "description": text} for name, text in SEARCH.items()],
        "reason": [{"name": name, "description": text} for name, text in REASON.items()],
        "research": {"name": RESEARCH, "description": "Fixed deep research mode"},
        "defaults": {"search": search, "reason": reason},
    }


def resolved(model: str | None, *, mode: str, defaults: Mapping[str, str]) -> str:
    """The model that answers. Raises Refused for one that this mode does not know."""
    if mode == "research":
        if model is not None:
            raise Refused(INVALID, "research mode doesn't take a model")
        return RESEARCH
    if model is None:
        return defaults[mode]
    known = BY_MODE[mode]
    if model not in known:
        raise Refused(INVALID_MODEL, f"unknown model '{model}', try one of: {', '.join(known)}")
    return model
