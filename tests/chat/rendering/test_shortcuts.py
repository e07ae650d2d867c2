"""The short ways give what the long way gives."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from chat.rendering import to_html
from chat.rendering.cleaning import clean
from chat.rendering.marks import Marks
from chat.rendering.repeating import Repeating
from chat.rendering.shortcuts import open_fence, plain_words
from chat.rendering.text import tidy
from chat.rendering.writing import Writer
from tests.chat.rendering.making import noise

words = st.text(st.one_of(st.characters(), st.sampled_from("ab1 \n.,:;'\"()%-+=#?@^{}")), max_size=40).map(
    lambda text: f"Word{text}"
)
item = st.one_of(
    st.sampled_from(
        ["a", "**b** [1]", "c\n  d", "e\n  - f", "g\n\n  h", "```\n  x\n  ```", "> q", "[ ] t", "[x] u", "i\nj", "# k"]
    ),
    st.text(st.sampled_from("ab*[]1`#>-+\\$| \n "), min_size=1, max_size=12),
)
cell = st.text(st.sampled_from("ab*[]1`\\$| "), max_size=8)


def long_way(text: str) -> str:
    return clean(Writer(Marks()).write(text, highlighted=False))


@given(words)
def test_plain_words_are_what_the_parser_makes_of_them(text: str) -> None:
    text = tidy(text)
    html = plain_words(text)
    assume(html is not None)
    assert html == to_html(text)


def test_ordinary_prose_takes_the_short_way_and_markup_does_not() -> None:
    assert plain_words("The light at Varn was automated in 1998; a keeper's house (empty) still stands.\nIt's “old”.")
    assert plain_words("Das Leuchtfeuer wärmt, 灯台 ")
    for text in (
        "**a**",
        "a [1]",
        "a &",
        "1. a",
        "- a",
        "a\n- b",
        "a  \nb",
        "a\n===",
        "see https://a.example",
        "a\xa0b",
    ):
        assert plain_words(text) is None


@given(st.sampled_from(["```", "~~~", "````"]), st.sampled_from(["", "python", " js x", "<b>", "a`b"]), noise)
def test_an_open_fence_is_what_the_parser_makes_of_it(fence: str, info: str, inside: str) -> None:
    text = tidy(f"{fence}{info}\n{inside}")
    html = open_fence(text)
    assume(html is not None)
    assert html == long_way(text)


@given(
    st.sampled_from(["- ", "* ", "1. ", "7) ", "10. "]),
    st.lists(item, min_size=1, max_size=6),
    st.sampled_from(["\n", "\n\n"]),
)
def test_a_list_by_items_is_what_the_parser_makes_of_the_whole(mark: str, items: list[str], gap: str) -> None:
    repeating = Repeating(Writer(Marks()))
    text = gap.join(mark + text for text in items)
    for end in range(len(mark), len(text) + 1):
        html = repeating.html(text[:end])
        if html is not None:
            assert clean(html) == long_way(text[:end])


@given(st.integers(1, 3), st.lists(st.lists(cell, max_size=4), max_size=5))
def test_a_table_by_rows_is_what_the_parser_makes_of_the_whole(columns: int, rows: list[list[str]]) -> None:
    repeating = Repeating(Writer(Marks()))
    lines = [["head"] * columns, [":-:"] * columns, *rows]
    text = "\n".join(f"|{'|'.join(cells)}|" for cells in lines)
    for end in range(len(text) + 1):
        html = repeating.html(text[:end])
        if html is not None:
            assert clean(html) == long_way(text[:end])


def test_ordinary_lists_and_tables_take_the_short_way() -> None:
    for text in (
        "- a\n- **b** [1]\n- c\n  d",
        "1. a\n\n   more\n\n2. b\n   ```\n   c\n   ```\n3. d",
        "- [ ] a\n- [x] b",
        "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |",
    ):
        repeating = Repeating(Writer(Marks()))
        assert repeating.html(text) is not None
        assert re.sub(r"\s+", "", clean(repeating.html(text) or "")) == re.sub(r"\s+", "", long_way(text))
