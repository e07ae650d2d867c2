"""The schemas within a schema, and what references lead to. Takes any JSON, whether a schema or not."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from chat.structured.json_text import Path

_SINGLE = {"items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames"}
_SEVERAL = {"allOf", "anyOf", "oneOf", "prefixItems", "properties", "dependentSchemas", "$defs", "definitions"}


class Subschema(NamedTuple):
    """A schema, or true or false in its place. `keyword` is the one under which it stands, empty for the whole."""

    path: Path
    node: Any
    keyword: str


def subschemas(node: Any, path: Path = ()) -> Iterator[Subschema]:
    """The schemas directly within a schema."""
    for keyword, inner in node.items() if isinstance(node, dict) else ():
        if keyword in _SINGLE:
            yield Subschema((*path, keyword), inner, keyword)
        elif keyword in _SEVERAL and isinstance(inner, dict | list):
            for step, part in inner.items() if isinstance(inner, dict) else enumerate(inner):
                yield Subschema((*path, keyword, step), part, keyword)


class SchemaTree:
    """A schema and every schema within it."""

    def __init__(self, root: Any) -> None:
        self._by_steps: dict[tuple[str, ...], Subschema] = {(): Subschema((), root, "")}
        waiting = [self._by_steps[()]]
        while waiting:
            part = waiting.pop()
            within = list(subschemas(part.node, part.path))
            self._by_steps |= {tuple(map(str, inner.path)): inner for inner in within}
            waiting += within

    def all(self) -> Collection[Subschema]:
        """The whole first."""
        return self._by_steps.values()

    def referred(self, reference: str) -> Subschema | None:
        """What a reference such as `#/$defs/light` leads to; None when it leads to no schema in this one."""
        begin, *steps = unquote(reference).split("/")
        path = tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)
        return self._by_steps.get(path) if begin == "#" else None
