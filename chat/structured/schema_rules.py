"""What the answer service asks of a schema that is right by the standard.

It refuses recursion and objects of which anything may be a part (docs/sonar.md, "Structured answers"); it fetches no
schema from elsewhere, and neither does Parley.
"""

from collections.abc import Mapping
from typing import Any

from chat.structured.json_text import Path
from chat.structured.problems import Mistake, quoted
from chat.structured.regex import Expression
from chat.structured.schema_tree import SchemaTree, Subschema, subschemas
from core.cpu_budget import CpuBudget
from core.sentences import sentence as _
from core.web.formats import number

DEEPEST = 12  # levels, references followed
MOST_PARTS = 5_000  # references written out

Complaint = tuple[Path, str]

# Schemas under these only add to another that stands beside them.
_REFINING = ("allOf", "contains", "not", "if", "then", "else", "propertyNames", "dependentSchemas")
_UNKNOWN = (
    *("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "patternProperties"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_ELSEWHERE = {"$ref", "enum", "const", "anyOf", "oneOf", "allOf"}
_SAYING = _ELSEWHERE | {"type", "properties", "items", "prefixItems"}


def too_deep() -> Complaint:
    """For a schema with too many levels."""
    return (), _("The schema is nested more than %(most)d levels deep.") % {"most": DEEPEST}


class Rules:
    """The rules for one schema."""

    def __init__(self, root: dict[str, Any], budget: CpuBudget) -> None:
        self._root = root
        self._tree = SchemaTree(root)
        self._measured: dict[Path, tuple[int, int]] = {}
        self._open: set[Path] = set()
        self._found: dict[Complaint, None] = {}
        self._expressions: dict[str, str] = {}  # what is wrong with each, empty for nothing
        self._budget = budget

    def complaints(self) -> list[Complaint]:
        """What the service would refuse, and the path of where it is. Raises OverBudget."""
        for part in self._tree.all():
            self._budget.check()
            if isinstance(part.node, dict):
                self._check_keywords(part.path, part.node)
            if part.keyword not in _REFINING:
                self._check_openness(part)
        if not self._found:
            size, depth = self._measure(Subschema((), self._root, ""))
            if not self._found and depth > DEEPEST:
                return [too_deep()]
            if not self._found and size > MOST_PARTS:
                return [
                    ((), _("Fully expanded, the schema has more than %(most)s parts.") % {"most": number(MOST_PARTS)})
                ]
        return list(self._found)

    def _say(self, path: Path, sentence: str) -> None:
        self._found[path, sentence] = None

    def _check_keywords(self, path: Path, node: Mapping[str, Any]) -> None:
        for keyword in filter(node.__contains__, _UNKNOWN):
            self._say((*path, keyword), _("%(keyword)s isn’t supported.") % {"keyword": quoted(keyword)})
        for keyword in filter(node.__contains__, ("$id", "$schema") if path else ()):
            words = {"keyword": quoted(keyword)}
            self._say((*path, keyword), _("%(keyword)s isn’t supported inside a schema. Remove it.") % words)
        reference = node.get("$ref", "#")
        if not reference.startswith("#"):
            why: str = _("External schemas aren’t loaded. Put this one under “$defs” and refer to “#/$defs/…”.")
            self._say((*path, "$ref"), why)
        elif self._tree.referred(reference) is None:
            self._say((*path, "$ref"), _("%(reference)s doesn’t point to anything.") % {"reference": quoted(reference)})
        if "pattern" in node and (why := self._about_expression(node["pattern"])):
            self._say((*path, "pattern"), why)

    def _about_expression(self, pattern: str) -> str:
        """What is wrong with an expression, which is looked at once however often it stands there."""
        if pattern not in self._expressions:
            try:
                Expression.of_schema(pattern)
            except Mistake as mistake:
                self._expressions[pattern] = mistake.sentence
            else:
                self._expressions[pattern] = ""
        return self._expressions[pattern]

    def _check_openness(self, part: Subschema) -> None:
        """Nowhere may an object stand of which nothing is said."""
        path, node, keyword = part
        if node is False or (keyword == "additionalProperties" and node in (True, {})):
            return  # said already, by the object to which it belongs
        if not isinstance(node, dict) or not node.keys() & _SAYING:
            self._say(path, _("Describe what goes here, at least with a “type”."))
            return
        kinds = node.get("type", "")
        is_said_elsewhere = bool(node.keys() & _ELSEWHERE)
        more = node.get("additionalProperties")
        if more in (True, {}):
            why = _("Objects with arbitrary parts aren’t supported. Set this to false.")
            self._say((*path, "additionalProperties"), why)
        elif "object" in kinds and not (node.get("properties") or more is not None or is_said_elsewhere):
            self._say(path, _("An object must list its parts under “properties”."))
        if "array" in kinds and not (node.keys() & {"items", "prefixItems"} or is_said_elsewhere):
            self._say(path, _("A list must describe its entries under “items”."))

    def _measure(self, part: Subschema) -> tuple[int, int]:
        """Number of parts and of levels with every reference written out; says where that has no end."""
        path, node, _keyword = part
        if path in self._measured:
            return self._measured[path]
        self._open.add(path)
        within = [inner for inner in subschemas(node, path) if inner.keyword not in ("$defs", "definitions")]
        there = self._tree.referred(node["$ref"]) if isinstance(node, dict) and "$ref" in node else None
        if there and there.path in self._open:
            self._say((*path, "$ref"), _("The schema contains itself here. Recursion isn’t supported."))
        elif there:
            within.append(there)
        measured = [self._measure(inner) for inner in within]
        self._open.remove(path)
        size = 1 + sum(inner for inner, _depth in measured)
        self._measured[path] = size, max((depth + 1 for _size, depth in measured), default=0)
        return self._measured[path]
