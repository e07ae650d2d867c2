"""JSON is read to the letter, and written again as it was."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.structured import json_text
from chat.structured.problems import Mistake, problem_at
from tests import walks

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=30,
)


@given(value=values, indent=st.sampled_from([None, 0, 3]))
@settings(max_examples=walks.examples(300), deadline=None)
def test_what_the_standard_library_writes_is_read_as_the_same(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert json_text.parse(text) == value
    assert json.loads(json_text.dumps(json_text.parse(text))) == value


@given(text=st.text(alphabet='{}[]",:0123456789.eE+-tfnaulrse \n\\u"', max_size=60))
@settings(max_examples=walks.examples(500), deadline=None)
def test_any_text_is_read_as_the_standard_library_reads_it_or_refused(text: str) -> None:
    refused: Mistake | None = None
    try:
        found = json_text.parse(text)
    except Mistake as mistake:
        refused = mistake
    if refused:
        assert 0 <= refused.offset <= len(text)
        assert refused.sentence
    else:
        assert found == json.loads(text)


@pytest.mark.parametrize(
    "literal", ["1.50", "1e400", "-0", "0.1000", "12345678901234567890123456789", "1E+2", "3.141592653589793238462643"]
)
def test_numbers_are_written_as_they_were(literal: str) -> None:
    assert json_text.dumps(json_text.parse(f"[{literal}]"), indent=None) == f"[{literal}]"


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ('{"a": 1,}', 1, 9, "extra comma"),
        ("[1,\n 2,\n]", 3, 1, "extra comma"),
        ('{"a": 1 "b": 2}', 1, 9, "comma or a closing bracket is missing"),
        ("[1 2]", 1, 4, "comma or a closing bracket is missing"),
        ("{a: 1}", 1, 2, "in double quotes"),
        ("['a']", 1, 2, "double quotes"),
        ('{"a" 1}', 1, 6, "colon is missing before this"),
        ('{\n  "a": 1,\n  "a": 2\n}', 3, 3, "“a” appears twice"),
        ("[NaN]", 1, 2, "“NaN” isn’t valid JSON"),
        ("[-Infinity]", 1, 2, "“-Infinity” isn’t a valid JSON number"),
        ("[True]", 1, 2, "“True” isn’t valid JSON"),
        ("[01]", 1, 2, "“01” isn’t a valid JSON number"),
        ("[1.]", 1, 2, "“1.” isn’t a valid JSON number"),
        ("[1] x", 1, 5, "text after the end"),
        ('{"a": [', 1, 8, "ends here"),
        ("", 1, 1, "ends here"),
        ('["a', 1, 2, "no closing quote"),
        ('["\n"]', 1, 3, "line break or tab"),
        ('["\\x"]', 1, 3, "valid escape"),
        ("// note\n{}", 1, 1, "can’t contain comments"),
        ("[1, /* two */ 2]", 1, 5, "can’t contain comments"),
        ("[1,,2]", 1, 4, "value is missing"),
        ("[" * 100, 1, 41, "more than 40 levels"),
        (f"[{'1,' * 25_000}1]", 1, 40_000, "more than 20,000 values"),
        (f"[{'1' * 1001}]", 1, 2, "more than 1,000 digits"),
        (f'["{"a" * 200_000}"]', 1, 1, "longer than 200,000"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(Mistake) as caught:
        json_text.parse(text)
    problem = problem_at(text, caught.value.offset, caught.value.sentence)
    assert says in problem.sentence
    assert (problem.line, problem.column) == (line, column)


def test_it_is_known_where_everything_stands() -> None:
    text = '{"a": [1, {"b": 2}]}'
    assert {path: text[place:][:3] for path, place in json_text.places(text).items()} == {
        (): '{"a',
        ("a",): '"a"',
        ("a", 0): "1, ",
        ("a", 1): '{"b',
        ("a", 1, "b"): '"b"',
    }


def test_half_a_character_is_written_so_that_every_database_takes_it() -> None:
    written = json_text.dumps(json_text.parse('["\\ud800", "ü"]'), indent=None)
    assert written.encode() == '["\\ud800", "ü"]'.encode()


def test_a_number_beyond_measure_is_a_number() -> None:
    assert math.isinf(json_text.parse("1e999"))
