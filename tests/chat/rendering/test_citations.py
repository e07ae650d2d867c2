"""Every mark in a text is resolved or flagged."""

import pytest

from chat.rendering.citations import cited_numbers


def test_marks_are_told_once_each_in_the_order_of_the_text() -> None:
    assert cited_numbers("B[2] a [1][2], c[9] d [7] [9] [0].", count=3) == ([2, 1], [9, 7, 0])


@pytest.mark.parametrize(
    "text",
    [
        "# a [1]",
        "- a\n  > [1]",
        "| [1] |\n|---|",
        "**[1]**",
        "[[1]](https://a.example)",
        "[1]: https://a.example",
        "a\n\n[1]",
        "[1](b",
    ],
)
def test_marks_count_wherever_text_is(text: str) -> None:
    assert cited_numbers(text, count=1) == ([1], [])


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
        "[01]",
        "[1998]",
        "[a]",
    ],
)
def test_other_numbers_do_not(text: str) -> None:
    assert cited_numbers(text, count=1) == ([], [])


def test_without_sources_every_mark_is_unknown() -> None:
    assert cited_numbers("a [1] b [2]", count=0) == ([], [1, 2])
