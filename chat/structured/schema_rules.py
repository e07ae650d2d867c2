"""The schemas within a schema, and what the answer service asks of them when they are right by the standard.

It refuses recursion and objects of which anything may be a part (docs/sonar.md, "Structured answers"); it fetches no
schema from elsewhere, and neither does Parley.
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote

from chat.structured.json_text import Path
from chat.structured.problems import Mistake, quoted
from chat.structured.regex import Expression
from core.cpu_budget import CpuBudget
from core.sentences import sentence as _
from core.web.formats import number

DEEPEST = 12  # levels, references followed
MOST_PARTS = 5_000  # references written out
MOST_PROBLEMS = 20

Complaint = tuple[Path, str]

_SINGLE = {"items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames"}
_SEVERAL = {"allOf", "anyOf", "oneOf", "prefixItems", "properties", "dependentSchemas", "$defs", "definitions"}
# Schemas under these only add to another that stands beside them.
_REFINING = {"allOf", "contains", "not", "if", "then", "else", "propertyNames", "dependentSchemas"}
_UNKNOWN = {
    *("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "patternProperties"),
    *("unevaluatedItems", "unevaluatedProperties"),
}
_ELSEWHERE = {"$ref", "enum", "const", "anyOf", "oneOf", "allOf"}
_SAYING = _ELSEWHERE | {"type", "properties", "items", "prefixItems"}


class Subschema(NamedTuple):
    """A schema, or true or false in its place. `keyword` is the one under which it stands, empty for the whole."""

    path: Path
    node: Any
    keyword: str = ""

    def within(self) -> Iterator["Subschema"]:
        """The schemas directly within it."""
        for keyword, inner in self.node.items() if isinstance(self.node, dict) else ():
            if keyword in _SINGLE:
                yield Subschema((*self.path, keyword), inner, keyword)
            elif keyword in _SEVERAL and isinstance(inner, dict | list):
                for step, part in inner.items() if isinstance(inner, dict) else enumerate(inner):
                    yield Subschema((*self.path, keyword, step), part, keyword)


class SchemaTree:
    """A schema and every schema within it. Takes any JSON, whether a schema or not."""

    def __init__(self, root: Any) -> None:
        self.parts = [Subschema((), root)]
        for part in self.parts:
            self.parts += part.within()
        self._by_steps = {tuple(map(str, part.path)): part for part in self.parts}

    def referred(self, reference: str) -> Subschema | None:
        """What a reference such as `#/$defs/light` leads to; None when it leads to no schema in this one."""
        begin, *steps = unquote(reference).split("/")
        path = tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)
        return self._by_steps.get(path) if begin == "#" else None


def complaints(root: dict[str, Any], budget: CpuBudget) -> list[Complaint]:
    """What the service would refuse, and the path of where it is. Raises OverBudget."""
    tree = SchemaTree(root)
    found: dict[Complaint, None] = {}
    for part in tree.parts:
        budget.check()
        found |= dict.fromkeys(_refused(part, tree))
    return list(islice(found or _excessive(tree), MOST_PROBLEMS))


def _refused(part: Subschema, tree: SchemaTree) -> Iterator[Complaint]:
    path, node, keyword = part
    if node is False or (keyword == "additionalProperties" and node in (True, {})):
        return  # said already, by the object to which it belongs
    if isinstance(node, dict):
        yield from _refused_keywords(path, node, tree)
    if keyword in _REFINING:
        return
    if not isinstance(node, dict) or not node.keys() & _SAYING:
        yield path, _("Describe what goes here, at least with a “type”.")
        return
    kinds, more = node.get("type", ""), node.get("additionalProperties")
    is_said_elsewhere = bool(node.keys() & _ELSEWHERE)
    if more in (True, {}):
        yield (*path, "additionalProperties"), _("Objects with arbitrary parts aren’t supported. Set this to false.")
    elif "object" in kinds and not (node.get("properties") or more is not None or is_said_elsewhere):
        yield path, _("An object must list its parts under “properties”.")
    if "array" in kinds and not (node.keys() & {"items", "prefixItems"} or is_said_elsewhere):
        yield path, _("A list must describe its entries under “items”.")


def _refused_keywords(path: Path, node: dict[str, Any], tree: SchemaTree) -> Iterator[Complaint]:
    for keyword in filter(_UNKNOWN.__contains__, node):
        yield (*path, keyword), _("%(keyword)s isn’t supported.") % {"keyword": quoted(keyword)}
    for keyword in filter({"$id", "$schema"}.__contains__, node if path else ()):
        words = {"keyword": quoted(keyword)}
        yield (*path, keyword), _("%(keyword)s isn’t supported inside a schema. Remove it.") % words
    reference = node.get("$ref", "#")
    if not reference.startswith("#"):
        why = _("External schemas aren’t loaded. Put this one under “$defs” and refer to “#/$defs/…”.")
        yield (*path, "$ref"), why
    elif tree.referred(reference) is None:
        yield (*path, "$ref"), _("%(reference)s doesn’t point to anything.") % {"reference": quoted(reference)}
    try:
        Expression.of_schema(node.get("pattern", ""))
    except Mistake as mistake:
        yield (*path, "pattern"), mistake.sentence


def _excessive(tree: SchemaTree) -> Iterator[Complaint]:
    """That the schema with every reference written out has no end, or too many levels or parts."""
    within: dict[Path, list[Path]] = {}
    references: set[Path] = set()
    waiting = tree.parts[:1]
    for part in waiting:
        if part.path in within:
            continue
        inner = [one for one in part.within() if one.keyword not in ("$defs", "definitions")]
        if isinstance(part.node, dict) and (there := tree.referred(part.node.get("$ref", ""))):
            references.add(part.path)
            inner.append(there)
        within[part.path] = [one.path for one in inner]
        waiting += inner
    is_endless = False
    while True:
        try:
            innermost_first = [*TopologicalSorter(within).static_order()]
            break
        except CycleError as error:
            for path in references.intersection(error.args[1]):
                yield (*path, "$ref"), _("The schema contains itself here. Recursion isn’t supported.")
                references.remove(path)
                within[path].pop()
                is_endless = True
    if is_endless:
        return
    sizes: dict[Path, int] = {}
    levels: dict[Path, int] = {}
    for path in innermost_first:
        sizes[path] = 1 + sum(sizes[one] for one in within[path])
        levels[path] = 1 + max((levels[one] for one in within[path]), default=-1)
    if levels[()] > DEEPEST:
        yield (), _("The schema is nested more than %(most)d levels deep.") % {"most": DEEPEST}
    elif sizes[()] > MOST_PARTS:
        yield (), _("Fully expanded, the schema has more than %(most)s parts.") % {"most": number(MOST_PARTS)}
