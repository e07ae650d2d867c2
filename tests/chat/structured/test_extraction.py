"""The value is found in what a model wrote, and compared with what was asked for, in words."""

import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.structured import extract_answer
from core.web.wording import said_text, stored_text
from tests import walks

SCHEMA = {
    "type": "object",
    "properties": {
        "lights": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "minLength": 2},
                    "year": {"type": "integer", "minimum": 1000},
                    "kind": {"enum": ["leading", "sector"]},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "height": {"type": "number", "multipleOf": 0.1},
                    "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
                    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                    "two words": {"type": "string"},
                },
                "required": ["name", "year"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["lights"],
}
FORMAT = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}
VALID = {"lights": [{"name": "Varn", "year": 1871}]}
WHOLE = json.dumps(VALID)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (WHOLE, "", ""),
        (f"  \n{WHOLE}\n\n", "", ""),
        (f"\ufeff{WHOLE}", "", ""),
        (f"```json\n{WHOLE}\n```", "", ""),
        (f"```\n{WHOLE}\n```\n", "", ""),
        (f"~~~JSON\n{WHOLE}\n~~~", "", ""),
        (f"Here it is:\n\n```json\n{WHOLE}\n```\n\nAsk for more.", "Here it is:", "Ask for more."),
        (f"```json\n{WHOLE}", "", ""),
        (f"Sure: {WHOLE} That is all.", "Sure:", "That is all."),
        (f"By [1] and {{so on}}: {WHOLE}", "By [1] and {so on}:", ""),
        (f"<think>Is it {{}}? Or [1]?</think>\n\n{WHOLE}", "", ""),
        (f'no opening tag, {{"lights": []}}</think>{WHOLE}', "", ""),
        (f"```python\nx = {{}}\n```\n```json\n{WHOLE}\n```", "```python\nx = {}\n```", ""),
    ],
)
def test_the_value_is_found(text: str, before: str, after: str) -> None:
    found = extract_answer(text, FORMAT)
    assert found.value == VALID
    assert (found.problem, found.before, found.after) == ("", before, after)


def test_the_end_of_a_thought_within_a_text_is_no_end_of_a_thought() -> None:
    assert extract_answer('{"lights": [{"name": "</think>", "year": 1999}]}', FORMAT).problem == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The answer is empty."),
        ("   ", "The answer is empty."),
        ("I do not know.", "The answer isn’t JSON; it starts with “I do not know.”."),
        ('{"lights": [{"name": "Va', "Line 1, column 22: This string has no closing quote."),
        ('{"lights": [\n', "Line 2, column 1: The JSON ends here before it is complete."),
        ('{"lights": [],}', "Line 1, column 15: There is an extra comma before this."),
        ('{"lights": [], "lights": []}', "Line 1, column 16: The name “lights” appears twice."),
        ('{"lights": NaN}', "“NaN” isn’t valid JSON"),
        ('Look:\n```json\n{"lights": [1,]}\n```', "Line 3, column 15: There is an extra comma"),
        ("[" * 5000, "more than 40 levels deep"),
        (json.dumps({"lights": ["x" * 200_001]}), "longer than 200,000 characters"),
    ],
)
def test_where_there_is_no_value_the_reason_is_told(text: str, says: str) -> None:
    found = extract_answer(text, FORMAT)
    assert not found.found
    assert says in found.problem


def test_the_reason_is_told_in_the_language_of_whoever_reads_it_later() -> None:
    kept = stored_text(extract_answer("[1,,2]", FORMAT).problem)
    with translation.override("de"):
        told = said_text(kept)
    assert "A value is missing here." in said_text(kept)
    assert told
    assert "missing" not in told


def one(**light: Any) -> dict[str, Any]:
    return {"lights": [{"name": "Varn", "year": 1871, **light}]}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({}, "“lights” is missing."),
        ([], "The answer is not an object."),
        (None, "The answer is not an object."),
        ({"lights": "none"}, "“lights” is not a list."),
        ({"lights": [VALID["lights"][0], {"name": "Lo"}]}, "“lights[1].year” is missing."),
        (one(year="1871"), "“lights[0].year” is not a whole number."),
        (one(year=1871.5), "“lights[0].year” is not a whole number."),
        (one(year=True), "“lights[0].year” is not a whole number."),
        (one(year=99), "“lights[0].year” is less than 1000."),
        (one(name="V"), "“lights[0].name” has fewer than 2 characters."),
        (one(kind="other"), '“lights[0].kind” is not one of the allowed values “["leading", "sector"]”.'),
        (one(note=3), "“lights[0].note” is none of these: a string, null."),
        (one(height=0.25), "“lights[0].height” is not a multiple of 0.1."),
        (one(code="abc"), "“lights[0].code” doesn’t match the expression \"^[A-Z]{2}$\"."),
        (one(tags=["a", "a"]), "“lights[0].tags” has the same entry twice."),
        (one(tags=["a", 1]), "“lights[0].tags[1]” is not a string."),
        (one(colour="red"), "“lights[0].colour” isn’t in the schema."),
        (one(**{"two words": 1}), "“lights[0][\"two words\"]” is not a string."),
        ({"lights": [VALID["lights"][0]] * 4}, "“lights” has more than 3 entries."),
    ],
)  # fmt: skip
def test_why_a_value_is_not_what_was_asked_for(value: Any, says: str) -> None:
    found = extract_answer(json.dumps(value), FORMAT)
    assert found.found
    assert found.problem == says


