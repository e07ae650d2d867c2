"""Schemas, expressions and answers that are made to keep a process busy are given up in a bounded time."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from referencing.exceptions import Unresolvable

from chat.structured import check_regex, check_schema, extract_answer, formatted, preview
from chat.structured.json_text import parse
from chat.structured.problems import Mistake, TooMuch
from chat.structured.schema_validator import errors
from tests.cpu_time import at_most

MOST_SECONDS = 30  # of this process alone; what is bounded takes a few, what is not takes minutes or hours
LATE = "(?:.*a){900}"  # for which RE2 needs most time
BACKTRACKING = "(?:a+)+b"


@pytest.fixture(autouse=True)
def in_bounded_time() -> Iterator[None]:
    with at_most(MOST_SECONDS, time.process_time):
        yield


def format_of(schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"schema": schema}}


def doubling(levels: int, last: Any, keyword: str = "allOf") -> dict[str, Any]:
    """A small schema that is very large with its references written out."""
    defs = {f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"type": "array", "items": {"$ref": "#/$defs/d0"}, "$defs": {**defs, f"d{levels}": last}}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "object", "required": [{str(n): 0} for n in range(3_500)]}, "“required” must be a list"),
        ({"anyOf": [{}] * 9_000}, "too many parts|takes too long|Describe what goes here"),
        ({"allOf": [3] * 9_000}, "too many parts|A schema in curly brackets is expected"),
        ({"properties": {f"p{n}": {"type": "string"} for n in range(1_700)}}, ""),
        ({"type": "string", "enum": list(range(9_000))}, ""),
        (doubling(5, {"type": "string"}), ""),
        (doubling(30, {"type": "string"}), "nested more than 12 levels deep"),
        (doubling(30, {"$ref": "#/$defs/d0"}, "anyOf"), "Recursion isn’t supported"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, "Recursion"),
        ({"type": "string", "pattern": "(?:" * 600}, "Groups are nested"),
        ({"type": "string", "pattern": "a" * 45_000}, "longer than 2,000 characters"),
        ({"type": "string", "pattern": "[^a]{1000}" * 190}, "too large"),
    ],
)
def test_a_schema_is_judged(schema: Any, says: str) -> None:
    text = json.dumps(schema, separators=(",", ":"))
    assert len(text) <= 50_000
    found = [problem.sentence for problem in check_schema(text)]
    assert bool(found) == bool(says)
    assert not says or any(part in found[0] for part in says.split("|")), found
    assert bool(preview(text)) == (not found)
    formatted(text)


def test_no_part_of_a_schema_can_choose_another_validator() -> None:
    """jsonschema would go on with the keywords of that draft, which compare expressions by `re`."""
    part = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "string", "pattern": BACKTRACKING}
    schema = {"type": "object", "properties": {"a": part}}
    (problem,) = check_schema(json.dumps(schema))
    assert problem.sentence == "“$schema” isn’t supported inside a schema. Remove it."
    found = extract_answer(json.dumps({"a": "a" * 50_000}), format_of(schema))
    assert found.problem.startswith("The schema can’t be used: “$schema”")


@pytest.mark.parametrize("keyword", ["default", "const", "examples", "enum"])
def test_a_reference_leads_to_a_schema_that_was_judged_and_to_no_data(keyword: str) -> None:
    hidden = {"$schema": "http://json-schema.org/draft-07/schema#", "allOf": 3, "pattern": BACKTRACKING}
    data = [hidden] if keyword in ("examples", "enum") else hidden
    schema = {"$ref": f"#/{keyword}{'/0' if isinstance(data, list) else ''}", keyword: data}
    (problem,) = check_schema(json.dumps(schema))
    assert "doesn’t point to anything" in problem.sentence
    assert extract_answer('"a"', format_of(schema)).problem.startswith("The schema can’t be used:")


@pytest.mark.parametrize(
    "reference", ["http://169.254.169.254/a", "https://elsewhere.example/b#c", "file:///etc/passwd"]
)
def test_what_lies_elsewhere_is_not_fetched_even_unjudged(reference: str) -> None:
    with pytest.raises(Unresolvable):
        errors(1, {"$ref": reference})


TOO_LARGE = "The answer is too large to check against its schema."


def list_of(**part: Any) -> dict[str, Any]:
    return {"type": "array", "items": part}


TEXTS = list_of(type="string")
DISTINCT = {"type": "object", "additionalProperties": {"type": "integer"}}


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        (doubling(5, {"type": "integer"}), [1] * 15_000, TOO_LARGE),
        (doubling(5, {"type": "integer"}, "oneOf"), [1] * 30, "doesn’t match any form"),
        (doubling(5, {"type": "string"}, "anyOf"), [1] * 30, "doesn’t match any form"),
        (list_of(enum=list(range(5_000))), ["x"] * 15_000, "is not one of the allowed values"),
        (list_of(enum=list(range(5_000))), [4_999] * 15_000, ""),
        (list_of(enum=[[n] * 10 for n in range(1_000)]), [[-1] * 10] * 1_500, "is not one of the allowed values"),
        ({"anyOf": [{"type": "integer", "minimum": n} for n in range(1_000)]}, "x" * 190_000, TOO_LARGE),
        ({"anyOf": [{**TEXTS, "minItems": n} for n in range(900)]}, [1] * 15_000, TOO_LARGE),
        ({**list_of(**TEXTS), "allOf": [{"uniqueItems": True}] * 900}, [[str(n)] for n in range(9_000)], TOO_LARGE),
        ({**list_of(**DISTINCT), "uniqueItems": True}, [{str(n): n} for n in range(9_000)], ""),
        ({"type": "string", "pattern": BACKTRACKING}, "a" * 190_000, "doesn’t match the expression"),
        ({"type": "string", "pattern": f"^{BACKTRACKING}$"}, "a" * 190_000, "doesn’t match the expression"),
        ({"type": "string", "pattern": LATE}, "ab" * 90_000, TOO_LARGE),
        (list_of(type="string", pattern=LATE), ["ab" * 10] * 7_000, "doesn’t match the expression"),
        (list_of(type="string", pattern="[a-z]{1,40}@[a-z.]{1,40}"), ["name@a.example"] * 9_000, ""),
    ],
)
def test_an_answer_is_compared_in_a_bounded_time(schema: Any, value: Any, problem: str) -> None:
    found = extract_answer(json.dumps(value), format_of(schema))
    assert found.found
    assert problem in found.problem
    assert bool(problem) == bool(found.problem)


def test_many_values_in_one_answer_share_one_budget() -> None:
    schema = {"anyOf": [{"type": "array", "items": {"type": "string"}, "minItems": n} for n in range(900)]}
    text = " and ".join([json.dumps([1] * 400)] * 100)
    assert not extract_answer(text, format_of(schema)).found


@pytest.mark.parametrize(
    "schema",
    [
        {"patternProperties": {BACKTRACKING: {"type": "string"}, "^a": {"type": "string"}}},
        {"patternProperties": {BACKTRACKING: {}}, "additionalProperties": False},
        {"additionalProperties": False, "patternProperties": {BACKTRACKING: {}}},
        {"additionalProperties": {"type": "string"}, "patternProperties": {"^b": {}}},
        {"unevaluatedProperties": False},
        {"unevaluatedItems": False},
        {"properties": {"a": {"patternProperties": {BACKTRACKING: {}}}, "a" * 50_000: {}}},
    ],
)
def test_names_are_never_compared_by_expressions(schema: Any) -> None:
    """These keywords are refused in what is sent; the validator keeps them from `re` all the same."""
    with pytest.raises(TooMuch):
        errors({"a" * 50_000: 1, "a": {}}, schema)


def test_a_schema_that_never_ends_is_given_up() -> None:
    with pytest.raises(TooMuch):
        errors(1, {"$ref": "#"})
    with pytest.raises(TooMuch):
        errors(1, {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]})


def test_a_stored_schema_of_any_depth_is_judged() -> None:
    schema: Any = {"type": "string"}
    for _level in range(5_000):
        schema = {"type": "array", "items": schema}
    assert extract_answer("[]", format_of(schema)).problem.startswith("The schema can’t be used:")


@pytest.mark.parametrize(
    "text",
    [
        *('"' * 150_000, '["' + '\\"' * 90_000, "[1," * 40_000, "-" * 150_000, "[" + "1" * 150_000, '{"a":' * 30_000),
        *("[" + "1," * 90_000, "[" + '"a",' * 19_000, '["a",\n' * 30_000, "[[1],[2]] " * 15_000, "x[" * 70_000),
        *("x" + "[1,2,3,4,5,6,7,8,9" * 9_000, "x" + ('["' + "b" * 4_000) * 45, "```\n[1\n" * 20_000, "~~~\n" * 40_000),
        *(
            '{"a":1,"b":2} ' * 10_000,
            "[" * 39 + "1," * 80_000,
            '{"\\u0061":' * 15_000,
            "1e" * 70_000,
            "<think>" * 20_000,
        ),
    ],
    ids=lambda text: text[:12],
)
def test_an_answer_is_looked_through_in_a_bounded_time(text: str) -> None:
    wanted = format_of({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})
    assert extract_answer(text, wanted).problem
    with pytest.raises(Mistake) as refused:
        parse(text)
    assert 0 <= refused.value.offset <= len(text)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "[" * 2_000,
            "(" * 2_000,
            "[:" * 1_000,
            "\\" * 1_999,
            "[^" * 1_000,
            "{" * 2_000,
            "a{1000}" * 280,
            "(?" * 1_000,
        ),
        *(
            "[^\\s\\S]" * 280,
            "[^\\d]" * 330,
            "[a" * 999 + "]",
            "(a*)*" * 400,
            "|" * 2_000,
            "()" * 1_000,
            "[^a]{1000}" * 200,
        ),
        *("(?:(?:a{30}){30}|b){1}" * 90, "\ud800" * 2_000, "\U0001f600" * 2_000, "[\U0001f600-\U0001f64f]{500}" * 80),
    ],
    ids=lambda pattern: ascii(pattern[:8]),
)
def test_an_expression_is_judged_and_compared_in_a_bounded_time(pattern: str) -> None:
    problems = check_regex(pattern)
    assert all(problem.sentence for problem in problems)
    wanted = {"type": "regex", "regex": {"regex": pattern}}
    assert extract_answer("ab" * 50_000, wanted).problem
