"""Regular expressions are held to what the answer service takes, and compared in a time that nobody can stretch."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.structured import check_regex
from chat.structured.problems import TooMuch
from chat.structured.regex import Expression
from tests import walks
from upstream.demo.documents import patterns as demo

parts = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]", "\\d", "\\w", "\\S", "c", "\\.", "-"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda ways: f"({ways[0]}|{ways[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}?", "{1,}", "+?"])).map(
            lambda part: f"(?:{part[0]}){part[1]}"
        ),
    ),
    max_leaves=8,
)


@given(pattern=parts, text=st.text(alphabet="abc1.-\n", max_size=8))
@settings(max_examples=walks.examples(600), deadline=None)
def test_it_matches_what_python_matches(pattern: str, text: str) -> None:
    assert check_regex(pattern) == []
    assert Expression(pattern).matches(text) == (re.fullmatch(pattern, text, re.ASCII) is not None)
    assert Expression.of_schema(f"({pattern})").occurs_in(text) == (re.search(pattern, text, re.ASCII) is not None)


@given(text=st.text(alphabet="ab01\\[](){}|*+?.^$-,:=<!PR&dwbk ", max_size=25))
@settings(max_examples=walks.examples(600), deadline=None)
def test_whatever_is_not_refused_is_taken_by_the_service_too(text: str) -> None:
    if check_regex(text):
        return
    re.compile(text)
    demo.example(text)


@pytest.mark.parametrize(
    ("pattern", "column", "says"),
    [
        ("^yes", 1, "Anchors"),
        ("yes$", 4, "Anchors"),
        ("\\byes", 1, "Anchors"),
        ("(a)\\1", 4, "Backreferences"),
        ("(?P<x>a)(?P=x)", 1, "Only plain groups"),
        ("a(?P=x)", 2, "Backreferences"),
        ("a(?=b)", 2, "Lookahead and lookbehind"),
        ("a(?!b)", 2, "Lookahead and lookbehind"),
        ("(?<=a)b", 1, "Lookahead and lookbehind"),
        ("(?<!a)b", 1, "Lookahead and lookbehind"),
        ("a(?R)", 2, "Recursion"),
        ("(a(?1))", 3, "Recursion"),
        ("(?i)a", 1, "Only plain groups"),
        ("\\p{L}", 1, "isn’t supported"),
        ("a**", 3, "already repeated"),
        ("*a", 1, "nothing to repeat"),
        ("a{,3}", 2, "{3}, {2,5} or {2,}"),
        ("a{3,1}", 2, "from a smaller number"),
        ("a{1,5000}", 2, "at most 1000"),
        ("[z-a]", 4, "ends before it starts"),
        ("[ab", 1, "missing its closing"),
        ("(ab", 1, "missing its closing"),
        ("ab)", 3, "doesn’t close a group"),
        ("ab\\", 4, "incomplete"),
        ("[^\\s\\S]", 1, "matches nothing"),
        ("(" * 30 + ")" * 30, 22, "nested"),
        ("((a{99}){99}){99}", 4, "at most 1000 times in total across nested groups"),
        ("[]", 1, "missing its closing"),
        ("a[^]", 2, "missing its closing"),
        ("[[:alpha:]]", 1, "Named character classes"),
        ("a?|?", 4, "nothing to repeat"),
        ("[a-\\d]", 5, "ends before it starts"),
        ("[\\d-a]", 5, "ends before it starts"),
        ("[^a]{1000}" * 190, 1, "too large"),
        ("a" * 2001, 2001, "longer than 2,000"),
        ("", 1, "Enter a regular expression"),
    ],
)
def test_what_the_service_refuses_is_explained(pattern: str, column: int, says: str) -> None:
    (problem,) = check_regex(pattern)
    assert says in problem.sentence
    assert (problem.line, problem.column) == (1, column)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("\\_", "_"),
        ("\\\\_", "\\_"),
        ("[\\_]", "_"),
        ("[]]", "]"),
        ("[^]]", "a"),
        (".", "\ud800"),
        ("é", "é"),
        ("[\\[:]", ":"),
    ],
)
def test_what_is_unusual_is_taken_all_the_same(pattern: str, text: str) -> None:
    assert check_regex(pattern) == []
    assert Expression(pattern).matches(text)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "((a?)*)*b"])
def test_expressions_that_keep_others_busy_for_years_are_like_any_other(pattern: str) -> None:
    assert not Expression(pattern).matches("a" * 20_000)
    assert Expression(pattern).matches("a" * 2_000 + "b")


def test_what_is_too_large_to_be_compared_is_given_up() -> None:
    assert Expression("(a?){900}" * 3).matches("a" * 2_000)
    with pytest.raises(TooMuch):
        Expression("(?:.*a){900}").matches("ab" * 25_000)
    with pytest.raises(TooMuch):
        Expression("a*").matches("a" * 100_001)


@pytest.mark.parametrize(
    ("pattern", "text", "occurs"),
    [
        ("^ab", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc", True),
        ("b$", "abc", False),
        ("^abc$", "abc", True),
        ("b", "abc", True),
        ("\\$", "a$b", True),
        ("b\\$", "ab$", True),
        ("^(a|b)$", "b", True),
    ],
)
def test_a_pattern_in_a_schema_may_stand_anywhere_unless_it_is_held(pattern: str, text: str, occurs: bool) -> None:
    assert Expression.of_schema(pattern).occurs_in(text) == occurs


@pytest.mark.parametrize(("text", "occurs"), [("ax", True), ("xb", True), ("xax", False), ("bx", False)])
def test_several_ways_are_held_each_by_the_anchor_that_it_has(text: str, occurs: bool) -> None:
    assert Expression.of_schema("^a|b$").occurs_in(text) == occurs
