"""Whether a JSON schema is one, and one that the answer service takes.

The service refuses recursion and objects of which anything may be a part (docs/sonar.md, "Structured answers"); it
fetches no schema from elsewhere, and neither does Parley.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from chat.structured import json_text, schema_messages, schema_validator
from chat.structured.json_text import Path
from chat.structured.problems import Mistake, Problem, TooMuch, problem_at, quoted
from chat.structured.regex import Expression

LONGEST = 50_000  # characters
DEEPEST = 12  # levels, references followed
MOST_PARTS = 5_000  # references written out
MOST_PROBLEMS = 20

Complaint = tuple[Path, str]

_SINGLE = ("items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SHELVES = ("$defs", "definitions")
_NAMED = ("properties", "dependentSchemas", *_SHELVES)
_REFINING = ("allOf", "contains", "not", "if", "then", "else", "propertyNames", "dependentSchemas")
_UNKNOWN = (
    *("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "patternProperties"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_ELSEWHERE = {"$ref", "enum", "const", "anyOf", "oneOf", "allOf"}
_SAYING = _ELSEWHERE | {"type", "properties", "items", "prefixItems"}


@dataclass(frozen=True, slots=True)
class SchemaText:
    """What was pasted as a schema. `problems` is everything that keeps it from being sent; empty when nothing does.

    `wrapper` is what is sent as `response_format.json_schema`, with the name and what else stood around the schema.
    """

    problems: list[Problem]
    schema: Any = None
    wrapper: Any = None


def read_schema(text: str) -> SchemaText:
    """The schema in what people paste: itself, `{"name": …, "schema": …}` or a whole `response_format`."""
    if not text.strip():
        return SchemaText([Problem(1, 1, _("Write a JSON schema."))])
    if len(text) > LONGEST:
        return SchemaText(
            [Problem(1, 1, _("The schema is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})]
        )
    try:
        schema = json_text.parse(text)
    except Mistake as mistake:
        return SchemaText([problem_at(text, mistake.offset, mistake.sentence)])
    steps: Path = ()
    if isinstance(schema, dict) and schema.get("type") == "json_schema" and isinstance(schema.get("json_schema"), dict):
        steps, schema = ("json_schema",), schema["json_schema"]
    wrapper = {"schema": schema}
    if isinstance(schema, dict) and isinstance(schema.get("schema"), dict) and "type" not in schema:
        steps, schema, wrapper = (*steps, "schema"), schema["schema"], schema
    return SchemaText(_placed(text, steps, complaints(schema)), schema, wrapper)


def check_schema(text: str) -> list[Problem]:
    """Everything that keeps this text from being sent as a schema; empty when nothing does."""
    return read_schema(text).problems


def _placed(text: str, steps: Path, found: list[Complaint]) -> list[Problem]:
    """The complaints with line and column: where their path leads, or the nearest place above it."""
    offsets = json_text.places(text) if found else {}
    problems = []
    for path, sentence in found:
        near = (*steps, *path)
        while near not in offsets:
            near = near[:-1]
        problems.append(problem_at(text, offsets[near], sentence))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def complaints(schema: Any) -> list[Complaint]:
    """What keeps a schema from being sent, and the path of where it is."""
    if not isinstance(schema, dict):
        return [((), _("A schema is an object, in curly brackets."))]
    try:
        wrong = schema_validator.errors(schema, schema_validator.metaschema())
        found = {tuple(error.absolute_path): schema_messages.about_schema(error) for error in reversed(wrong)}
        return list(reversed(found.items()))[:MOST_PROBLEMS] or _Rules(schema).complaints()[:MOST_PROBLEMS]
    except TooMuch:
        return [((), _("The schema has too many parts."))]
    except RecursionError:
        return [((), _too_deep())]


def resolved(root: Mapping[str, Any], reference: str) -> tuple[Path, Any] | None:
    """What a reference such as `#/$defs/light` leads to, with its path; None when it leads nowhere."""
    pointer = unquote(reference.removeprefix("#"))
    if pointer and not pointer.startswith("/"):
        return None
    found: Any = root
    path: Path = ()
    for step in pointer.split("/")[1:]:
        name: str | int = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            name = int(step)
        elif not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
        path = (*path, name)
    return (path, found) if isinstance(found, dict | bool) else None


def _parts(node: Any) -> Iterator[tuple[Path, Any]]:
    """The schemas directly within a schema, each with the steps that lead to it."""
    if not isinstance(node, dict):
        return
    for keyword in _SINGLE:
        if keyword in node:
            yield (keyword,), node[keyword]
    for keyword in _LISTS:
        yield from (((keyword, number), part) for number, part in enumerate(node.get(keyword, ())))
    for keyword in _NAMED:
        yield from (((keyword, name), part) for name, part in node.get(keyword, {}).items())


class _Rules:
    """What the service asks of a schema that is right by the standard."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._schemas: dict[Path, Any] = {}
        self._whole: set[Path] = set()
        self._measured: dict[Path, tuple[int, int]] = {}
        self._open: set[Path] = set()
        self._found: dict[Complaint, None] = {}

    def complaints(self) -> list[Complaint]:
        self._collect((), root := self._root)
        for path, node in self._schemas.items():
            if isinstance(node, dict):
                self._check_keywords(path, node)
            if path in self._whole:
                self._check_openness(path, node)
        if not self._found:
            size, depth = self._measure((), root)
            if not self._found and depth > DEEPEST:
                self._say((), _too_deep())
            elif not self._found and size > MOST_PARTS:
                self._say((), _("Written out, the schema has more than %(most)s parts.") % {"most": f"{MOST_PARTS:,}"})
        return list(self._found)

    def _say(self, path: Path, sentence: str) -> None:
        self._found[path, sentence] = None

    def _collect(self, path: Path, node: Any, *, is_whole: bool = True) -> None:
        """Note every schema within; one that is not `is_whole` only adds to another that stands beside it."""
        self._schemas[path] = node
        if is_whole:
            self._whole.add(path)
        for steps, part in _parts(node):
            self._collect((*path, *steps), part, is_whole=steps[0] not in _REFINING)

    def _check_keywords(self, path: Path, node: Mapping[str, Any]) -> None:
        for keyword in _UNKNOWN:
            if keyword in node:
                self._say((*path, keyword), _("%(keyword)s is not supported.") % {"keyword": quoted(keyword)})
        for keyword in ("$id", "$schema"):
            if path and keyword in node:
                words = {"keyword": quoted(keyword)}
                self._say((*path, keyword), _("%(keyword)s is not supported within a schema. Leave it out.") % words)
        if "$ref" in node and (sentence := self._why_not_followed(node["$ref"])):
            self._say((*path, "$ref"), sentence)
        if "pattern" in node:
            try:
                Expression.of_schema(node["pattern"])
            except Mistake as mistake:
                self._say((*path, "pattern"), mistake.sentence)

    def _why_not_followed(self, reference: str) -> str:
        if not reference.startswith("#"):
            return _("Schemas elsewhere are not fetched. Put this one under “$defs” and refer to “#/$defs/…”.")
        there = resolved(self._root, reference)
        if there is None or there[0] not in self._schemas:
            return _("%(reference)s leads nowhere.") % {"reference": quoted(reference)}
        return ""

    def _check_openness(self, path: Path, node: Any) -> None:
        """Nowhere may an object stand of which nothing is said."""
        if node is False or (path[-1:] == ("additionalProperties",) and node in (True, {})):
            return  # said already, by the object to which it belongs
        if not isinstance(node, dict) or not node.keys() & _SAYING:
            self._say(path, _("Say what stands here, at least by its “type”."))
            return
        kinds = node.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else kinds
        is_said_elsewhere = bool(node.keys() & _ELSEWHERE)
        more = node.get("additionalProperties")
        if more is True or more == {}:
            self._say(
                (*path, "additionalProperties"),
                _("An object of which anything may be a part is not supported. Set this to false."),
            )
        elif "object" in kinds and not (node.get("properties") or more is not None or is_said_elsewhere):
            self._say(path, _("An object has to say under “properties” what its parts are."))
        if "array" in kinds and not (node.keys() & {"items", "prefixItems"} or is_said_elsewhere):
            self._say(path, _("A list has to say under “items” what it holds."))

    def _measure(self, path: Path, node: Any) -> tuple[int, int]:
        """Number of parts and of levels with every reference written out; says where that has no end."""
        if path in self._measured:
            return self._measured[path]
        self._open.add(path)
        size, depth = 1, 0
        within = [((*path, *steps), part) for steps, part in _parts(node) if steps[0] not in _SHELVES]
        there = resolved(self._root, node["$ref"]) if isinstance(node, dict) and "$ref" in node else None
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


def _too_deep() -> str:
    return _("The schema is nested more than %(most)d levels deep.") % {"most": DEEPEST}
