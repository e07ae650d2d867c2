"""What a name at the Agent API says about who answers (docs/agent.md, "Presets and effort").

The vendor adds models every month, so rules go by the kind of a name and never by a list of names.
"""

from enum import StrEnum

EFFORTS = ("fast", "low", "medium", "high", "xhigh")
_ALWAYS_SEARCH = frozenset({"fast", "fast-search"})


class NameKind(StrEnum):
    """A model without tools and prompt, a preset that brings both, or the preset that always searches once."""

    MODEL = "model"
    PRESET = "preset"
    FAST = "fast"


def kind_of(name: str) -> NameKind:
    """Of what kind the name is. Models are called maker/name, presets have no slash."""
    if "/" in name:
        return NameKind.MODEL
    return NameKind.FAST if _without_version(name) in _ALWAYS_SEARCH else NameKind.PRESET


def is_preset(name: str) -> bool:
    """Whether it is the name of a preset, which chooses its model and its tools by itself."""
    return kind_of(name) is not NameKind.MODEL


def is_effort(name: str) -> bool:
    """Whether the preset is asked for by `effort`, also in a pinned version such as `fast@2026-10-16.0`."""
    return _without_version(name) in EFFORTS


def needs_longest_answer(name: str) -> bool:
    """Whether its maker refuses a question that does not say how long the answer may be."""
    return name.startswith("anthropic/")


def _without_version(name: str) -> str:
    return name.partition("@")[0]