@pytest.mark.parametrize("value", [one(year=1871.0), one(height=0.3), one(note=None), one(code="GB"), {"lights": []}])
def test_what_was_asked_for_has_no_problem(value: Any) -> None:
    assert extract_answer(json.dumps(value), FORMAT).problem == ""


def test_at_most_three_reasons_are_told_in_the_order_of_the_answer() -> None:
    lights = [{"name": n, "year": "x"} for n in range(3)]
    found = extract_answer(json.dumps({"lights": lights}), FORMAT)
    assert found.problem == (
        "“lights[0].name” is not a string. “lights[0].year” is not a whole number. “lights[1].name” is not a string."
    )


def test_large_numbers_are_kept_exactly() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    text = '{"n": 123456789012345678901234567890}'
    found = extract_answer(text, {"type": "json_schema", "json_schema": {"schema": schema}})
    assert found.value == {"n": 123456789012345678901234567890}
    assert found.problem == ""


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
        {"$ref": "https://elsewhere.example/schema"},
        {"type": "nothing"},
        {},
    ],
)
def test_a_schema_that_should_not_have_been_sent_is_not_followed(schema: Any) -> None:
    found = extract_answer('{"a": {}}', {"type": "json_schema", "json_schema": {"schema": schema}})
    assert found.problem.startswith("The schema can’t be used:")


@pytest.mark.parametrize(
    "wanted", [{"type": "json_schema"}, {"type": "json_schema", "json_schema": {"schema": 3}}, None, "x", {}]
)
def test_without_a_schema_nothing_can_be_compared(wanted: Any) -> None:
    assert extract_answer("{}", wanted).problem == "No schema was sent with the question."


def by_regex(pattern: Any) -> dict[str, Any]:
    return {"type": "regex", "regex": {"regex": pattern}}


@pytest.mark.parametrize(
    ("pattern", "text", "says"),
    [
        ("\\d{4}-\\d{2}", "2025-01", ""),
        ("\\d{4}-\\d{2}", "2025-01\n", ""),
        ("\\d{4}-\\d{2}", "It was 2025-01.", "The answer doesn’t match the requested expression."),
        ("(a+)+b", "a" * 50_000, "The answer doesn’t match the requested expression."),
        ("a*", "a" * 100_001, "The answer is too long to check against the expression."),
        ("^a", "a", "The expression can’t be used: Anchors"),
        (3, "a", "The answer doesn’t match"),
    ],
)
def test_an_answer_by_an_expression_has_to_match_as_a_whole(pattern: Any, text: str, says: str) -> None:
    found = extract_answer(text, by_regex(pattern))
    assert found.problem.startswith(says)
    assert bool(found.problem) == bool(says)
    assert found.value == (None if says else text.strip())


def test_a_value_too_large_for_its_schema_is_not_compared() -> None:
    part: Any = {"type": "integer"}
    for _level in range(8):
        part = {"anyOf": [part, part]}
    schema = {"type": "array", "items": part}
    found = extract_answer(json.dumps([1] * 15_000), {"type": "json_schema", "json_schema": {"schema": schema}})
    assert found.problem == "The answer is too large to check against its schema."


texts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [WHOLE, "```json\n", "```", "\n", "{", "}", "[", "]", '"', "<think>", "</think>", "x", " ", ","]
        ),
        max_size=30,
    ).map("".join),
)


@given(text=texts, wanted=st.sampled_from([FORMAT, by_regex("[a-z]+"), by_regex("("), None, {"type": "json_schema"}]))
@settings(max_examples=walks.examples(500), deadline=None)
def test_any_text_is_read(text: str, wanted: Any) -> None:
    found = extract_answer(text, wanted)
    assert found.found or found.problem
    if not found.problem and wanted is FORMAT:
        assert isinstance(found.value, dict)
        assert "lights" in found.value


@pytest.mark.parametrize(
    "text", [" " * 150_000 + "x", "\n" * 150_000 + "{", "`" * 150_000, "``` " * 40_000, "{" * 150_000]
)
def test_long_stretches_of_one_thing_take_no_long_time(text: str) -> None:
    assert extract_answer(text, FORMAT).problem
