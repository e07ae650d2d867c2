"""A text that grows: what is closed stays as it is, however the text arrived, and looks as it will in the end."""

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.rendering import Growing, to_html
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.inert import assert_inert
from tests.chat.rendering.strategies import noise, ordinary, rough

HOLDS_FENCES = re.compile(r"(?:`{3}|~{3})[ \t]*(?:markdown|mdx|mdown|md)", re.I)
any_text = st.one_of(ordinary, rough, noise)
cuts = st.lists(st.floats(0, 1), max_size=12)


def grown(*parts: str) -> Growing:
    growing = Growing(sources=SOURCES, anchor="a")
    for part in parts:
        growing.extend(part)
    return growing


def cut(text: str, at: Sequence[float]) -> list[str]:
    places = [0, *sorted(int(share * len(text)) for share in at), len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(places)]


def blocks(growing: Growing) -> list[tuple[str, int]]:
    return [(block.html, block.closed_at) for block in growing.blocks]


def shown(growing: Growing) -> str:
    return "".join(block.html for block in growing.blocks) + growing.tail_html()


def finished(text: str) -> str:
    return to_html(text, sources=SOURCES, anchor="a")


def without_colours(html: str) -> str:
    return re.sub(r'<span class="[a-z0-9]+">|</span>', "", html)


@given(any_text, cuts)
def test_blocks_depend_on_the_text_alone_and_not_on_how_it_arrived(text: str, at: list[float]) -> None:
    whole = grown(text)

    in_parts = grown(*cut(text, at))
    one_by_one = grown(*text)

    assert blocks(in_parts) == blocks(one_by_one) == blocks(whole)
    assert in_parts.tail_html() == one_by_one.tail_html() == whole.tail_html()
    assert in_parts.text == text
    assert in_parts.length == len(text)


@given(any_text)
def test_a_block_stays_as_it_is_and_is_known_from_the_character_it_names(text: str) -> None:
    growing = Growing(sources=SOURCES, anchor="a")
    before: list[tuple[str, int]] = []
    for number, character in enumerate(text, start=1):
        growing.extend(character)
        now = blocks(growing)
        assert now[: len(before)] == before
        assert all(closed_at == number for _, closed_at in now[len(before) :])
        before = now


@given(any_text, cuts)
@example("- a\n  ```\n\nb\n  ```\n\nc\n", [])
@example("10. a\n\n   ```\n   b\n\nc\n   ```\n\nd\n", [])
@example("***\n    code\n\n    more code\n", [])
@example("$$\nx\n```\ny\n$$\n", [])
@example("> " * 45 + "deep\n```py\ntext [1]", [])
def test_what_grows_looks_at_any_moment_as_it_would_if_it_ended_there(text: str, at: list[float]) -> None:
    growing = Growing(sources=SOURCES, anchor="a")
    for part in cut(text, at):
        growing.extend(part)
        html = finished(growing.settled_text)
        if "]:" not in growing.text and not HOLDS_FENCES.search(growing.text):
            assert without_colours(shown(growing)) == without_colours(html)


@given(ordinary)
def test_blocks_that_are_closed_are_highlighted_as_in_the_finished_answer(text: str) -> None:
    growing = grown(f"{text}\n\nThe end.\n\n")

    assert shown(growing) == finished(growing.text)


@settings(max_examples=50)
@given(st.one_of(rough, noise))
def test_whatever_comes_is_inert(text: str) -> None:
    assert_inert(finished(text))
    assert_inert(shown(grown(text)))


def test_a_paragraph_is_closed_by_an_empty_line_and_a_heading_by_its_own_end() -> None:
    growing = grown("# Head\nText\n", "\nMore")

    assert [block.closed_at for block in growing.blocks] == [7, 13]
    assert growing.tail_html() == "<p>More</p>\n"


