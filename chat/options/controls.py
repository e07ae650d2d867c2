"""The controls of the options in a form: their names, and the texts that were submitted in them."""

from collections.abc import Mapping
from typing import Any

PREFIX = "o."  # of the names of all controls
HOW = ":how"  # added to the name: whether sites are searched or left out
SCHEMA = ":schema"
REGEX = ":regex"


def has_options(data: Mapping[str, Any]) -> bool:
    """Whether a submitted form has controls for options at all."""
    return any(name.startswith(PREFIX) for name in data)


def submitted_texts(data: Mapping[str, Any]) -> dict[str, str]:
    """What was submitted for options, by the name of the control without the prefix."""
    return {name.removeprefix(PREFIX): str(data[name]) for name in data if name.startswith(PREFIX)}
