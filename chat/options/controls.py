"""The controls of the options in a form: their names, and the texts that were submitted in them."""

from collections.abc import Mapping
from typing import Any

PREFIX = "o."  # of the names of all controls
HOW = ":how"  # added to the name: whether sites are searched or left out
SCHEMA = ":schema"
REGEX = ":regex"
ON, OFF = "on", "off"

# One control stands for the two flags that say when to search; its value is the path of the one that is on.
SEARCH_MODE = "search_when"
SEARCH_FLAGS = ("enable_search_classifier", "disable_search")


def has_options(data: Mapping[str, Any]) -> bool:
    """Whether a submitted form has controls for options at all."""
    return any(name.startswith(PREFIX) for name in data)


def submitted_texts(data: Mapping[str, Any]) -> dict[str, str]:
    """What was submitted for options, by the name of the control without the prefix."""
    typed = {name.removeprefix(PREFIX): str(data[name]) for name in data if name.startswith(PREFIX)}
    if typed.get(SEARCH_MODE) in ("", *SEARCH_FLAGS):
        chosen = typed.pop(SEARCH_MODE)
        typed |= {flag: ON if flag == chosen else "" for flag in SEARCH_FLAGS}
    return typed
