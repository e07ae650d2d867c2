"""The open end of a growing text: each way to render it gives what the whole rendering gives, and what viewers are told
of it makes theirs the same."""

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.rendering import Growing, change_between
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.html_renderer import HtmlRenderer
from chat.rendering.open_fences import OpenCode
from chat.rendering.open_lists import OpenList, OpenTable
from chat.rendering.open_paragraphs import OpenParagraph
from chat.rendering.open_tail import OpenTail
from chat.rendering.sanitizer import sanitize
from chat.rendering.text import tidy
from tests import open_ends, walks
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.hostile import EVERY_PAYLOAD
from tests.chat.rendering.strategies import noise, ordinary, rough
from tests.chat.rendering.written import WRITTEN

any_text = st.one_of(ordinary, rough, noise)
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
PARTS = (
    "Words, |*emph* |**bold |bold** |`code |code` |[1] |[see |1] |[a](https://a.example/ |x) |$5 |$x$ |<b> |</b> |"
    "5 * 3 |snake_case |_under |~~gone |gone~~ |\\( |\\) |\\[ |\\] |"
    "https://a.example/b |&amp; |\n|  \n|range [1, 2] |= [1] |"
    "\u30102\u2020so |urce\u3011 |\u6e2f\u6e7e\u3002|\u706f\u53f0\uff0c|**\u6e2f\uff1a|\u706f**\u6e2f|https://a.example/\u6e2f\u3002"
)
part = st.one_of(st.sampled_from(PARTS.split("|")), st.text(st.sampled_from("ab [](*_`$<>~\\1"), max_size=6))
sentences = st.lists(part, max_size=60).map(lambda parts: f"Words {''.join(parts)}")


def renderer() -> HtmlRenderer:
    return HtmlRenderer(CitationMarks(SOURCES, "a"))


def long_way(text: str) -> str:
    return sanitize(renderer().render(text, highlighted=False))


def grown(text: str) -> Growing:
    growing = Growing(sources=SOURCES, anchor="a")
    growing.extend(text)
    return growing


def pieces(text: str, rolls: random.Random, most: int = 12) -> Iterator[str]:
    begin = 0
    while begin < len(text):
        end = begin + rolls.randint(1, most)
        yield text[begin:end]
        begin = end


