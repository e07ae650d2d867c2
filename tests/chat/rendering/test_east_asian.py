"""Emphasis holds beside Chinese, Japanese and Korean, whose punctuation and words have no blanks around them."""

import re

import pytest

from chat.rendering import to_html
from tests.chat.rendering.east_asian import EXAMPLES


@pytest.mark.parametrize(("text", "html"), EXAMPLES)
def test_emphasis_follows_the_amendments_for_east_asia(text: str, html: str) -> None:
    shown = to_html(text).removeprefix("<p>").removesuffix("</p>\n")
    assert re.sub(r"<a [^>]*>", "<a>", shown) == html


def test_the_examples_are_many_and_differ() -> None:
    assert len({text for text, _ in EXAMPLES}) == len(EXAMPLES) >= 100
