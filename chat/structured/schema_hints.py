"""What a schema says about the parts of a value that help to show it: titles, descriptions, the order of names."""

from collections.abc import Iterable, Mapping
from typing import Any

from chat.structured.schemas import resolved

_MOST_STEPS = 20
_CHOICES = ("anyOf", "oneOf", "allOf")


class Hints:
    """The schema of one part of a value. Of a part about which nothing is said there are hints too: empty ones."""

    def __init__(self, root: Mapping[str, Any], nodes: Iterable[Any]) -> None:
        self._root = root
        self._nodes = list(_opened(root, nodes))

    @classmethod
    def of(cls, schema: Mapping[str, Any] | None) -> "Hints":
        """The hints for a whole value."""
        return cls(schema or {}, [schema])

    @property
    def title(self) -> str:
        """What it is called; empty where nothing is said."""
        return self._first("title")

    @property
    def description(self) -> str:
        """What is said about it."""
        return self._first("description")

    @property
    def names(self) -> list[str]:
        """The names of an object's parts, in the order of the schema."""
        return list(dict.fromkeys(name for node in self._nodes for name in _mapping(node.get("properties"))))

    @property
    def is_list(self) -> bool:
        """Whether it is said to be a list."""
        return any("items" in node or "prefixItems" in node or "array" in node.get("type", "") for node in self._nodes)

    def part(self, name: str) -> "Hints":
        """The hints for an object's part."""
        found = [_mapping(node.get("properties")).get(name, node.get("additionalProperties")) for node in self._nodes]
        return Hints(self._root, found)

    def entry(self, index: int) -> "Hints":
        """The hints for a list's entry."""
        found = []
        for node in self._nodes:
            first = node.get("prefixItems")
            found.append(first[index] if isinstance(first, list) and index < len(first) else node.get("items"))
        return Hints(self._root, found)

    def _first(self, keyword: str) -> str:
        said = (node.get(keyword) for node in self._nodes)
        return next((words for words in said if isinstance(words, str) and words.strip()), "")


def _opened(root: Mapping[str, Any], nodes: Iterable[Any]) -> Iterable[Mapping[str, Any]]:
    """The schemas, and after each those that it refers to or chooses from."""
    waiting = list(nodes)
    for _step in range(_MOST_STEPS):
        if not waiting:
            return
        node = waiting.pop(0)
        if not isinstance(node, Mapping):
            continue
        yield node
        reference = node.get("$ref")
        there = resolved(root, reference) if isinstance(reference, str) else None
        choices = [part for name in _CHOICES if isinstance(node.get(name), list) for part in node[name]]
        waiting = [*([there[1]] if there else []), *choices, *waiting]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
