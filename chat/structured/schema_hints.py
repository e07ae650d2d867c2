"""What a schema says about the parts of a value that help to show it: titles, descriptions, the order of names."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from chat.structured.problems import quoted
from chat.structured.schema_rules import SchemaTree
from core.web.wording import enumerated

_MOST_STEPS = 20
_MOST_NAMES = 8
_DEEPEST = 3
_CHOICES = ("anyOf", "oneOf", "allOf")


class Hints:
    """The schema of one part of a value. Of a part about which nothing is said there are hints too: empty ones."""

    def __init__(self, nodes: list[Any], tree: SchemaTree) -> None:
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

    def part(self, step: str | int) -> "Hints":
        """The hints for an object's part, by its name, or a list's entry, by its place."""
        parts, others = ("properties", "additionalProperties") if isinstance(step, str) else ("prefixItems", "items")
        found = []
        for node in self._nodes:
            known = node.get(parts)
            if isinstance(known, list):
                known = dict(enumerate(known))
            found.append(_mapping(known).get(step, node.get(others)))
        return Hints(found, self._tree)

    def _first(self, keyword: str) -> str:
        said = (node.get(keyword) for node in self._nodes)
        return next((words for words in said if isinstance(words, str) and words.strip()), "")

    def _opened(self, waiting: list[Any]) -> Iterator[Mapping[str, Any]]:
        """The schemas, and after each those that it refers to or chooses from."""
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


def described(hints: Hints, depth: int = 0) -> str:
    """What an answer with these hints will look like, in a sentence for the reader."""
    entry = hints.part(0)
    if entry.names:
        return _("A table with the columns %(names)s.") % {"names": _listed(entry)}
    tables = [name for name in hints.names if hints.part(name).part(0).names] if depth < _DEEPEST else []
    if len(tables) == len(hints.names) == 1:
        return described(hints.part(tables[0]), depth + 1)
    if tables:
        words = {"names": _listed(hints), "tables": enumerated(quoted(_called(name, hints)) for name in tables)}
        return _("A list of %(names)s, with a table for %(tables)s.") % words
    if hints.names:
        return _("A list of %(names)s.") % {"names": _listed(hints)}
    return _("A list of entries.") if hints.is_list else _("A single value.")


def _listed(hints: Hints) -> str:
    shown: list[str] = [quoted(_called(name, hints), most=40) for name in hints.names]
    return enumerated([*shown[:_MOST_NAMES], "…"] if len(shown) > _MOST_NAMES else shown)


def _called(name: str, hints: Hints) -> str:
    return hints.part(name).title or name


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
