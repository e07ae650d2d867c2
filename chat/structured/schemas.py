"""Whether a JSON schema is one, and one that the answer service takes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chat.structured import json_text, schema_messages, schema_validator
from chat.structured.json_text import Path
from chat.structured.problems import Mistake, Problem, TooMuch, problem_at
from chat.structured.schema_rules import Complaint, Rules, too_deep
from chat.structured.schema_validator import Budget
from core.cpu_budget import CpuBudget, OverBudget
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 50_000  # characters
MOST_PROBLEMS = 20
MOST_SECONDS = 0.4  # CPU seconds for a whole schema, all expressions in it included; ordinary ones take a hundredth


@dataclass(frozen=True, slots=True)
class SchemaText:
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
        return SchemaText(
            [Problem(1, 1, _("The schema is longer than %(most)s characters.") % {"most": number(LONGEST)})]
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


def complaints(schema: Any, budget: CpuBudget | None = None) -> list[Complaint]:
    """What keeps a schema from being sent, and the path of where it is."""
    if not isinstance(schema, dict):
        return [((), _("A schema must be an object in curly brackets."))]
    time = (budget or CpuBudget(MOST_SECONDS)).part(MOST_SECONDS)
    try:
        with time.counted():
            wrong = schema_validator.errors(schema, schema_validator.metaschema(), Budget(time))
            found = {tuple(error.absolute_path): schema_messages.about_schema(error) for error in reversed(wrong)}
            return list(reversed(found.items()))[:MOST_PROBLEMS] or Rules(schema, time).complaints()[:MOST_PROBLEMS]
    except OverBudget:
        return [((), _("The schema takes too long to check. Use fewer parts, or shorter expressions under “pattern”."))]
    except TooMuch:
        return [((), _("The schema has too many parts."))]
    except RecursionError:
        return [too_deep()]
