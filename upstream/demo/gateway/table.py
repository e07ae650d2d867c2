"""The tables of what the gateway takes: its models, and the fields of its requests with their types.

Its own rules, and its parser's words, are in `checks.py`.
"""

from collections.abc import Mapping
from typing import Any

from upstream.demo.gateway.errors import INVALID, INVALID_MODEL, Refused
from upstream.demo.rules import Rule, choice, flag, list_of

MODES = ("search", "reason", "research")
SOURCES = ("web", "scholar", "social")
RESEARCH = "pplx_alpha"
MODELS: Mapping[str, Mapping[str, str]] = {
    "search": {
        "turbo": "Default free model",
        "sonar": "Sonar model",
        "sonar-pro": "Sonar pro model",
        "gemini-3-flash": "Gemini 3.0 Flash",
        "gpt-5.4": "GPT-5.4",
        "gpt-5.2": "GPT-5.2",
        "claude-4.6-sonnet": "Claude 4.6 Sonnet",
        "grok-4.1": "Grok 4.1",
    },
    "reason": {
        "sonar-reasoning": "Default reasoning model",
        "gemini-3-flash-thinking": "Gemini 3.0 Flash with thinking",
        "gemini-3.1-pro": "Gemini 3.1 Pro",
        "nemotron-3-super-thinking": "Nemotron 3 Super with thinking",
        "gpt-5.4-thinking": "GPT-5.4 with thinking",
        "gpt-5.2-thinking": "GPT-5.2 with thinking",
        "claude-4.6-sonnet-thinking": "Claude 4.6 Sonnet with thinking",
        "grok-4.1-reasoning": "Grok 4.1 with reasoning",
        "kimi-k2.5-thinking": "Kimi K2.5 with thinking",
    },
}

_TEXT = Rule(kind="text", nullable=False)
_TEXT_OR_NULL = Rule(kind="text")
_TEXTS = list_of(_TEXT, nullable=False)
SEARCH = Rule(
    kind="object",
    fields={
        "query": Rule(kind="text", required=True, nullable=False),
        "mode": choice(*MODES, nullable=False),
        "model": _TEXT_OR_NULL,
        "sources": _TEXTS,
        "language": _TEXT,
        "incognito": flag(nullable=False),
        "attachments": _TEXTS,
        "follow_up": Rule(kind="object", fields={"backend_uuid": _TEXT_OR_NULL, "attachments": _TEXTS}),
    },
)
IMAGES = Rule(
    kind="object",
    fields={
        "prompt": Rule(kind="text", required=True, nullable=False),
        "model": _TEXT_OR_NULL,
        "language": _TEXT,
        "incognito": flag(nullable=False),
    },
)


def resolve_model(model: str | None, *, mode: str, defaults: Mapping[str, str]) -> str:
    """The model that answers. Raises Refused for one that this mode does not know."""
    if mode == "research":
        if model is not None:
            raise Refused(INVALID, "research mode doesn't take a model")
        return RESEARCH
    if model is not None and model not in MODELS[mode]:
        raise Refused(INVALID_MODEL, f"unknown model '{model}', try one of: {', '.join(MODELS[mode])}")
    return defaults[mode] if model is None else model


def list_models(defaults: Mapping[str, str]) -> dict[str, Any]:
    """What `GET /v1/models` answers; `defaults` are those of the modes `search` and `reason`."""
    listed = {
        mode: [{"name": name, "description": text} for name, text in models.items()] for mode, models in MODELS.items()
    }
    research = {"name": RESEARCH, "description": "Fixed deep research mode"}
    return {**listed, "research": research, "defaults": dict(defaults)}
