"""Finds the value in what a model wrote, and says whether it is what was asked for."""

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import islice
from typing import Any, NamedTuple

from jsonschema.exceptions import ValidationError

from chat.structured import schema_messages, schema_validator, schemas
from chat.structured.json_text import LONGEST, parse_at
from chat.structured.problems import Mistake, TooMuch, problem_at, quoted
from chat.structured.regex import Expression
from core.cpu_budget import CpuBudget, OverBudget
from core.sentences import sentence as _
from core.sentences import then
from core.web.formats import number
from upstream.translation.think_tags import after_last_closing

MOST_REASONS = 3
MOST_SECONDS = 0.4  # CPU seconds until it is known what the value is and whether it is what was asked for
MOST_BEGINNINGS = 40  # places at which JSON is looked for in a text that is not JSON alone

_FENCE = re.compile(r"^[ \t]*(?P<fence>```+|~~~+)[^\n`]*\n(?P<inside>.*?)(?:^[ \t]*(?P=fence)[ \t]*$|\Z)", re.S | re.M)
_BEGINNING = re.compile(r"[{\[]")
_OPENING_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)[^\n`]*")
_CLOSING_FENCE = re.compile(r"\A\s*(?:```+|~~~+)[ \t]*(?=\n|\Z)")


class Extracted(NamedTuple):
    """What was found. `problem` is the reason why it is not what was asked for, in words; empty when it is.

    `found` tells a value that was read, null included, from none. `before` and `after` is what else the model wrote.
    """

    value: Any = None
    problem: str = ""
    found: bool = False
    before: str = ""
    after: str = ""


class _Candidate(NamedTuple):
    value: Any
    begin: int
    end: int


def kind_of(response_format: Any) -> str:
    """What is asked for: `json_schema`, `regex`, or nothing in particular."""
    kind = response_format.get("type") if isinstance(response_format, Mapping) else None
    return kind if kind in ("json_schema", "regex") else ""


def schema_of(response_format: Any) -> dict[str, Any] | None:
    """The schema in a `response_format` of the kind `json_schema`; None where there is none."""
    inner = response_format.get("json_schema") if isinstance(response_format, Mapping) else None
    schema = inner.get("schema") if isinstance(inner, Mapping) else None
    return schema if isinstance(schema, dict) else None


def extract_answer(text: str, response_format: Any, budget: CpuBudget | None = None) -> Extracted:
    """The value in the text of an answer, compared with the `response_format` that was sent.

    What takes longer than `budget` has left, or than is reasonable, is not compared to its end.
    """
    text = text.lstrip("\ufeff")
    if not text.lstrip().startswith(("{", "[")):
        text = after_last_closing(text)
    if kind_of(response_format) == "regex":
        return _by_regex(text, response_format)
    schema = schema_of(response_format)
    if schema is None:
        return Extracted(problem=_("No schema was sent with the question."))
    if len(text) > LONGEST:
        return Extracted(problem=_("The answer is longer than %(most)s characters.") % {"most": number(LONGEST)})
    time = (budget or CpuBudget(MOST_SECONDS)).part(MOST_SECONDS)
    with time.counted():
        return _by_schema(text, schema, time)


def _by_regex(text: str, response_format: Mapping[str, Any]) -> Extracted:
    inner = response_format.get("regex")
    pattern = inner.get("regex") if isinstance(inner, Mapping) else None
    try:
        expression = Expression(pattern) if isinstance(pattern, str) else None
        if expression and any(expression.matches(form) for form in (text, text.strip())):
            return Extracted(value=text.strip(), found=True)
    except Mistake as mistake:
        return Extracted(problem=_("The expression can’t be used: %(why)s") % {"why": mistake.sentence})
    except TooMuch:
        return Extracted(problem=_("The answer is too long to check against the expression."))
    return Extracted(problem=_("The answer doesn’t match the requested expression."))


def _by_schema(text: str, schema: dict[str, Any], time: CpuBudget) -> Extracted:
    complaints = schemas.complaints(schema, time)
    unusable = _("The schema can’t be used: %(why)s") % {"why": complaints[0][1]} if complaints else ""
    nearest = None
    for candidate in _candidates(text, time):
        problem = unusable or _objections(candidate.value, schema, time)
        found = Extracted(candidate.value, problem, True, *_around(text, candidate))
        if not problem:
            return found
        if nearest is None and candidate.end - candidate.begin > len(text.strip()) / 2:
            nearest = found
    return nearest or Extracted(problem=_why_none(text))


def _candidates(text: str, time: CpuBudget) -> Iterator[_Candidate]:
    """Values in the text: all of it, then what stands in fences, then whatever begins with a bracket."""
    whole = _at(text, 0)
    if whole and not text[whole.end :].strip():
        yield whole
        return
    if whole is None and text.lstrip().startswith(("{", "[")):
        return  # whatever stands within a broken value is no answer
    for fence in islice(_FENCE.finditer(text), MOST_BEGINNINGS):
        candidate = None if time.is_spent else _at(text, fence.start("inside"))
        if candidate and not text[candidate.end : fence.end("inside")].strip():
            yield candidate
    offset = 0
    for _time in range(MOST_BEGINNINGS):
        beginning = _BEGINNING.search(text, offset)
        if beginning is None or time.is_spent:
            return
        candidate = _at(text, beginning.start())
        offset = candidate.end if candidate else beginning.end()
        if candidate:
            yield candidate


def _at(text: str, begin: int) -> _Candidate | None:
    try:
        value, end = parse_at(text, begin)
    except Mistake:
        return None
    return _Candidate(value, begin, end)


def _around(text: str, candidate: _Candidate) -> tuple[str, str]:
    """What stands before and after, without the fence around it."""
    before, after = text[: candidate.begin].rstrip(), text[candidate.end :]
    rest, _line_end, last_line = before.rpartition("\n")
    if _OPENING_FENCE.fullmatch(last_line):
        before, after = rest, _CLOSING_FENCE.sub("", after)
    return before.strip(), after.strip()


def _objections(value: Any, schema: dict[str, Any], time: CpuBudget) -> str:
    """The first reasons why the value is not what the schema describes, in the value's order."""
    try:
        errors = sorted(schema_validator.errors(value, schema, time), key=_order)
    except OverBudget:
        return _("The answer is too large to check against its schema.")
    reasons: dict[str, None] = {}
    for error in errors:
        reasons |= dict.fromkeys(schema_messages.about_value(error))
        if len(reasons) >= MOST_REASONS:
            break
    return reduce(then, islice(reasons, MOST_REASONS), "")


def _order(error: ValidationError) -> list[tuple[int, int | str]]:
    return [(0, step) if isinstance(step, int) else (1, step) for step in error.absolute_path]


def _why_none(text: str) -> str:
    """Why no value was found, in words."""
    bare = text.strip()
    if not bare:
        return _("The answer is empty.")
    fence = _FENCE.search(text)
    if not fence and bare[0] not in "{[":
        return _("The answer isn’t JSON; it starts with %(words)s.") % {"words": quoted(bare, most=40)}
    try:
        parse_at(text, fence.start("inside") if fence else text.index(bare[0]))
    except Mistake as mistake:
        line, column, why = problem_at(text, mistake.offset, mistake.sentence)
        place = {"line": line, "column": column, "why": why}
        return _("The answer isn’t JSON. Line %(line)d, column %(column)d: %(why)s") % place
    return _("The answer contains more than JSON.")
