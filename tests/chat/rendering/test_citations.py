"""Every mark in a text is resolved or flagged."""

import pytest

from chat.rendering.citations import cited_numbers
from tests.chat.rendering.conftest import SOURCES, Found

ONE = SOURCES[:1]
NUMBERED = [Found("Eleven", "https://eleven.example/", 11), Found("Four", "https://four.example/a", 4)]


def test_marks_are_told_once_each_in_the_order_of_the_text() -> None:
    assert cited_numbers("B[2] a [1][2], c[9] d [7] [9] [0].", sources=SOURCES) == ([2, 1], [9, 7, 0])


def test_a_source_is_cited_by_its_own_number_not_by_its_place() -> None:
    assert cited_numbers("a [11] b [4] c [1] d [2]", sources=NUMBERED) == ([11, 4], [1, 2])


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("a [1, 2]", ([1, 2], [])),
        ("a [1,2;3]", ([1, 2, 3], [])),
        ("a [1-3]", ([1, 2, 3], [])),
        ("a [1\u20132, 3]", ([1, 2, 3], [])),
        ("a [1, 9]", ([1], [9])),
        ("a [1, p. 6] b [2, pp. 6-7; 3, §4]", ([1, 2, 3], [])),
        ("a [Source 1], [sources: 2, 3]", ([1, 2, 3], [])),
        ("a \u30102\u2020source\u3011 b \uff3b3\uff3d c \u30101\u3011", ([2, 3, 1], [])),
        ("a [1\u2020L3-L5]", ([1], [])),
        ("rose to 5[1](2023)", ([1], [])),
        ("a [1\u3011 b \u30102]", ([], [])),
        ("a [8, 9]", ([], [])),
        ("a [0-9]", ([], [])),
        ("a [3-1]", ([], [])),
        ("a [1-900]", ([], [])),
        ("`[1, 2]` $[1, 2]$", ([], [])),
    ],
)
def test_several_numbers_in_one_pair_of_brackets_are_marks_where_a_source_answers(
    text: str, cited: tuple[list[int], list[int]]
) -> None:
    assert cited_numbers(text, sources=SOURCES) == cited


@pytest.mark.parametrize(
    "text",
    [
        "[Four](https://four.example/a)",
        "see https://four.example/a.",
        "<https://Four.example/a/>",
        "[a](https://four.example/a#b)",
        "[4](https://four.example/a)",
        "[[9]](https://four.example/a)",
        "([site](https://four.example/a))",
        "\u89c1https://four.example/a\u3002\u53e6\u89c1",
    ],
)
def test_a_link_to_a_source_cites_it(text: str) -> None:
    assert cited_numbers(text, sources=NUMBERED) == ([4], [])
    assert cited_numbers(f"`{text}`", sources=NUMBERED) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "# a [1]",
        "- a\n  > [1]",
        "| [1] |\n|---|",
        "**[1]**",
        "[1]: https://a.example",
        "a\n\n[1]",
        "[1](b",
    ],
)
def test_marks_count_wherever_text_is(text: str) -> None:
    assert cited_numbers(text, sources=ONE) == ([1], [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "`[1]`",
        "```\n[1]\n```",
        "    [1]",
        "$x[1]$",
        "\\[1\\]",
        "[1](https://a.example)",
        "[[1]](https://a.example)",
        "[01]",
        "[1998]",
        "[a]",
    ],
)
def test_other_numbers_do_not(text: str) -> None:
    assert cited_numbers(text, sources=ONE) == ([], [])


def test_without_sources_every_mark_is_unknown() -> None:
    assert cited_numbers("a [1] b [2]", sources=[]) == ([], [1, 2])


def test_a_caret_cites_a_source_unless_the_text_has_the_note() -> None:
    assert cited_numbers("a [^1] b [^3] c [^9]", sources=SOURCES) == ([1, 3], [])
    assert cited_numbers("a [^1] b [^3]\n\n[^1]: A note. [2]", sources=SOURCES) == ([3, 2], [])
