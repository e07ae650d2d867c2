"""What a schema says about the parts of a value that help to show it: titles, descriptions, the order of names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chat.structured.schema_tree import SchemaTree

_MOST_STEPS = 20
_CHOICES = ("anyOf", "oneOf", "allOf")


class Hints:
    """The schema of one part of a value. Of a part about which nothing is said there are hints too: empty ones."""

    def __init__(self, nodes: Iterable[Any], tree: SchemaTree) -> None:
        self._tree = tree
        self._nodes = list(self._opened(nodes))
        self.title = self._first("title")
        self.description = self._first("description")

    @classmethod
    def of(cls, schema: Mapping[str, Any] | None) -> "Hints":
        """The hints for a whole value."""
        return cls([schema], SchemaTree(schema))

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
        return Hints(found, self._tree)

    def entry(self, index: int) -> "Hints":
        """The hints for a list's entry."""
        found = []
        for node in self._nodes:
            first = node.get("prefixItems")
            found.append(first[index] if isinstance(first, list) and index < len(first) else node.get("items"))
        return Hints(found, self._tree)

    def _first(self, keyword: str) -> str:
        said = (node.get(keyword) for node in self._nodes)
        return next((words for words in said if isinstance(words, str) and words.strip()), "")

    def _opened(self, nodes: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
        """The schemas, and after each those that it refers to or chooses from."""
        waiting = list(nodes)
        for _step in range(_MOST_STEPS):
            if not waiting:
                return
            node = waiting.pop(0)
            if not isinstance(node, Mapping):
                continue
            yield node
            there = self._tree.referred(str(node.get("$ref")))
            choices = [part for name in _CHOICES if isinstance(node.get(name), list) for part in node[name]]
            waiting = [*([there.node] if there else []), *choices, *waiting]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
