"""Values become tables and trees, and nothing in them becomes anything else."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.structured import Verbatim, extract_answer, has_json, present, to_html
from chat.structured.json_text import LONGEST, parse
from tests import walks
from tests.chat.structured.inert import assert_inert, text_of

SOURCES = [
    SimpleNamespace(title='Varn "light" <1>', url="https://harbour.example/varn?a=1&b=2", number=0),
    SimpleNamespace(title="", url="https://lights.example/list", number=0),
]
SCHEMA = {
    "type": "object",
    "properties": {
        "rows": {
            "type": "array",
            "title": "Lights",
            "items": {"$ref": "#/$defs/light"},
        }
    },
    "$defs": {
        "light": {
            "type": "object",
            "properties": {
                "year": {"type": "integer", "title": "Built", "description": 'The "first" year <of> light'},
                "name": {"type": "string"},
                "url": {"anyOf": [{"type": "string", "title": "Page"}, {"type": "null"}]},
            },
        }
    },
}
FORMAT = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table></div></details><h1>out</h1>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "https://evil.example/\"onclick='x'",
    "[1](javascript:alert(1)) [2] [99]",
    "&lt;script&gt;&amp;nbsp;&#60;b&#62;",
    "<!-- --><![CDATA[ <svg/onload=alert(1)> ]]>",
    "\u202etxt.exe \x00 \ud800 \u2028 \ufeff",
    "{{ 7*7 }} {% include 'x' %} ${x}",
    "a\nb\r\nc\td",
]


def cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [[text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_a_list_of_objects_is_a_table_in_the_order_of_the_schema() -> None:
    value = {"rows": [{"name": "Varn", "year": 1871, "tags": ["a", "b"]}, {"year": 1902, "url": None, "name": ""}]}
    html = to_html(value, SCHEMA)
    assert_inert(html)
    assert cells(html) == [
        ["Built", "name", "Page", "tags"],
        ["1871", "Varn", "", "ab"],
        ["1902", "empty", "null", ""],
    ]
    assert "<dt>Lights</dt>" in html
    assert 'title="The &quot;first&quot; year &lt;of&gt; light"' in html
    assert html.count('scope="col"') == 4
    assert 'class="align-right"' in html


def test_a_list_at_the_top_is_a_table_too() -> None:
    assert cells(to_html([{"a": 1}, {"a": 2}])) == [["a"], ["1"], ["2"]]


@pytest.mark.parametrize(
    "value",
    [
        [{"a": 1}, 2],
        [{"a": 1, "b": 2}, {"c": 3, "d": 4}, {"e": 5, "f": 6}],
        [{}],
        [1, 2],
        [{str(n): n for n in range(30)}],
    ],
)
def test_what_has_no_common_shape_is_a_list(value: Any) -> None:
    html = to_html(value)
    assert "<table" not in html
    assert "<ul>" in html
    assert_inert(html)


def test_nested_values_are_trees_and_large_ones_are_folded() -> None:
    html = to_html({"a": {"b": {"c": {"d": {"e": "deep"}}}}, "rows": [{"n": {"x": 1}, "list": [1, 2, 3, 4, 5, 6]}]})
    assert_inert(html)
    assert "<summary>1 part</summary>" in html
    assert "<summary>6 entries</summary>" in html
    assert "deep" in text_of(html)


def test_numbers_are_shown_as_they_were_written() -> None:
    html = to_html(parse('{"price": 1.50, "id": 12345678901234567890123, "big": 1e400, "on": true, "off": null}'))
    assert_inert(html)
    for shown in ("1.50", "12345678901234567890123", "1e400", "true", "null"):
        assert f">{shown}</span>" in html


def test_only_addresses_that_the_search_returned_become_links() -> None:
    known, invented = "https://harbour.example/varn?a=1&b=2", "https://evil.example/invented"
    html = to_html({"a": known, "b": invented, "c": f"See {known}, or ({invented})."}, sources=SOURCES)
    assert_inert(html)
    assert re.findall(r'href="([^"]*)"', html) == [known.replace("&", "&amp;")] * 2
    assert text_of(html).count(invented) == 2


def test_citation_marks_lead_to_sources() -> None:
    html = to_html({"claim": "Built in 1871.[1][2][7]"}, sources=SOURCES, anchor="x")
    assert_inert(html)
    assert re.findall(r'href="([^"]*)"', html) == ["#source-x-1", "#source-x-2"]
    assert 'aria-label="1: Varn &quot;light&quot; &lt;1&gt;"' in html
    assert "[7]" in text_of(html)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    schema = {
        "title": text,
        "description": text,
        "type": "object",
        "properties": {text: {"title": text, "description": text}},
    }
    for value in (text, {text: text}, [{text: text, "b": 1}], [[text]], {"a": {text: [text, {text: text}]}}):
        html = to_html(value, schema, sources=SOURCES, anchor="x")
        assert_inert(html)
        assert "alert(1)>" not in html
        html = present(
            json.dumps(value), {"type": "json_schema", "json_schema": {"schema": {"type": "array", "items": schema}}}
        ).html
        assert_inert(html)
    assert_inert(present(text, FORMAT, sources=SOURCES).html)


def test_hostile_text_is_shown_letter_by_letter() -> None:
    text = "<script>alert(1)</script> & <b>"
    assert text_of(to_html({"a": text})) == f"a{text}"


def test_very_large_values_are_cut_and_say_so() -> None:
    assert "The first 500 of 600." in to_html([{"a": n} for n in range(600)])
    assert "The first 200 of 300." in to_html(list(range(300)))
    assert "Shortened here." in to_html("long " * 2_000)
    assert "<details><summary>" in to_html("long " * 200)
    full = to_html({str(n): {str(k): "x" * 300 for k in range(100)} for n in range(100)})
    assert "Not everything fits here" in full
    assert len(full) < 1_000_000
    for value in ([{"a": n} for n in range(600)], list(range(300)), "long " * 2_000):
        assert_inert(to_html(value))
    assert_inert(full)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30) | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.text(max_size=8) | st.sampled_from(HOSTILE), inner, max_size=5)
    | st.lists(st.fixed_dictionaries({"a": inner, "b": inner}), max_size=4),
    max_leaves=25,
)  # fmt: skip


@given(
    value=values,
    schema=st.sampled_from([SCHEMA, None, {"items": {"$ref": "#"}}, {"properties": 3}, {"$ref": "#"}]) | values,
)
@settings(max_examples=walks.examples(400), deadline=None)
def test_any_value_becomes_html_in_which_nothing_is_foreign(value: Any, schema: Any) -> None:
    assert_inert(to_html(value, schema if isinstance(schema, dict) else None, sources=SOURCES, anchor="x"))


@given(value=values)
@settings(max_examples=walks.examples(200), deadline=None)
def test_any_answer_is_presented_and_its_json_can_be_copied_as_it_was(value: Any) -> None:
    text = json.dumps(value)
    shown = present(text, {"type": "json_schema", "json_schema": {"schema": SCHEMA}}, sources=SOURCES, anchor="x")
    assert_inert(shown.html)
    assert has_json(shown.html)
    raw = shown.html.partition("<code")[2].partition(">")[2].partition("</code>")[0]
    assert json.loads(text_of(raw)) == json.loads(text)
    assert bool(shown.problem) != ('class="structured"' in shown.html)


@given(text=st.text(max_size=100) | st.sampled_from(HOSTILE))
@settings(max_examples=walks.examples(200), deadline=None)
def test_any_text_is_presented(text: str) -> None:
    shown = present(text, FORMAT, sources=SOURCES)
    assert shown.problem or extract_answer(text, FORMAT).found
    assert "<script" not in shown.html


def test_what_the_model_wrote_around_the_value_stays() -> None:
    shown = present('Here **it** is [2]:\n```json\n{"rows": []}\n```\nMore?', FORMAT, sources=SOURCES, anchor="x")
    assert shown.html.startswith('<p>Here <strong>it</strong> is<span class="held"> <a')
    assert shown.html.rstrip().endswith("<p>More?</p>")
    assert shown.citations.cited == [2]


def test_sources_are_cited_by_mark_and_by_address_in_texts_alone() -> None:
    value = {"rows": [{"name": "Varn [2] [9]", "year": 1, "url": "https://harbour.example/varn?a=1&b=2"}], "ids": [1]}
    shown = present(json.dumps(value), FORMAT, sources=SOURCES)
    assert shown.citations.cited == [2, 1]
    assert shown.citations.unknown == [9]
    assert present('{"rows": [], "ids": [1]}', FORMAT, sources=SOURCES).citations.cited == []


def test_a_value_that_does_not_fit_is_shown_as_its_json() -> None:
    shown = present('{"rows": [{"name": 3}]}', FORMAT)
    assert shown.problem == "“rows[0].name” is not a string."
    assert '<details class="raw-json" open>' in shown.html
    assert "<table" not in shown.html


def test_half_a_value_is_shown_as_code_and_prose_as_prose() -> None:
    half = present('{"rows": [{"name": "*Varn*', FORMAT)
    assert "*Varn*" in half.html
    assert not has_json(half.html)
    assert present("I **cannot**.", FORMAT).html == "<p>I <strong>cannot</strong>.</p>\n"


def test_no_text_of_a_model_can_pretend_to_be_json_to_copy() -> None:
    assert not has_json(present('<details class="raw-json"><pre>x</pre></details>', FORMAT).html)


def test_an_answer_by_an_expression_is_plain_text() -> None:
    wanted = {"type": "regex", "regex": {"regex": "[*a-z]+"}}
    assert present("*b*", wanted).html == '<pre class="plain" tabindex="0">*b*</pre>'
    assert present("<b>", wanted).problem
    assert_inert(present("<b>", wanted).html)


@given(pieces=st.lists(st.sampled_from(['{"a": ', "x" * 700, ",\n", "<b>", "\n", "&", "\ud800"]), max_size=40))
@settings(max_examples=walks.examples(100), deadline=None)
def test_while_it_is_written_it_is_shown_as_it_comes_however_it_is_cut(pieces: list[str]) -> None:
    text = "".join(pieces)
    stepwise, at_once = Verbatim(), Verbatim()
    for piece in pieces:
        stepwise.extend(piece)
    at_once.extend(text)
    assert stepwise.blocks == at_once.blocks
    shown = "".join(block.html for block in stepwise.blocks) + stepwise.tail_html()
    assert_inert(shown)
    assert text_of(shown) == text.replace("\ud800", "\ufffd")
    assert stepwise.length == len(text)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_json_that_comes_in_small_pieces_is_shown_as_if_it_came_at_once(size: int) -> None:
    rows = [{"name": f"<b>*{n}*</b> & \u202e\U0001f600", "price": n / 8, "tags": ["a", None, True]} for n in range(120)]
    for indent in (None, 2):
        text = json.dumps({"rows": rows}, indent=indent, ensure_ascii=False)
        stepwise, at_once = Verbatim(), Verbatim()
        at_once.extend(text)
        for begin in range(0, len(text), size):
            stepwise.extend(text[begin : begin + size])
            assert stepwise.unrendered < 2_000
        assert len(stepwise.blocks) > 3
        assert (stepwise.blocks, stepwise.tail_html()) == (at_once.blocks, at_once.tail_html())
        assert_inert("".join(block.html for block in stepwise.blocks) + stepwise.tail_html())


def test_a_text_of_the_greatest_length_is_presented() -> None:
    value = {"rows": [{"name": "n" * 50, "year": n} for n in range(2_500)]}
    text = json.dumps(value)
    assert 150_000 < len(text) <= LONGEST
    shown = present(text, FORMAT)
    assert shown.problem == ""
    assert has_json(shown.html)


def test_an_answer_that_was_cut_is_not_read_as_a_value() -> None:
    for text in ('{"rows": []}', '{"rows": [{"name": "*Va'):
        cut = present(text, FORMAT, is_whole=False)
        assert "cut off, so it can’t be read" in cut.problem
        assert not has_json(cut.html)
    assert present('{"rows": []}', FORMAT).problem == ""
