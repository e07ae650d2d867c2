"""A line break in an answer is one on the page: newlines stay, and `white-space` shows them.

tests/browser/test_line_breaks.py looks at the page itself.
"""

import pytest

from chat.rendering import to_html
from tests.chat.rendering.written import ADDRESS, BULLETS, EAST_ASIAN_LINES, NESTED_LINES, QUOTED_LINES, TAG_LINES


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb", "<p>a\nb</p>\n"),
        ("**a\nb**\nc", "<p><strong>a\nb</strong>\nc</p>\n"),
        (ADDRESS, "<p>Harbour Office\n12 Quay Street\nVarn 1040</p>\n<p>Tel. +00 123</p>\n"),
        (BULLETS, "<p>• one\n• two\n• three</p>\n"),
        (
            EAST_ASIAN_LINES,
            "<p>古池や\n蛙飛び込む\n水の音</p>\n<p>床前明月光，\n疑是地上霜。</p>\n",
        ),
        ("  a  \n   b", "<p>a<br>b</p>\n"),
    ],
)
def test_a_line_break_in_a_paragraph_is_kept(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a  \nb", "a<br>b"),
        ("a\\\nb", "a<br>b"),
        ("a<br>\nb", "a<br>b"),
        ("a<br/>b", "a<br>b"),
        ("a<br>  \nb", "a<br>b"),
        ("a\n<br>\nb", "a\n<br>b"),
        (TAG_LINES, "one<br>two<br>three\n<br>four"),
    ],
)
def test_a_break_that_was_asked_for_is_one_and_not_two(text: str, inside: str) -> None:
    assert to_html(text) == f"<p>{inside}</p>\n"


def test_lines_of_an_item_without_paragraphs_are_kept_together() -> None:
    html = to_html("- a\n  b\n- c\n- [x] d\n  e\n\n1. f\n   g\n   - h")

    assert '<li><span class="lines">a\nb</span>\n</li>' in html
    assert "<li>c\n</li>" in html
    assert '> <span class="lines">d\ne</span>' in html
    assert '<li><span class="lines">f\ng</span>\n<ul' in html


def test_lines_of_paragraphs_in_items_and_quotations_are_kept() -> None:
    html = to_html(NESTED_LINES) + to_html(QUOTED_LINES)

    assert "<p>Harbour Office\n12 Quay Street</p>" in html
    assert "<p>The lamp is lit,\nthe tide is in.</p>" in html
    assert '<span class="lines">quoted\nitem</span>' in html


def test_code_and_cells_have_no_lines_of_their_own() -> None:
    assert to_html("`a\nb`") == "<p><code>a b</code></p>\n"
    assert "<td>a<br>b</td>" in to_html("| h |\n|---|\n| a<br>b |")
