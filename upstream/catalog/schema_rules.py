"""What the Agent API asks of a JSON schema (docs/agent.md, "Structured output").

Whether a schema is right in every other respect is judged where it is written.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.sentences import sentence

LONGEST_NAME = 64

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_NAME}}}")
_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_ONE = ("items", "additionalProperties", "contains", "not", "if", "then", "else")  # each holds a schema,
_SEVERAL = ("anyOf", "oneOf", "allOf", "prefixItems")  # a list of them,
_NAMED = ("properties", "$defs", "definitions")  # or some by their names

_PARTS: Mapping[str, type] = {"name": str, "schema": dict, "strict": bool, "description": str}

_STRANGE = "The Agent API doesn’t accept “%(part)s” next to a schema. Leave it out."
_BAD_PART = "“%(part)s” next to a schema can’t be “%(value)s”."
_NO_OBJECT = (
    "The Agent API accepts only schemas of an object, and this one is of “%(type)s”. Make it a property of an object."
)
_NO_TYPE = "The Agent API accepts only schemas of an object. Set “type”: “object” at its root."
_BAD_NAME = "The schema’s name “%(name)s” must be up to 64 letters, digits, _ and -."
_BAD_TYPE = "The schema has the type “%(type)s”, which JSON doesn’t have."


def objections(wrapper: Any) -> Iterator[str]:
    """What the service would refuse about a `response_format.json_schema`, a sentence each."""
    if not isinstance(wrapper, Mapping):
        return
    for part, value in wrapper.items():
        if part not in _PARTS:
            yield sentence(_STRANGE, part=str(part)[:40])
        elif not isinstance(value, _PARTS[part]):
            yield sentence(_BAD_PART, part=part, value=str(value)[:40])
    name, schema = wrapper.get("name"), wrapper.get("schema")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield sentence(_BAD_NAME, name=name[:80])
    root = schema.get("type") if isinstance(schema, Mapping) else None
    if root != "object":
        yield sentence(_NO_OBJECT, type=str(root)[:40]) if root else _NO_TYPE
    yield from (sentence(_BAD_TYPE, type=str(kind)[:40]) for kind in dict.fromkeys(_unknown_types(schema)))


def _unknown_types(schema: Any) -> Iterator[str]:
    """The types that do not exist, wherever one can stand. A loop and no recursion: the depth is the asker's."""
    left = [schema]
    while left:
        node = left.pop()
        if not isinstance(node, Mapping):
            continue
        kinds = node.get("type", [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if not (isinstance(kind, str) and kind in _TYPES):
                yield str(kind)
        left += [node[keyword] for keyword in _ONE if keyword in node]
        for keyword in _SEVERAL:
            left += node[keyword] if isinstance(node.get(keyword), list) else []
        for keyword in _NAMED:
            left += node[keyword].values() if isinstance(node.get(keyword), Mapping) else []
