"""Whether a JSON schema is one, and one that the answer service takes."""

from functools import lru_cache
from typing import Any, NamedTuple

from chat.structured import json_text, schema_hints, schema_messages, schema_rules, schema_validator
from chat.structured.json_text import Path
from chat.structured.problems import Mistake, Problem, TooMuch, problem_at
from chat.structured.schema_rules import MOST_PROBLEMS, Complaint
from core.cpu_budget import CpuBudget, OverBudget
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 50_000  # characters
MOST_SECONDS = 0.4  # CPU seconds for a whole schema, all expressions in it included; ordinary ones take a hundredth


class SchemaText(NamedTuple):
    """What was pasted as a schema. `problems` is everything that keeps it from being sent; empty when nothing does.

    `wrapper` is what is sent as `response_format.json_schema`, with the name and what else stood around the schema.
    """

    problems: list[Problem]
    schema: Any = None
    wrapper: Any = None


@lru_cache(maxsize=32)
def read_schema(text: str) -> SchemaText:
    """The schema in what people paste: itself, `{"name": …, "schema": …}` or a whole `response_format`.

    Whoever asks for the same text again, as the form and its preview do, gets the same objects and must not change
    them.
    """
    if not text.strip():
        return SchemaText([Problem(1, 1, _("Enter a JSON schema."))])
    if len(text) > LONGEST:
        why = _("The schema is longer than %(most)s characters.") % {"most": number(LONGEST)}
        return SchemaText([Problem(1, 1, why)])
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


def formatted(text: str) -> str:
    """The JSON neatly on lines of its own; what cannot be read stays as it is."""
    try:
        return json_text.dumps(json_text.parse(text))
    except Mistake:
        return text


def preview(text: str) -> str:
    """How answers by the schema in this text will be shown; empty for a text that is no schema to send."""
    found = read_schema(text)
    return "" if found.problems else schema_hints.described(schema_hints.Hints.of(found.schema))


def _placed(text: str, steps: Path, found: list[Complaint]) -> list[Problem]:
    """The complaints with line and column: where their path leads, or the nearest place above it."""
    offsets = json_text.places(text) if found else {}
    problems = []
    for path, sentence in found:
        near = (*steps, *path)
        while near not in offsets:
            near = near[:-1]
        problems.append(problem_at(text, offsets[near], sentence))
    return sorted(problems)


def complaints(schema: Any, budget: CpuBudget | None = None) -> list[Complaint]:
    """What keeps a schema from being sent, and the path of where it is."""
    if not isinstance(schema, dict):
        return [((), _("A schema must be an object in curly brackets."))]
    time = (budget or CpuBudget(MOST_SECONDS)).part(MOST_SECONDS)
    try:
        with time.counted():
            wrong = schema_validator.errors(schema, schema_validator.metaschema(), time)
            found = {tuple(error.absolute_path): schema_messages.about_schema(error) for error in reversed(wrong)}
            return [*reversed(found.items())][:MOST_PROBLEMS] or schema_rules.complaints(schema, time)
    except TooMuch:
        return [((), _("The schema has too many parts."))]
    except OverBudget:
        return [((), _("The schema takes too long to check. Use fewer parts, or shorter expressions under “pattern”."))]
