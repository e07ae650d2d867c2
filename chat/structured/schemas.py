"""Whether a JSON schema is one, and one that the answer service takes.

The service refuses recursion and objects of which anything may be a part (docs/sonar.md, "Structured answers"); it
fetches no schema from elsewhere, and neither does Parley.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from chat.structured import json_text, metaschema
from chat.structured.json_text import Path
from chat.structured.matching import anywhere
from chat.structured.problems import Mistake, Problem, at, quoted

LONGEST = 50_000  # characters
DEEPEST = 12  # levels, references followed
MOST_PARTS = 5_000  # references written out
MOST_PROBLEMS = 20

Complaint = tuple[Path, str]

_ONE = ("items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "dependentSchemas", "$defs", "definitions")
_SHELVES = ("$defs", "definitions")
_REFINING = ("allOf", "contains", "not", "if", "then", "else", "propertyNames", "dependentSchemas")
_UNKNOWN = (
    *("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "patternProperties"),
    *("unevaluatedItems", "unevaluatedProperties"),
)


def check_schema(text: str) -> list[Problem]:
    """Everything that keeps this text from being sent as a schema; empty when nothing does."""
    if not text.strip():
        return [Problem(1, 1, _("Write a JSON schema."))]
    if len(text) > LONGEST:
        return [Problem(1, 1, _("The schema is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})]
    places: dict[Path, int] = {}
    try:
        schema = json_text.parse(text, places=places)
    except Mistake as mistake:
        return [at(text, mistake.offset, mistake.sentence)]
    steps, inner = unwrapped(schema)
    found = [at(text, _offset((*steps, *path), places), sentence) for path, sentence in complaints(inner)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def unwrapped(found: Any) -> tuple[Path, Any]:
    """The schema in what people paste, with the steps that lead to it: itself, `{"name": …, "schema": …}` or a whole
    `response_format`."""
    steps: Path = ()
    if isinstance(found, dict) and found.get("type") == "json_schema" and isinstance(found.get("json_schema"), dict):
        steps, found = ("json_schema",), found["json_schema"]
    if isinstance(found, dict) and isinstance(found.get("schema"), dict) and "type" not in found:
        return (*steps, "schema"), found["schema"]
    return steps, found


def complaints(schema: Any) -> list[Complaint]:
    """The same for a schema that is no text: what is wrong, and the path of where it is."""
    if not isinstance(schema, dict):
        return [((), _("A schema is an object, in curly brackets."))]
    found = metaschema.complaints(schema, most=MOST_PROBLEMS) or list(dict.fromkeys(_Walk(schema).complaints()))
    return found[:MOST_PROBLEMS]


def resolved(root: Mapping[str, Any], reference: str) -> tuple[Path, Any] | None:
    """What a reference such as `#/$defs/light` leads to, with its path; None when it leads nowhere."""
    steps = unquote(reference.removeprefix("#")).split("/")
    found: Any = root
    path: Path = ()
    for step in steps[1:] if steps[0] == "" else ["", *steps]:
        name: str | int = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            name = int(step)
        elif not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
        path = (*path, name)
    return (path, found) if isinstance(found, dict | bool) else None


def parts(node: Any) -> Iterator[tuple[Path, Any]]:
    """The schemas directly within a schema, each with the steps that lead to it."""
    if not isinstance(node, dict):
        return
    for keyword in _ONE:
        if keyword in node:
            yield (keyword,), node[keyword]
    for keyword in _LISTS:
        for number, part in enumerate(node.get(keyword) or ()):
            yield (keyword, number), part
    for keyword in _NAMED:
        for name, part in (node.get(keyword) or {}).items():
            yield (keyword, name), part


class _Walk:
    """Goes through one schema that is right by the standard."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._measured: dict[Path, tuple[int, int]] = {}
        self._open: set[Path] = set()
        self._found: list[Complaint] = []

    def complaints(self) -> list[Complaint]:
        self._look_at((), self._root, is_whole=True)
        if not self._found:
            size, depth = self._measure((), self._root)
            if not self._found and depth > DEEPEST:
                self._say((), _("The schema is nested more than %(most)d levels deep.") % {"most": DEEPEST})
            elif not self._found and size > MOST_PARTS:
                self._say((), _("Written out, the schema has more than %(most)s parts.") % {"most": f"{MOST_PARTS:,}"})
        return self._found

    def _say(self, path: Path, sentence: str) -> None:
        self._found.append((path, sentence))

    def _look_at(self, path: Path, node: Any, *, is_whole: bool) -> None:
        """Look at a schema. One that is not `is_whole` only adds to another that stands beside it."""
        if len(path) > 4 * DEEPEST:
            self._say(path, _("The schema is nested more than %(most)d levels deep.") % {"most": DEEPEST})
            return
        if isinstance(node, dict):
            self._look_at_keywords(path, node)
        if is_whole:
            self._look_at_openness(path, node)
        for steps, part in parts(node):
            self._look_at((*path, *steps), part, is_whole=steps[0] not in _REFINING)

    def _look_at_keywords(self, path: Path, node: Mapping[str, Any]) -> None:
        for keyword in _UNKNOWN:
            if keyword in node:
                self._say((*path, keyword), _("%(keyword)s is not supported.") % {"keyword": quoted(keyword)})
        if path and "$id" in node:
            self._say((*path, "$id"), _("“$id” is not supported within a schema. Leave it out."))
        reference = node.get("$ref")
        if reference is not None and not reference.startswith("#"):
            self._say(
                (*path, "$ref"),
                _("Schemas elsewhere are not fetched. Put this one under “$defs” and refer to “#/$defs/…”."),
            )
        elif reference is not None and resolved(self._root, reference) is None:
            self._say((*path, "$ref"), _("%(reference)s leads nowhere.") % {"reference": quoted(reference)})
        if "pattern" in node:
            try:
                anywhere(node["pattern"])
            except Mistake as mistake:
                self._say((*path, "pattern"), mistake.sentence)

    def _look_at_openness(self, path: Path, node: Any) -> None:
        """Nowhere may an object stand of which nothing is said."""
        if node is False or (path[-1:] in [("additionalProperties",)] and node in (True, {})):
            return  # said already, by the object to which it belongs
        if not isinstance(node, dict) or not (node.keys() & _SAYING):
            self._say(path, _("Say what stands here, at least by its “type”."))
            return
        kinds = node.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else kinds
        elsewhere = node.keys() & {"$ref", "enum", "const", "anyOf", "oneOf", "allOf"}
        more = node.get("additionalProperties")
        if more is True or more == {}:
            self._say(
                (*path, "additionalProperties"),
                _("An object of which anything may be a part is not supported. Set this to false."),
            )
        elif "object" in kinds and not (node.get("properties") or more is not None or elsewhere):
            self._say(path, _("An object has to say under “properties” what its parts are."))
        if "array" in kinds and not (node.keys() & {"items", "prefixItems"} or elsewhere):
            self._say(path, _("A list has to say under “items” what it holds."))

    def _measure(self, path: Path, node: Any) -> tuple[int, int]:
        """Number of parts and of levels with every reference written out; says where that has no end."""
        if path in self._measured:
            return self._measured[path]
        self._open.add(path)
        size, depth = 1, 0
        within = [((*path, *steps), part) for steps, part in parts(node) if steps[0] not in _SHELVES]
        if isinstance(node, dict) and "$ref" in node:
            there = resolved(self._root, node["$ref"])
            if there and there[0] in self._open:
                self._say((*path, "$ref"), _("The schema contains itself here; recursion is not supported."))
            elif there:
                within.append(there)
        for part_path, part in within:
            part_size, part_depth = self._measure(part_path, part)
            size, depth = size + part_size, max(depth, part_depth + 1)
        self._open.remove(path)
        self._measured[path] = size, depth
        return size, depth


_SAYING = {"type", "properties", "items", "prefixItems", "$ref", "enum", "const", "anyOf", "oneOf", "allOf"}


def _offset(path: Path, places: Mapping[Path, int]) -> int:
    """Where the path leads, or the nearest place above it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, 0)
