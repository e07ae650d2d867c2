"""Where an option stands: its path in the request, and the names of its controls in a form."""

from collections.abc import Mapping
from typing import Any

PREFIX = "o."  # of the names of all controls
HOW = ":how"  # added to the name: whether sites are searched or left out
SCHEMA = ":schema"
REGEX = ":regex"


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by path, such as `{"a.b": 1}`, as on the wire: `{"a": {"b": 1}}`."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        place = found
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value
    return found


def says_something(data: Mapping[str, Any]) -> bool:
    """Whether a submitted form has controls for options at all."""
    return any(name.startswith(PREFIX) for name in data)


def typed_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What was submitted for options, by the name of the control without the prefix."""
    return {name.removeprefix(PREFIX): str(data[name]) for name in data if name.startswith(PREFIX)}