@given(any_text, st.randoms(use_true_random=False))
@settings(max_examples=walks.examples(240))
@example("a" * 3_000 + " **b** c " * 900, random.Random(1))
def test_a_tail_depends_on_the_text_alone(text: str, rolls: random.Random) -> None:
    growing = grown("")
    for piece in pieces(text, rolls, most=max(12, len(text) // 20)):
        growing.extend(piece)
        assert growing.tail_html() == grown(growing.text).tail_html()


@pytest.mark.parametrize(
    "text", ["\tcode\n1. one", "    code\r\n- one", "  \tcode\n### Head", "\tcode\n\n\t- more\n***\n"]
)
def test_a_line_behind_code_is_what_it_is_however_it_came(text: str) -> None:
    for cut in range(1, len(text)):
        for end in range(cut + 1, len(text) + 1):
            growing = grown(text[:cut])
            growing.tail_html()
            growing.extend(text[cut:end])
            assert growing.tail_html() == grown(text[:end]).tail_html()


def assert_viewers_see_the_same(text: str, rolls: random.Random) -> None:
    """However the text is cut, a viewer who is told changes now and then has what a new one gets."""
    growing = grown("")
    lengths: list[int] = [0]
    seen = {0: ""}
    for piece in pieces(text, rolls, most=max(12, len(text) // 20)):
        growing.extend(piece)
        tail = growing.tail()
        after = rolls.choice(lengths[-6:])
        before = growing.tail_at(after)
        if before is not None:
            assert before.html == seen[after]
            change = change_between(before, tail)
            assert change == change_between(before, grown(growing.text).tail())
            if change is None:
                assert before.html == tail.html
            elif change.at:
                assert open_ends.grown(seen[after], change.how, change.at, change.html) == tail.html
            else:
                assert change.html == tail.html
        lengths.append(growing.length)
        seen[growing.length] = tail.html


@given(any_text, st.randoms(use_true_random=False))
@settings(max_examples=walks.examples(240))
def test_a_viewer_who_is_told_what_is_new_has_what_a_new_one_gets(text: str, rolls: random.Random) -> None:
    assert_viewers_see_the_same(text, rolls)


@pytest.mark.parametrize(
    "text",
    [
        " ```1\r1 \r 1",
        " ```\n1 \n  2",
        "  ~~~\na \n\n b",
        "> ```\n> 1 \n>  2",
        "- ```\n  1 \n   2",
        "> ```\n> > \n>  2",
    ],
)
def test_blanks_of_a_line_that_is_not_shown_yet_are_those_of_no_line_above(text: str) -> None:
    for cut in range(1, len(text)):
        growing = grown("")
        growing.extend(text[:cut])
        growing.tail_html()
        for end in range(cut + 1, len(text) + 1):
            growing.extend(text[end - 1 : end])
            assert growing.tail_html() == grown(text[:end]).tail_html()


@pytest.mark.parametrize("texts", [WRITTEN, EVERY_PAYLOAD], ids=["what models write", "the hostile"])
def test_viewers_of_texts_of_every_kind_have_what_new_ones_get(texts: list[str]) -> None:
    rolls = random.Random(len(texts))
    for text in walks.some(texts):
        assert_viewers_see_the_same(text, rolls)


@given(sentences)
@settings(max_examples=walks.examples(240))
@example("then <b> **bold \\( x</b> \\) *emph*")
@example(f"Words {'and words ' * 16}, \u3010gone **words]{' and words' * 9} bold** and words *emph*")
def test_a_paragraph_by_sentences_is_what_the_parser_makes_of_the_whole(text: str) -> None:
    paragraph = OpenParagraph(renderer())
    for end in range(1, len(text) + 1):
        html = paragraph.html(text[:end])
        if html is not None:
            assert html.html == long_way(text[:end])


@given(words)
def test_plain_words_are_what_the_parser_makes_of_them(text: str) -> None:
    tail = OpenTail(renderer())
    tail.html("Word")
    shown = tail.continued(text.removeprefix("Word"))
    if shown is not None:
        assert shown.html == long_way(tidy(text))


@given(st.sampled_from(["```", "~~~", "````"]), st.sampled_from(["", "python", " js x", "<b>", "a`b"]), noise)
def test_an_open_fence_is_what_the_parser_makes_of_it(fence: str, info: str, inside: str) -> None:
    code = OpenCode()
    text = tidy(f"{fence}{info}\n{inside}")
    for end in range(len(text.partition("\n")[0]) + 1, len(text) + 1):
        html = code.html(text[:end])
        if html is not None:
            assert html.html == long_way(text[:end])


@given(
    st.sampled_from(["- ", "* ", "1. ", "7) ", "10. "]),
    st.lists(item, min_size=1, max_size=6),
    st.sampled_from(["\n", "\n\n"]),
)
def test_a_list_by_items_is_what_the_parser_makes_of_the_whole(mark: str, items: list[str], gap: str) -> None:
    growing = OpenList(renderer())
    text = gap.join(mark + text for text in items)
    for end in range(len(mark), len(text) + 1):
        html = growing.html(text[:end])
        if html is not None:
            assert html.html == long_way(text[:end])


@given(st.integers(1, 3), st.lists(st.lists(cell, max_size=4), max_size=5))
def test_a_table_by_rows_is_what_the_parser_makes_of_the_whole(columns: int, rows: list[list[str]]) -> None:
    growing = OpenTable(renderer())
    lines = [["head"] * columns, [":-:"] * columns, *rows]
    text = "\n".join(f"|{'|'.join(cells)}|" for cells in lines)
    for end in range(len(text) + 1):
        html = growing.html(text[:end])
        if html is not None:
            assert html.html == long_way(text[:end])


@pytest.mark.parametrize(
    ("open_block", "text"),
    [
        (OpenList, "- a\n- **b** [1]\n- c\n  d"),
        (OpenList, "1. a\n\n   more\n\n2. b\n   ```\n   c\n   ```\n3. d"),
        (OpenList, "- [ ] a\n- [x] b"),
        (OpenTable, "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |"),
        (OpenParagraph, "The light, *automated* in 1998 [1];\n“old” is `what` it $is$."),
    ],
)
def test_ordinary_blocks_take_the_short_way(open_block: type[OpenList], text: str) -> None:
    html = open_block(renderer()).html(text)

    assert html is not None
    assert re.sub(r"\s+", "", html.html) == re.sub(r"\s+", "", long_way(text))


def test_words_that_go_on_in_a_line_are_told_as_text_alone() -> None:
    growing = grown("- one\n- **two** and")
    before = growing.tail()
    growing.extend(" then <")
    growing.tail()
    growing.extend(" more")
    change = change_between(before, growing.tail())

    assert change == ("text", "1 4 2 4", " then &lt; more")