def test_a_list_is_closed_by_text_that_is_no_part_of_it() -> None:
    growing = grown("- a\n\n- b\n\n")
    assert growing.blocks == []

    growing.extend("text\n")

    assert [block.html for block in growing.blocks] == [
        '<ul dir="auto">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n'
    ]


@pytest.mark.parametrize(
    ("text", "open_end"),
    [
        ("- a\n- b\n\nT", "T"),
        ("1. a\n\n2. b\n\n**T", "**T"),
        ("Three points:\n- a", "- a"),
        ("Three\npoints:\n1. **a", "1. **a"),
        ("- 日本\n\n東", "東"),
    ],
)
def test_a_paragraph_ends_a_list_and_a_list_a_paragraph_with_their_first_letter(text: str, open_end: str) -> None:
    growing = grown(text[:-1])
    assert growing.blocks == []

    growing.extend(text[-1])

    assert len(growing.blocks) == 1
    assert growing.blocks[0].closed_at == len(text)
    assert growing.tail_html() == grown(open_end).tail_html()


@pytest.mark.parametrize("text", ["Three points:\n2. a", "- a\nb", "- a\n\n  b", "- a\n\n-", "a | b\n---|---\n- c"])
def test_what_may_go_on_with_a_block_does_not_end_it(text: str) -> None:
    assert grown(text).blocks == []


def test_a_last_line_that_may_still_become_something_else_is_not_shown_as_that() -> None:
    growing = grown("Three points:")
    for character in "\n- ":
        growing.extend(character)
        assert growing.tail_html() == "<p>Three points:</p>\n"
    growing.extend("one")
    assert "<li>one" in growing.tail_html()

    assert grown("Total\n==").tail_html() == "<p>Total</p>\n"
    assert grown("a | b\n--|-").tail_html() == "<p>a | b</p>\n"
    assert grown("Total:\n1").tail_html() == "<p>Total:</p>\n"
    assert grown("Code:\n``").tail_html() == "<p>Code:</p>\n"
    assert grown("Text\n<detail").tail_html() == "<p>Text</p>\n"
    assert grown("```\na\n``").tail_html() == grown("```\na\n").tail_html()
    assert grown("- a\n  -").tail_html() == grown("- a").tail_html()
    assert grown("```\na\n-").tail_html().count("-\n") == 0
    assert "a\n-" in grown("```\na\n-").tail_html()


def test_code_is_highlighted_once_its_fence_is_closed() -> None:
    growing = grown("```python\nx = None\n")
    assert "<span" not in growing.tail_html().partition("<pre")[2]

    growing.extend("```\n")

    assert '<span class="kc">None' in growing.blocks[0].html
    assert growing.tail_html() == ""


def test_a_code_fence_below_an_item_keeps_its_empty_lines() -> None:
    growing = grown("1. a\n\n   ```\n   b\n\n   c\n   ```\n\n2. d\n\nend\n\n")

    assert len(growing.blocks) == 2
    assert "b\n\nc\n" in growing.blocks[0].html


def test_headings_know_the_ones_in_earlier_blocks_and_an_open_one_is_not_remembered() -> None:
    growing = grown("## a\n\n### b\n\n#### c")
    first = growing.tail_html()
    again = grown("## a\n\n### b\n\n#### c").tail_html()

    assert [block.html for block in growing.blocks] == ["<h3>a</h3>\n", "<h4>b</h4>\n"]
    assert first == again == "<h5>c</h5>\n"


def test_a_definition_serves_its_own_block_while_the_text_grows_and_the_whole_text_in_the_end() -> None:
    text = "See [it].\n\n[it]: https://other.example\n\n"

    assert "<a" not in shown(grown(text))
    assert 'href="https://other.example"' in finished(text)


def test_a_block_can_be_asked_for_out_of_order() -> None:
    growing = grown("## a\n\n### b\n\nText.\n\n")

    assert growing.blocks[2].html == "<p>Text.</p>\n"
    assert growing.blocks[1].html == "<h4>b</h4>\n"
