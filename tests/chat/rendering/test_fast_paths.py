"""The short ways give what the long way gives."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from chat.rendering import to_html
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.fast_paths import open_fence, plain_words
from chat.rendering.html_renderer import HtmlRenderer
from chat.rendering.incremental_lists import IncrementalLists
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from tests.chat.rendering.strategies import noise

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
    return sanitize(HtmlRenderer(CitationMarks()).render(text, highlighted=False))


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
    lists = IncrementalLists(HtmlRenderer(CitationMarks()))
    text = gap.join(mark + text for text in items)
    for end in range(len(mark), len(text) + 1):
        html = lists.html(text[:end])
        if html is not None:
            assert sanitize(html) == long_way(text[:end])


@given(st.integers(1, 3), st.lists(st.lists(cell, max_size=4), max_size=5))
def test_a_table_by_rows_is_what_the_parser_makes_of_the_whole(columns: int, rows: list[list[str]]) -> None:
    lists = IncrementalLists(HtmlRenderer(CitationMarks()))
    lines = [["head"] * columns, [":-:"] * columns, *rows]
    text = "\n".join(f"|{'|'.join(cells)}|" for cells in lines)
    for end in range(len(text) + 1):
        html = lists.html(text[:end])
        if html is not None:
            assert sanitize(html) == long_way(text[:end])


def test_ordinary_lists_and_tables_take_the_short_way() -> None:
    for text in (
        "- a\n- **b** [1]\n- c\n  d",
        "1. a\n\n   more\n\n2. b\n   ```\n   c\n   ```\n3. d",
        "- [ ] a\n- [x] b",
        "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |",
    ):
        lists = IncrementalLists(HtmlRenderer(CitationMarks()))
        assert lists.html(text) is not None
        assert re.sub(r"\s+", "", sanitize(lists.html(text) or "")) == re.sub(r"\s+", "", long_way(text))
