"""A schema is one, and one that the answer service takes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.structured import EXAMPLES, check_schema, formatted, preview
from tests import walks
from upstream.demo.documents.formats import check_format

LIGHT = {"type": "object", "properties": {"name": {"type": "string"}}}
LIGHTS = {"type": "array", "items": LIGHT}


def problems(schema: Any) -> list[str]:
    return [problem.sentence for problem in check_schema(json.dumps(schema))]


@pytest.mark.parametrize(
    "schema",
    [
        LIGHT,
        {"type": "array", "items": LIGHT},
        {"properties": {"a": {"type": ["string", "null"]}}},
        {"type": "object", "properties": {"a": {"enum": ["x", 1, None]}, "b": {"const": 3}}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object", "additionalProperties": False},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/light"}}, "$defs": {"light": LIGHT}},
        {"$ref": "#/$defs/a~1b", "$defs": {"a/b": LIGHT}},
        {"type": "object", "properties": {"a": {"anyOf": [LIGHT, {"type": "null"}]}}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "^[A-Z]{2}$"}}},
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
        {"name": "lights", "schema": LIGHT, "strict": True},
        {"type": "json_schema", "json_schema": {"schema": LIGHT}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://a.example/x", **LIGHT},
    ],
)
def test_schemas_that_the_service_takes(schema: Any) -> None:
    assert problems(schema) == []


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ([], "must be an object in curly brackets"),
        (True, "must be an object in curly brackets"),
        ({}, "at least with a “type”"),
        ({"title": "Anything"}, "at least with a “type”"),
        ({"type": "object"}, "under “properties”"),
        ({"type": "object", "additionalProperties": True}, "arbitrary parts"),
        ({**LIGHT, "additionalProperties": {}}, "arbitrary parts"),
        ({"type": "array"}, "under “items”"),
        ({"type": "array", "items": {}}, "at least with a “type”"),
        ({"type": "array", "items": {"type": "object"}}, "under “properties”"),
        ({"type": "object", "properties": {"a": True}}, "at least with a “type”"),
        ({"type": "object", "properties": {"a": {"anyOf": [{}]}}}, "at least with a “type”"),
        ({"type": "object", "properties": {"a": {"$ref": "#"}}}, "Recursion isn’t supported"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}}}, "Recursion"),
        (
            {
                "$ref": "#/$defs/a",
                "$defs": {
                    "a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}},
                    "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]},
                },
            },
            "Recursion isn’t supported",
        ),
        ({"$ref": "https://elsewhere.example/schema"}, "aren’t loaded"),
        ({"$ref": "other.json"}, "aren’t loaded"),
        ({"$ref": "file:///etc/passwd"}, "aren’t loaded"),
        ({"$ref": "#/$defs/none"}, "doesn’t point to anything"),
        ({"$ref": "#light", **LIGHT}, "doesn’t point to anything"),
        ({"$dynamicRef": "#a", **LIGHT}, "“$dynamicRef” isn’t supported"),
        ({**LIGHT, "patternProperties": {"a": {"type": "string"}}}, "“patternProperties” isn’t supported"),
        ({**LIGHT, "unevaluatedProperties": False}, "“unevaluatedProperties” isn’t supported"),
        ({"type": "object", "properties": {"a": {"$id": "x", "type": "string"}}}, "“$id” isn’t supported"),
        ({"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=a)"}}}, "Lookahead and lookbehind"),
        ({"type": "strnig"}, "“strnig” isn’t a type. Use one of: string"),
        (
            {"type": "object", "properties": {"a": 4}},
            "A schema in curly brackets is expected here, not “4”",
        ),
        ({"type": "object", "properties": ["a"]}, "A schema in curly brackets is expected"),
        ({**LIGHT, "required": "name"}, "“required” must be a list"),
        ({"type": "string", "minLength": -1}, "“minLength” must be a valid number, not “-1”"),
        ({"type": "string", "title": 3}, "“title” must be a string, not “3”"),
        ({"anyOf": []}, "“anyOf” must be a list with at least one entry"),
    ],
)
def test_what_cannot_be_sent_is_explained(schema: Any, says: str) -> None:
    assert any(says in sentence for sentence in problems(schema)), problems(schema)


def test_a_problem_is_told_with_its_line_and_column() -> None:
    text = '{\n  "type": "object",\n  "properties": {\n    "year": {"type": "integr"}\n  }\n}'
    (problem,) = check_schema(text)
    assert (problem.line, problem.column) == (4, 14)
    (problem,) = check_schema('{\n  "type": "object"\n  "properties": {}\n}')
    assert (problem.line, problem.column) == (3, 3)
    assert "comma" in problem.sentence


def test_all_problems_are_told_in_the_order_of_the_text() -> None:
    found = check_schema('{"properties": {"a": {},\n "b": {"type": "array"},\n "c": {"type": "object"}}}')
    assert [problem.line for problem in found] == [1, 2, 3]


def test_every_reference_by_which_a_schema_contains_itself_is_told_and_nothing_of_its_size() -> None:
    found = check_schema('{"type": "object", "properties": {"a": {"$ref": "#"},\n "b": {"$ref": "#/properties/b"}}}')
    assert [(problem.line, problem.sentence) for problem in found] == [
        (1, "The schema contains itself here. Recursion isn’t supported."),
        (2, "The schema contains itself here. Recursion isn’t supported."),
    ]


@pytest.mark.parametrize(("text", "says"), [("", "Enter a JSON schema"), (" \n", "Enter"), ("x" * 50_001, "longer")])
def test_an_empty_or_endless_text_is_no_schema(text: str, says: str) -> None:
    (problem,) = check_schema(text)
    assert says in problem.sentence


def test_a_deep_schema_is_refused() -> None:
    schema: Any = {"type": "string"}
    for _level in range(13):
        schema = {"type": "array", "items": schema}
    assert problems(schema) == ["The schema is nested more than 12 levels deep."]


def test_a_schema_that_unfolds_without_measure_is_refused_at_once() -> None:
    wide = {f"d{i}": {"type": "object", "properties": {f"p{k}": {"$ref": f"#/$defs/d{i + 1}"} for k in range(20)}}
            for i in range(5)}  # fmt: skip
    schema = {"$ref": "#/$defs/d0", "$defs": {**wide, "d5": {"type": "string"}}}
    assert problems(schema) == ["Fully expanded, the schema has more than 5,000 parts."]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_examples_can_be_sent(example: Any) -> None:
    assert problems(example.schema) == []
    check_format({"type": "json_schema", "json_schema": {"schema": example.schema}}, model="sonar")
    assert preview(json.dumps(example.schema))


keywords = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "$ref",
        "anyOf",
        "enum",
        "required",
        "additionalProperties",
        "pattern",
        "$defs",
        "a",
    ]
)
schemas = st.recursive(
    st.sampled_from(
        ["object", "string", "array", "#", "#/$defs/a", "#/properties/a", "(", True, False, None, 1, {}, []]
    ),
    lambda inner: st.dictionaries(keywords, inner, max_size=4) | st.lists(inner, max_size=3),
    max_leaves=20,
)


@given(schema=schemas)
@settings(max_examples=walks.examples(500), deadline=None)
def test_any_json_is_judged_and_described(schema: Any) -> None:
    text = json.dumps(schema)
    found = check_schema(text)
    assert all(problem.sentence and problem.line >= 1 and problem.column >= 1 for problem in found)
    assert bool(preview(text)) == (not found)
    assert json.loads(formatted(text)) == schema


@given(text=st.text(max_size=80))
@settings(max_examples=walks.examples(200), deadline=None)
def test_any_text_is_judged(text: str) -> None:
    check_schema(text)
    preview(text)
    formatted(text)


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (LIGHTS, "A table with the columns “name”."),
        ({"type": "object", "properties": {"rows": LIGHTS}}, "A table with the columns “name”."),
        (LIGHT, "A list of “name”."),
        (
            {"type": "object", "properties": {"n": {"type": "string", "title": "Note"}, "rows": LIGHTS}},
            "A list of “Note”, “rows”, with a table for “rows”.",
        ),
        ({"type": "array", "items": {"type": "string"}}, "A list of entries."),
        ({"type": "integer"}, "A single value."),
        ({"type": "object"}, ""),
    ],
)  # fmt: skip
def test_what_a_schema_leads_to_is_told(schema: Any, says: str) -> None:
    assert preview(json.dumps(schema)) == says


def test_formatting_keeps_what_it_cannot_read() -> None:
    assert formatted('{"a":1.50,"b":[]}') == '{\n  "a": 1.50,\n  "b": []\n}'
    assert formatted("{a") == "{a"
